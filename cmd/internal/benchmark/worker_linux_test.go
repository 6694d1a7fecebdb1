package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestWorker runs real processes: one that ends, one that fails, one that would not end.
func TestWorker(t *testing.T) {
	stdout := filepath.Join(t.TempDir(), "stdout")
	d, err := job{Cores: 1, Limit: time.Minute, Commands: []command{
		{Args: []string{"sh", "-c", "echo $HELLO"}, Env: []string{"HELLO=world"}, Stdout: stdout},
		{Args: []string{"sh", "-c", "echo no >&2; exit 3"}, Stdout: os.DevNull},
	}}.run()
	if err != nil {
		t.Fatal(err)
	}
	if text, _ := os.ReadFile(stdout); string(text) != "world\n" {
		t.Errorf("printed %q", text)
	}
	if s := d.Samples[0]; s.Failure != "" || s.CPU <= 0 || s.RSS <= 0 || s.Wall > d.Wall {
		t.Errorf("sample %+v in %v", s, d.Wall)
	}
	if s := d.Samples[1]; s.Failure != "error" || !strings.Contains(s.Detail, "no") {
		t.Errorf("sample %+v", s)
	}
}

func TestFailureNamesTheLimit(t *testing.T) {
	err := exec.Command("sh", "-c", "kill -KILL $$").Run()
	for _, c := range []struct {
		cpu, wall time.Duration
		want      string
	}{
		{60 * time.Second, 61 * time.Second, "CPU limit 60 s"},
		{time.Second, 300 * time.Second, "time limit 300 s"},
		{time.Second, time.Second, "killed"},
	} {
		if got := failure(err, sample{CPU: c.cpu, Wall: c.wall}, time.Minute); got != c.want {
			t.Errorf("after %v: %q, want %q", c.cpu, got, c.want)
		}
	}
}

func TestKeepFirst(t *testing.T) {
	mask := []uint64{0b1010, 0b1}
	if left := keepFirst(mask, 2); left != 0 || mask[0] != 0b1010 || mask[1] != 0 {
		t.Errorf("mask %b, %d left", mask, left)
	}
	if left := keepFirst([]uint64{1}, 2); left != 1 {
		t.Errorf("%d left, want 1", left)
	}
}
