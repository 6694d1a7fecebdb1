package git_test

import (
	"errors"
	"os/exec"
	"strings"
	"testing"

	"github.com/couplet-k8s/couplet/cmd/internal/git"
)

func TestHistory(t *testing.T) {
	dir := t.TempDir()
	commit := func(subject string) string {
		runGit(t, dir, "commit", "-q", "--allow-empty", "-m", subject)
		return head(t, dir)
	}
	runGit(t, dir, "init", "-q", "-b", "main")
	first := commit("first")
	commit("second")
	runGit(t, dir, "checkout", "-q", "-b", "side")
	side := commit("on the side")
	runGit(t, dir, "checkout", "-q", "main")
	third := commit("third")
	runGit(t, dir, "merge", "-q", "--no-ff", "-m", "merge", "side")
	list, err := git.History(t.Context(), dir, first, head(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	var subjects []string
	for _, c := range list {
		subjects = append(subjects, c.Subject)
	}
	if got := strings.Join(subjects, ", "); got != "second, third, merge" {
		t.Errorf("history: %s", got)
	}
	merge := list[len(list)-1]
	if len(merge.Parents) != 2 || merge.Parents[1] != side || merge.Author != "Test" || len(merge.Date) != len("2026-11-20") {
		t.Errorf("the merge is %+v", merge)
	}
	if base, err := git.Base(t.Context(), dir, side, third); err != nil || base != list[0].Hash {
		t.Errorf("base %s, %v; want %s", base, err, list[0].Hash)
	}
	for _, name := range []string{strings.Repeat("0", 40), "main", "--all", ""} {
		if _, err := git.Base(t.Context(), dir, name, third); !errors.Is(err, git.ErrUnknown) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func head(t *testing.T, dir string) string {
	t.Helper()
	cmd := exec.Command("git", "rev-parse", "HEAD")
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}
