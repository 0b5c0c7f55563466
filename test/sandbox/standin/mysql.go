package main

import (
	"crypto/tls"
	"io"
	"log"
	"net"
	"time"
)

// capability of MySQL's protocol: the server can begin TLS.
const capabilityTLS = 0x08

// greeting is MySQL's first packet, protocol 10: the stand-in has no accounts,
// so a client learns only that somebody is there.
func greeting(hasTLS bool) []byte {
	capabilities := byte(0x82) // protocol 4.1, secure connection
	if hasTLS {
		capabilities |= capabilityTLS
	}

	return append(
		append([]byte{10}, "8.0.11-TiDB-stand-in\x00"...),
		1, 0, 0, 0, // connection id
		'1', '2', '3', '4', '5', '6', '7', '8', 0, // first part of the salt
		0x08, capabilities, // capabilities, low: connect with database, and those above
		46, 2, 0, // character set, status
		0, 0, 0, // capabilities, high; length of the salt
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		'1', '2', '3', '4', '5', '6', '7', '8', '9', '0', '1', '2', 0,
	)
}

// denied answers every login, as TiDB answers an unknown user.
var denied = append([]byte{0xff, 0x15, 0x04, '#'}, "28000Access denied: the stand-in has no accounts"...)

func writePacket(to io.Writer, sequence byte, body []byte) error {
	_, err := to.Write(append([]byte{byte(len(body)), byte(len(body) >> 8), byte(len(body) >> 16), sequence}, body...))
	return err
}

func readPacket(from io.Reader) ([]byte, error) {
	header := make([]byte, 4)
	if _, err := io.ReadFull(from, header); err != nil {
		return nil, err
	}

	body := make([]byte, int(header[0])|int(header[1])<<8|int(header[2])<<16)
	_, err := io.ReadFull(from, body)
	return body, err
}

// mysqlTLS is what TiDB makes of ssl-ca, ssl-cert and ssl-key: all three as
// they are at its start, and a client's certificate is checked when it has one.
func mysqlTLS(folder string) (*tls.Config, error) {
	if folder == "" {
		return nil, nil
	}

	identity, err := readIdentity(folder)
	if err != nil {
		return nil, err
	}

	return &tls.Config{
		Certificates: []tls.Certificate{identity.leaf},
		ClientCAs:    identity.ca,
		ClientAuth:   tls.VerifyClientCertIfGiven,
		MinVersion:   tls.VersionTLS12,
	}, nil
}

func serveMySQL(listener net.Listener, config *tls.Config) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			return
		}

		go func() {
			if err := answerMySQL(connection, config); err != nil && err != io.EOF {
				log.Printf("%s: %v", listener.Addr(), err)
			}
		}()
	}
}

func answerMySQL(connection net.Conn, config *tls.Config) error {
	defer connection.Close()
	connection.SetDeadline(time.Now().Add(10 * time.Second))
	if err := writePacket(connection, 0, greeting(config != nil)); err != nil || config == nil {
		return err
	}

	request, err := readPacket(connection)
	if err != nil {
		return err
	}

	if len(request) < 2 || request[1]&capabilityTLS == 0 {
		return writePacket(connection, 2, denied)
	}

	secured := tls.Server(connection, config)
	if _, err := readPacket(secured); err != nil {
		return err
	}

	return writePacket(secured, 3, denied)
}
