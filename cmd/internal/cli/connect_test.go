package cli

import (
	"os/exec"
	"regexp"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"github.com/couplet-k8s/couplet/cmd/internal/testcluster"
)

// TestKubectlOptions holds the flags against those of a real kubectl: each is there under
// the same names, or it is known why not.
func TestKubectlOptions(t *testing.T) {
	out, err := exec.Command(testcluster.Need(t).Kubectl(), "options").Output()
	if err != nil {
		t.Fatal(err)
	}
	options := regexp.MustCompile(`(?m)^    (?:-(\w), )?--([\w-]+)=(.*):$`).FindAllStringSubmatch(string(out), -1)
	if len(options) < 25 {
		t.Fatalf("kubectl has %d options", len(options))
	}
	cmd := &cobra.Command{}
	new(ConnectOptions).bind(cmd, &Process{})
	for _, option := range options {
		f := cmd.Flags().Lookup(option[2])
		switch {
		case f == nil && unserved[option[2]] == "":
			t.Errorf("--%s of kubectl is not known", option[2])
		case f != nil && (f.Shorthand != option[1] || (f.NoOptDefVal != "") != (option[3] == "false")):
			t.Errorf("--%s is -%s, and kubectl says %s", f.Name, f.Shorthand, option[0])
		}
	}
}

func TestTimeoutFlag(t *testing.T) {
	for text, want := range map[string]time.Duration{"0": 0, "5": 5 * time.Second, "30s": 30 * time.Second, "2m": 2 * time.Minute} {
		var f timeoutFlag
		if err := f.Set(text); err != nil || time.Duration(f) != want {
			t.Errorf("%s is %s, %v", text, time.Duration(f), err)
		}
	}
	for _, text := range []string{"", "-1s", "soon"} {
		if err := new(timeoutFlag).Set(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}
