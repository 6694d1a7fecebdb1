//go:build unix

package faults

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"

	"github.com/couplet-k8s/couplet/cmd/internal/testcluster"
	"github.com/couplet-k8s/couplet/compiler/decode"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

func parseJSON(text string) (value.Value, error) {
	v, found := decode.JSON(source.NewFile("an object", text))
	return v, found.Err()
}

// table is what the tests have done, in their order.
type table struct {
	mu    sync.Mutex
	lines []string
}

var figures table

// add notes a fault, how often it was tried, and what was seen.
func (t *table) add(fault string, times int, seen string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lines = append(t.lines, fmt.Sprintf("| %s | %d | %s |\n", fault, times, seen))
}

const (
	begin = "<!-- begin: faults, by cmd/internal/faults -->\n"
	end   = "<!-- end: faults -->\n"
)

// publish puts the table into a page, between its two marks.
func (t *table) publish(page string) error {
	if page == "" {
		return nil
	}
	old, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	before, rest, found := strings.Cut(string(old), begin)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		return fmt.Errorf("%s has no marks between which the figures go", page)
	}
	text := fmt.Sprintf("Kubernetes %s with etcd on loopback, %d cores, %s.\n\n| fault | times | what was seen |\n|---|---:|---|\n%s",
		testcluster.Version, runtime.NumCPU(), runtime.Version(), strings.Join(t.lines, ""))
	return os.WriteFile(page, []byte(before+begin+text+end+after), 0o666)
}
