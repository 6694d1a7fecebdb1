package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/couplet-k8s/couplet/compiler/diag"
)

// withoutExample are codes that no input produces at will.
var withoutExample = map[diag.Code]string{
	diag.Internal:           "only a bug in couplet has it",
	diag.EvalStopped:        "only an interrupted run has it",
	diag.CacheUnusable:      "only the state of the user's cache folder has it",
	diag.RulesMissing:       "only a machine without the companion has it",
	diag.RulesFailed:        "only a companion that fails has it",
	diag.PluginMissing:      "only a machine without kubectl-couplet has it",
	diag.PluginUnfit:        "only a kubectl-couplet of another version has it",
	diag.ClusterUnreachable: onCluster,
	diag.ClusterMismatch:    onCluster,
	diag.ClusterUnpinned:    onCluster,
	diag.ObjectRefused:      onCluster,
	diag.FieldConflict:      onCluster,
	diag.CannotUpdate:       onCluster,
	diag.EnvironmentBusy:    onCluster,
	diag.ClusterMoved:       onCluster,
	diag.NotReady:           onCluster,
	diag.PruneRefused:       onCluster,
	diag.ApplyFailed:        onCluster,
	diag.NotApplied:         onCluster,
	diag.PlanInvalid:        onCluster,
}

// onCluster: the scripts in testdata/cluster have these codes.
const onCluster = "it takes a cluster"

// TestCodes runs the example of every code and expects the command to report it.
func TestCodes(t *testing.T) {
	seen := map[diag.Code]bool{}
	for _, info := range diag.Codes() {
		if seen[info.Code] {
			t.Errorf("%s is documented twice", info.Code)
		}
		seen[info.Code] = true
		t.Run(string(info.Code), func(t *testing.T) {
			if info.Title == "" || info.Explain == "" {
				t.Error("no title or explanation")
			}
			if reason, ok := withoutExample[info.Code]; ok {
				if info.Example != "" {
					t.Errorf("has an example, although %s", reason)
				}
				return
			}
			runExample(t, info)
		})
	}
	for _, code := range declaredCodes(t) {
		if !seen[code] {
			t.Errorf("%s is declared and not documented", code)
		}
	}
}

// declaredCodes reads the constants out of package diag's source.
func declaredCodes(t *testing.T) []diag.Code {
	files, err := filepath.Glob("../../compiler/diag/codes*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	var codes []diag.Code
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`Code = "(CP\d+)"`).FindAllStringSubmatch(string(text), -1) {
			codes = append(codes, diag.Code(m[1]))
		}
	}
	return codes
}

func runExample(t *testing.T, info diag.Info) {
	if strings.HasPrefix(string(info.Code), "CP6") {
		needCompanion(t)
	}
	archive := txtar.Parse([]byte(info.Example))
	words := strings.Fields(string(archive.Comment))
	if len(words) < 2 || words[0] != "couplet" {
		t.Fatalf("the example is no command line: %q", info.Example)
	}
	dir := t.TempDir()
	for _, f := range archive.Files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	_, stderr, code := runIn(t, dir, words[1:]...)
	if !strings.Contains(stderr, "["+string(info.Code)+"]: ") {
		t.Errorf("%s is not reported (exit code %d):\n%s", info.Code, code, stderr)
	}
	if (code == 0) == strings.Contains(stderr, "error[") {
		t.Errorf("exit code %d with\n%s", code, stderr)
	}
}
