//go:build unix

package faults

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestWrongCluster sends nothing to a cluster that is not the one of the pin, but the question
// which one it is.
func TestWrongCluster(t *testing.T) {
	w := start(t)
	a := w.newApp(t, "stray", maps(3, "text"))
	a.run("diff", "prod", "-o", "plan=saved.plan").want(t, 3)
	yaml, err := os.ReadFile(filepath.Join(a.dir, "couplet.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	a.write("couplet.yaml", regexp.MustCompile(`cluster: .*`).ReplaceAllString(string(yaml), "cluster: 00000000-0000-0000-0000-000000000000"))
	for _, args := range []string{"diff", "apply --yes", "apply --yes --plan saved.plan", "apply --yes --adopt kubectl", "delete --yes", "status", "drift", "history", "rollback --yes", "undo --yes"} {
		w.proxy.Begin(nil)
		command, flags, _ := strings.Cut(args, " ")
		r := a.run(append([]string{command, "prod"}, strings.Fields(flags)...)...)
		if r.code != 1 || !strings.Contains(r.err, "CP8011") {
			t.Errorf("%s: exit code %d, want 1 and CP8011\n%s", args, r.code, r.err)
		}
		requests := w.proxy.Requests()
		if len(requests) != 1 || requests[0].Method != "GET" || requests[0].Path != "/api/v1/namespaces/kube-system" {
			t.Errorf("%s: the requests are %v, want one that reads kube-system", args, requests)
		}
	}
	figures.add("a cluster that is not the one of the pin", 10, "each command ends after one request, the reading of kube-system")
}
