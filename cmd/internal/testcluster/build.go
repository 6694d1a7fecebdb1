package testcluster

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// Version is the Kubernetes release of the servers: that of servers/go.mod.
const Version = "v1.37.2"

// Module is the folder of the servers' module, from the root of the repository.
const Module = "cmd/internal/testcluster/servers"

// Cache is the folder in which programs and data are kept.
func Cache() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "couplet-test"), nil
}

// Servers is the folder that holds the programs.
type Servers string

// programs are the packages of servers/ that are built, by the name of the program.
var programs = []struct{ name, pkg string }{
	{"etcd", "go.etcd.io/etcd/server/v3"},
	{"kube-apiserver", "k8s.io/kubernetes/cmd/kube-apiserver"},
	{"kube-controller-manager", "k8s.io/kubernetes/cmd/kube-controller-manager"},
	{"kubectl", "k8s.io/kubernetes/cmd/kubectl"},
}

// Kubectl is the path of kubectl.
func (s Servers) Kubectl() string { return s.path("kubectl") }

func (s Servers) path(program string) string { return filepath.Join(string(s), program) }

// Built gives the programs below cache; not ok where one is missing.
func Built(cache string) (s Servers, ok bool) {
	s = servers(cache)
	for _, p := range programs {
		if _, err := os.Stat(s.path(p.name)); err != nil {
			return s, false
		}
	}
	return s, true
}

func servers(cache string) Servers {
	return Servers(filepath.Join(cache, fmt.Sprintf("servers-%s-%s-%s", Version, runtime.GOOS, runtime.GOARCH)))
}

// Build makes the programs that are not there yet, from the module in a folder, and keeps
// them below cache. Of each it says on log what it does, for it may take minutes. An
// interrupted build leaves nothing that is taken for a program.
func Build(ctx context.Context, module, cache string, log io.Writer) (Servers, error) {
	s := servers(cache)
	if err := os.MkdirAll(string(s), 0o755); err != nil {
		return "", err
	}
	for _, p := range programs {
		if _, err := os.Stat(s.path(p.name)); err == nil {
			continue
		}
		fmt.Fprintf(log, "building %s for the test cluster; all of it takes about 15 minutes the first time\n", p.name)
		start := time.Now()
		if err := s.build(ctx, module, p.name, p.pkg); err != nil {
			return "", err
		}
		fmt.Fprintf(log, "built %s in %s\n", p.name, time.Since(start).Round(time.Second))
	}
	return s, nil
}

func (s Servers) build(ctx context.Context, module, name, pkg string) error {
	temporary, err := os.MkdirTemp(string(s), "build")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(temporary) }()
	file := filepath.Join(temporary, name)
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", stamps(), "-o", file, pkg)
	cmd.Dir = module
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go build %s: %w\n%s", pkg, err, out)
	}
	return os.Rename(file, s.path(name))
}

// stamps gives the programs their version, by which clients tell what they can do.
func stamps() string {
	major, rest, _ := strings.Cut(strings.TrimPrefix(Version, "v"), ".")
	minor, _, _ := strings.Cut(rest, ".")
	flags := []string{"-s", "-w"}
	for _, pkg := range []string{"k8s.io/component-base/version", "k8s.io/client-go/pkg/version"} {
		for _, stamp := range []string{"gitVersion=" + Version, "gitMajor=" + major, "gitMinor=" + minor, "gitTreeState=clean"} {
			flags = append(flags, "-X "+pkg+"."+stamp)
		}
	}
	return strings.Join(flags, " ")
}
