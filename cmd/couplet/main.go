// Command couplet compiles jsonnet component libraries to Kubernetes manifests.
package main

import (
	"os"

	"github.com/couplet-k8s/couplet/cmd/internal/cli"
)

func main() { os.Exit(cli.Main(nil)) }
