package main

import (
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
)

// playKubelet is the program kubelet of the scripts: it answers an API server that asks for the
// logs of a container, and writes its port into the file that is its argument.
func playKubelet() {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, "starting\nthe database is not there")
	}))
	at, err := url.Parse(server.URL)
	if err == nil {
		err = os.WriteFile(os.Args[1], []byte(at.Port()), 0o666)
	}
	if err != nil {
		log.Fatal(err)
	}
	select {} // until the script ends
}
