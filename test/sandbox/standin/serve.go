package main

import (
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
)

// serve listens on the port's address and answers in the background.
func serve(config *Config, port Port, identity *Identity) error {
	listener, err := net.Listen("tcp4", port.Address)
	if err != nil {
		return err
	}

	log.Printf("listening on %s (%s)", port.Address, port.Protocol)
	if port.Protocol == "mysql" {
		secured, err := mysqlTLS(config.MySQL)
		if err != nil {
			return err
		}

		go serveMySQL(listener, secured)
		return nil
	}

	if identity == nil {
		go func() { log.Fatal(http.Serve(listener, handler(config, port))) }()
		return nil
	}

	reloader := &reloader{port: port, identity: identity}
	server := &http.Server{
		Handler:   handler(config, port),
		ErrorLog:  log.New(&failures{reloader}, "", 0),
		TLSConfig: &tls.Config{GetConfigForClient: reloader.config},
	}
	if port.Protocol == "http" {
		server.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){}
	}

	go func() { log.Fatal(server.ServeTLS(listener, "", "")) }()
	return nil
}

// failures takes the lines in which net/http reports failed handshakes.
type failures struct{ reloader *reloader }

func (failures *failures) Write(line []byte) (int, error) {
	if strings.Contains(string(line), "TLS handshake error") {
		failures.reloader.handshakeFailed()
	}

	log.Printf("%s: %s", failures.reloader.port.Address, strings.TrimSpace(string(line)))
	return len(line), nil
}

func handler(config *Config, port Port) http.Handler {
	mux := http.NewServeMux()
	// A gRPC server knows no method of ours: status 12 is UNIMPLEMENTED.
	unimplemented := func(writer http.ResponseWriter, request *http.Request) {
		if request.ProtoMajor == 2 {
			writer.Header().Set("Content-Type", "application/grpc")
			writer.Header().Set("Grpc-Status", "12")
			return
		}

		http.NotFound(writer, request)
	}

	mux.HandleFunc("/", unimplemented)
	if port.Protocol == "grpc" {
		return mux
	}

	mux.HandleFunc("/status", text(`{"connections":0,"version":"8.0.11-TiDB-v8.5.0","git_hash":"stand-in"}`))
	mux.HandleFunc("/metrics", text(metrics[config.Component]))
	if config.Component == "pd" {
		handlePD(mux, config)
	}

	return mux
}

// metrics: the operator asks TiKV how many leaders are left before it deletes
// the pod. There is no data here, so there are none.
var metrics = map[string]string{
	"tikv": "# TYPE tikv_raftstore_region_count gauge\n" +
		"tikv_raftstore_region_count{type=\"leader\"} 0\n" +
		"tikv_raftstore_region_count{type=\"region\"} 0\n",
}

func text(body string) http.HandlerFunc {
	return func(writer http.ResponseWriter, _ *http.Request) { io.WriteString(writer, body) }
}
