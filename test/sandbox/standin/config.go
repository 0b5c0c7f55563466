package main

import (
	"encoding/json"
	"errors"
	"os"
)

// Config is what the kubelet of the sandbox writes for one process.
type Config struct {
	Name      string `json:"name"`
	Component string `json:"component"`
	// TLS is the mounted folder with tls.crt, tls.key and ca.crt; empty: no TLS.
	TLS string `json:"tls"`
	// MySQL is the mounted folder for the MySQL port; empty: no TLS there.
	MySQL string `json:"mysql"`
	Ports []Port `json:"ports"`
	// Peers is a JSON file with a list of Peer, read again before each round.
	Peers string `json:"peers"`
	// Members is a JSON file with the list of all members, for PD only.
	Members string `json:"members"`
	// Leader is a file that holds the name of PD's leader.
	Leader string `json:"leader"`
}

// Port is one listening address.
type Port struct {
	Address string `json:"address"`
	// Protocol is "grpc" (HTTP/2 only), "http" (HTTP/1.1), "both" or "mysql".
	Protocol string `json:"protocol"`
	// ClientCertificate says whether a client must show one.
	ClientCertificate bool `json:"clientCertificate"`
	// VerifyCN lists the common names that a client may have; empty: any.
	VerifyCN []string `json:"verifyCn"`
	// Reload is "leaf" (certificate and key at each handshake, CA never), "all"
	// (all three when the certificate file's time changed) or "failure" (as all,
	// but looked at only after a failed handshake).
	Reload string `json:"reload"`
}

// Peer is another process that this one connects to.
type Peer struct {
	Address    string `json:"address"`
	ServerName string `json:"serverName"`
	Protocol   string `json:"protocol"`
}

func readConfig(path string) (*Config, error) {
	if path == "" {
		return nil, errors.New("--config is missing")
	}

	config := &Config{}
	return config, readJSON(path, config)
}

func readJSON(path string, value any) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}

	return json.Unmarshal(text, value)
}
