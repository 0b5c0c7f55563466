package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log"
	"slices"
	"sync"
)

// reloader gives each handshake the material that the component would have
// loaded at that moment.
type reloader struct {
	port     Port
	mutex    sync.Mutex
	identity *Identity
	failed   bool
}

// handshakeFailed is noted because TiKV's status port looks at its files only
// after a failure.
func (reloader *reloader) handshakeFailed() {
	reloader.mutex.Lock()
	defer reloader.mutex.Unlock()
	reloader.failed = true
}

func (reloader *reloader) current() *Identity {
	reloader.mutex.Lock()
	defer reloader.mutex.Unlock()
	mode := reloader.port.Reload
	if mode == "all" || (mode == "failure" && reloader.failed) {
		reloader.failed = false
		if reloader.identity.stale() {
			identity, err := readIdentity(reloader.identity.folder)
			if err != nil {
				log.Printf("%s: certificates not reloaded: %v", reloader.port.Address, err)
				return reloader.identity
			}

			log.Printf("%s: certificate, key and CA reloaded", reloader.port.Address)
			reloader.identity = identity
		}
	}

	return reloader.identity
}

func (reloader *reloader) config(*tls.ClientHelloInfo) (*tls.Config, error) {
	identity := reloader.current()
	leaf := &identity.leaf
	if reloader.port.Reload == "leaf" {
		fresh, err := readLeaf(identity.folder)
		if err != nil {
			return nil, err
		}

		leaf = fresh
	}

	config := &tls.Config{
		Certificates: []tls.Certificate{*leaf},
		NextProtos:   applicationProtocols(reloader.port.Protocol),
		MinVersion:   tls.VersionTLS12,
	}
	if reloader.port.ClientCertificate {
		config.ClientAuth = tls.RequireAndVerifyClientCert
		config.ClientCAs = identity.ca
		config.VerifyPeerCertificate = reloader.verifyName
	}

	return config, nil
}

func (reloader *reloader) verifyName(_ [][]byte, chains [][]*x509.Certificate) error {
	allowed := reloader.port.VerifyCN
	if len(allowed) == 0 {
		return nil
	}

	for _, chain := range chains {
		if slices.Contains(allowed, chain[0].Subject.CommonName) {
			return nil
		}
	}

	return fmt.Errorf("common name of the client is not in %v", allowed)
}

func applicationProtocols(protocol string) []string {
	switch protocol {
	case "grpc":
		return []string{"h2"}
	case "both":
		return []string{"h2", "http/1.1"}
	default:
		return []string{"http/1.1"}
	}
}
