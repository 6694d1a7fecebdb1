package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
)

// playGateway is the program gateway of the scripts: a proxy of HTTP that only tunnels. It
// writes its address into the file that is its first argument, and each request into the
// second.
func playGateway() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	requests, err := os.Create(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(os.Args[1], []byte(listener.Addr().String()), 0o666); err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(requests, r.Method, r.Host)
		if err := tunnel(w, r.Host); err != nil {
			log.Print(err)
		}
	})))
}

// tunnel joins a client with the server that it asks for, until one of them has ended.
func tunnel(w http.ResponseWriter, to string) error {
	server, err := net.Dial("tcp", to)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return err
	}
	defer func() { _ = server.Close() }()
	client, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return err
	}
	defer func() { _ = client.Close() }()
	if _, err := io.WriteString(client, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		return err
	}
	go func() {
		_, _ = io.Copy(server, client)
		_ = server.Close()
	}()
	_, err = io.Copy(client, server)
	return err
}
