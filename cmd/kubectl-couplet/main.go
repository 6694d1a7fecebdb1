// Command kubectl-couplet is couplet with what reaches clusters. kubectl runs it for
// `kubectl couplet`, and couplet for its commands that need a cluster.
package main

import (
	"os"

	"github.com/couplet-k8s/couplet/cmd/internal/cli"
	"github.com/couplet-k8s/couplet/cmd/internal/kube"
)

func main() { os.Exit(cli.Main(kube.Connect)) }
