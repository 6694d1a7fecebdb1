package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	jsonnet "github.com/google/go-jsonnet"
	"github.com/spf13/cobra"

	"github.com/couplet-k8s/couplet/schemas"
)

// version is set by the linker in a release: -X .../cli.version=v0.1.0.
var version = ""

// VersionReport is the JSON output of version.
type VersionReport struct {
	Version    string   `json:"version"`
	Go         string   `json:"go"`
	Platform   string   `json:"platform"`
	GoJsonnet  string   `json:"goJsonnet"`
	Kubernetes []string `json:"kubernetes"`
}

// VersionOptions choose the form of version.
type VersionOptions struct{ Output string }

func newVersion(p *Process) *cobra.Command {
	var o VersionOptions
	cmd := &cobra.Command{
		Use:     "version",
		Short:   "Print the version of couplet and of what it embeds",
		Example: "  couplet version -o json",
		Args:    cobra.NoArgs,
		RunE:    func(*cobra.Command, []string) error { return runVersion(o, p) },
	}
	outputFlag(cmd, &o.Output, "text", "json")
	return cmd
}

func runVersion(o VersionOptions, p *Process) error {
	r := VersionReport{
		Version: buildVersion(), Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH,
		GoJsonnet: jsonnet.Version(), Kubernetes: schemas.Minors(),
	}
	if o.Output == "json" {
		return p.writeJSON(r)
	}
	return p.write(fmt.Appendf(nil, "couplet %s\ngo %s\nplatform %s\ngo-jsonnet %s\nkubernetes %s\n",
		r.Version, strings.TrimPrefix(r.Go, "go"), r.Platform, r.GoJsonnet, strings.Join(r.Kubernetes, " ")))
}

// buildVersion is the release's version, or what `go install` noted, or "dev".
func buildVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "dev"
}
