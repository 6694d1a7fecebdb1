package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestReadme runs the first screen of the README: what goes in, what comes out, what a
// mistake looks like.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```(\\w+)\n(.*?)```").FindAllStringSubmatch(string(text), -1)
	if len(blocks) < 4 || blocks[2][1] != "yaml" || blocks[3][1] != "text" {
		t.Fatal("the first four blocks must be a component, parameters, YAML and an error")
	}
	dir := t.TempDir()
	if _, stderr, code := runIn(t, dir, "init", "shop"); code != 0 {
		t.Fatal(stderr)
	}
	app := filepath.Join(dir, "shop")
	write := func(text string) {
		name, _, _ := strings.Cut(strings.TrimPrefix(text, "// "), "\n")
		if err := os.WriteFile(filepath.Join(app, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write(blocks[0][2])
	write(blocks[1][2])
	stdout, stderr, _ := runIn(t, app, "show", "prod", "-t", "service/web")
	if stdout != blocks[2][2] {
		t.Errorf("got\n%s%s\nwant\n%s", stdout, stderr, blocks[2][2])
	}
	write(strings.Replace(blocks[1][2], "replicas: 3", "replicas: '3'", 1))
	if _, stderr, code := runIn(t, app, "show", "prod"); stderr != blocks[3][2] || code != 1 {
		t.Errorf("exit code %d, got\n%s\nwant\n%s", code, stderr, blocks[3][2])
	}
}
