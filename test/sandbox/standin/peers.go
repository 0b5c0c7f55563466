package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log"
	"net"
	"time"
)

// handshakesPerSecond is what all processes of a cluster try together, about:
// a large cluster that met everybody every second would do nothing else.
const handshakesPerSecond = 3

// turn gives the peers to meet this time, and where the next turn begins. In a
// cluster of up to three pods that is everybody, every time.
func turn(peers []Peer, from int) ([]Peer, int) {
	count := min(len(peers), handshakesPerSecond/(len(peers)+1)+1)
	met := make([]Peer, count)
	for index := range met {
		met[index] = peers[(from+index)%len(peers)]
	}

	return met, from + count
}

// watchPeers connects to its peers once a second, as the component's own
// clients would after a lost connection: with the leaf that is mounted now and
// the CA as it was when this process started.
func watchPeers(config *Config, identity *Identity) {
	if config.Peers == "" {
		return
	}

	next := 0
	for range time.Tick(time.Second) {
		peers := []Peer{}
		if err := readJSON(config.Peers, &peers); err != nil {
			log.Printf("peers: %v", err)
			continue
		}

		var met []Peer
		met, next = turn(peers, next)
		for _, peer := range met {
			if err := meet(peer, identity); err != nil {
				log.Print(err)
			}
		}
	}
}

// meet makes one full handshake and waits for the peer's first bytes: with TLS
// 1.3 a refusal comes after the client's side looks finished.
func meet(peer Peer, identity *Identity) error {
	leaf, err := readLeaf(identity.folder)
	if err != nil {
		return err
	}

	raw, err := net.DialTimeout("tcp4", peer.Address, 2*time.Second)
	if err != nil {
		return fmt.Errorf("peer not reachable: %s %s: %w", peer.ServerName, peer.Address, err)
	}

	defer raw.Close()
	raw.SetDeadline(time.Now().Add(3 * time.Second))
	connection := tls.Client(raw, &tls.Config{
		ServerName: peer.ServerName,
		RootCAs:    identity.ca,
		NextProtos: applicationProtocols(peer.Protocol),
		// Not Certificates: Go would silently present nothing when the server's
		// list of accepted CAs does not name the leaf's.
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return leaf, nil },
	})
	if err = connection.Handshake(); err == nil {
		err = firstBytes(connection, peer.Protocol)
	}

	if isTLS(err) {
		return fmt.Errorf("peer handshake failed: %s %s: %w", peer.ServerName, peer.Address, err)
	}

	if err != nil {
		return fmt.Errorf("peer not reachable: %s %s: %w", peer.ServerName, peer.Address, err)
	}

	connection.Close()
	return nil
}

func firstBytes(connection *tls.Conn, protocol string) error {
	hello := "GET /status HTTP/1.1\r\nHost: peer\r\nConnection: close\r\n\r\n"
	if protocol != "http" {
		hello = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00"
	}

	if _, err := connection.Write([]byte(hello)); err != nil {
		return err
	}

	_, err := connection.Read(make([]byte, 9))
	return err
}

// isTLS tells a certificate's refusal, by either side, from a connection that
// was lost because the peer is just being restarted.
func isTLS(err error) bool {
	var verification *tls.CertificateVerificationError
	var alert tls.AlertError
	var operation *net.OpError
	if errors.As(err, &verification) || errors.As(err, &alert) {
		return true
	}

	// The peer's alert arrives as a net.OpError that says so.
	return errors.As(err, &operation) && operation.Op == "remote error"
}
