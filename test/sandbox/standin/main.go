// Command standin plays one component of a TiDB cluster that cannot be built on
// this machine, or that need not be the real one: its TLS ports with the
// component's rules for client certificates and for reloading, and its outgoing
// connections. It holds no data and answers almost every request with "not
// implemented".
//
// It is written in Go because a component must refuse a certificate with a TLS
// alert, which is what a client can tell from a broken connection; Node's tls
// closes the socket without one. PD and TiDB use this same TLS library.
package main

import (
	"flag"
	"log"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	path := flag.String("config", "", "the JSON file that says which component to play")
	flag.Parse()
	log.SetFlags(log.LstdFlags | log.LUTC | log.Lmicroseconds)
	log.SetOutput(os.Stdout)

	config, err := readConfig(*path)
	if err != nil {
		log.Fatalf("config: %v", err)
	}

	log.Printf("stand-in for %s (%s): not the real component, only its TLS ports", config.Name, config.Component)
	var identity *Identity
	if config.TLS != "" {
		if identity, err = readIdentity(config.TLS); err != nil {
			log.Fatalf("certificates: %v", err)
		}
	}

	for _, port := range config.Ports {
		if err := serve(config, port, identity); err != nil {
			log.Fatalf("%s: %v", port.Address, err)
		}
	}

	go watchPeers(config, identity)
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	log.Printf("stopped by %v", <-stop)
}
