// A TLS server of Go's standard library: server PORT MINIMUM-VERSION MAXIMUM-VERSION TICKETS CLIENT-CERTIFICATES
// It prints "full" or "resumed" for each completed handshake, and answers one request.
package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
)

var versions = map[string]uint16{"1.2": tls.VersionTLS12, "1.3": tls.VersionTLS13}

func main() {
	certificate, err := tls.LoadX509KeyPair("chain.pem", "key.pem")
	if err != nil {
		log.Fatal(err)
	}
	config := &tls.Config{
		Certificates:           []tls.Certificate{certificate},
		MinVersion:             versions[os.Args[2]],
		MaxVersion:             versions[os.Args[3]],
		SessionTicketsDisabled: os.Args[4] != "true",
	}
	if os.Args[5] == "true" {
		clients, err := os.ReadFile("clients.pem")
		if err != nil {
			log.Fatal(err)
		}
		config.ClientAuth = tls.RequireAndVerifyClientCert
		config.ClientCAs = x509.NewCertPool()
		config.ClientCAs.AppendCertsFromPEM(clients)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	for {
		connection, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go serve(tls.Server(connection, config))
	}
}

func serve(connection *tls.Conn) {
	defer connection.Close()
	if connection.Handshake() != nil {
		return
	}
	if connection.ConnectionState().DidResume {
		fmt.Println("resumed")
	} else {
		fmt.Println("full")
	}
	if _, err := http.ReadRequest(bufio.NewReader(connection)); err == nil {
		io.WriteString(connection, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n")
	}
}
