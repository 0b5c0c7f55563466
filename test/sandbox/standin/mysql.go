package main

import "net"

// greeting is MySQL's first packet, protocol 10, without the capability for TLS:
// the stand-in has no accounts, so a client learns only that somebody is there.
var greeting = append(
	append([]byte{10}, "8.0.11-TiDB-stand-in\x00"...),
	1, 0, 0, 0, // connection id
	'1', '2', '3', '4', '5', '6', '7', '8', 0, // first part of the salt
	0x08, 0x82, // capabilities, low: connect with database, protocol 4.1, secure connection
	46, 2, 0, // character set, status
	0, 0, 0, // capabilities, high; length of the salt
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	'1', '2', '3', '4', '5', '6', '7', '8', '9', '0', '1', '2', 0,
)

func serveMySQL(listener net.Listener) {
	packet := append([]byte{byte(len(greeting)), 0, 0, 0}, greeting...)
	for {
		connection, err := listener.Accept()
		if err != nil {
			return
		}

		connection.Write(packet)
		connection.Close()
	}
}
