package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	jsonnet "github.com/google/go-jsonnet"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/couplet-k8s/couplet/cmd/internal/cli"
	"github.com/couplet-k8s/couplet/compiler"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/lib"
)

// example is an app on a page: a block of the kind txtar, whose first lines are
// commands, and one block "... output" for each command, which it must print.
type example struct {
	line int
	// again continues in the folder of the page's first example.
	again    bool
	commands []string
	files    []txtar.File
	outputs  []string
}

// examples finds the examples on a page.
func examples(t *testing.T, page string) []example {
	t.Helper()
	var found []example
	var fence, info, body string
	at := 0
	for line := range strings.Lines(page) {
		at++
		opening := regexp.MustCompile("^(```+)(.*)\n$").FindStringSubmatch(line)
		switch {
		case fence == "" && opening != nil:
			fence, info, body = opening[1], opening[2], ""
		case fence != "" && line == fence+"\n":
			found = addBlock(t, found, at, info, body)
			fence = ""
		case fence != "":
			body += line
		}
	}
	return found
}

func addBlock(t *testing.T, found []example, at int, info, body string) []example {
	t.Helper()
	switch {
	case strings.HasPrefix(info, "txtar"):
		archive := txtar.Parse([]byte(body))
		e := example{line: at, again: info == "txtar first", files: archive.Files}
		for line := range strings.Lines(string(archive.Comment)) {
			if command, ok := strings.CutPrefix(strings.TrimSpace(line), "$ "); ok {
				e.commands = append(e.commands, command)
			}
		}
		return append(found, e)
	case strings.HasSuffix(info, " output"):
		if len(found) == 0 {
			t.Fatalf("line %d: an output without an example before it", at)
		}
		last := &found[len(found)-1]
		last.outputs = append(last.outputs, body)
	}
	return found
}

// TestAppExamples runs the examples in docs/app.md.
func TestAppExamples(t *testing.T) {
	const page = "docs/app.md"
	all := examples(t, readRoot(t, page))
	if len(all) < 5 {
		t.Fatalf("%s has only %d examples", page, len(all))
	}
	first := t.TempDir()
	for i, e := range all {
		dir := first
		if i > 0 && !e.again {
			dir = t.TempDir()
		}
		t.Run(fmt.Sprintf("%s:%d", filepath.Base(page), e.line), func(t *testing.T) { e.run(t, dir) })
	}
}

func (e example) run(t *testing.T, dir string) {
	for _, f := range e.files {
		writeBelow(t, dir, f.Name, f.Data)
	}
	if len(e.commands) == 0 || len(e.commands) != len(e.outputs) {
		t.Fatalf("%d commands and %d outputs", len(e.commands), len(e.outputs))
	}
	t.Chdir(dir)
	for i, command := range e.commands {
		code, got := execute(t, dir, command)
		if want := wantedCode(command); code != want {
			t.Errorf("%s: exit code %d, want %d", command, code, want)
		}
		if !matches(got, e.outputs[i]) {
			t.Errorf("%s prints\n%s\nand the page says\n%s", command, got, e.outputs[i])
		}
	}
}

// matches compares an output with what a page says, where a line "..." stands for any
// lines.
func matches(got, want string) bool {
	pattern := strings.ReplaceAll(regexp.QuoteMeta("\n"+want), "\n"+`\.\.\.`+"\n", "\n(?s:.*\n)?")
	return regexp.MustCompile("^" + pattern + "$").MatchString("\n" + got)
}

func writeBelow(t *testing.T, dir, name string, text []byte) {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o666); err != nil {
		t.Fatal(err)
	}
}

func wantedCode(command string) (code int) {
	if _, comment, ok := strings.Cut(command, "# exit code "); ok {
		_, _ = fmt.Sscan(comment, &code)
	}
	return code
}

// execute runs a command line in the working folder, and gives its exit code and all
// that it prints.
func execute(t *testing.T, dir, command string) (int, string) {
	t.Helper()
	command, _, _ = strings.Cut(command, " #")
	args := strings.Fields(command)
	if args[0] == "jsonnet" {
		return 0, stockJsonnet(t, dir, args[1:])
	}
	var out bytes.Buffer
	p := &cli.Process{
		In: strings.NewReader(""), Out: &out, Err: &out, Dir: filepath.ToSlash(dir),
		Getenv: func(string) (string, bool) { return "", false },
		Files:  compiler.Files(source.Disk{}),
	}
	code := cli.Run(context.Background(), p, args[1:])
	return code, out.String()
}

// stockJsonnet evaluates a file by go-jsonnet alone, with the component library copied
// to where init writes it.
func stockJsonnet(t *testing.T, dir string, args []string) string {
	t.Helper()
	err := fs.WalkDir(lib.Files, ".", func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			text, _ := lib.Files.ReadFile(name)
			writeBelow(t, dir, "lib/"+name, text)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	importer := &jsonnet.FileImporter{}
	for len(args) > 1 && args[0] == "-J" {
		importer.JPaths, args = append(importer.JPaths, args[1]), args[2:]
	}
	vm := jsonnet.MakeVM()
	vm.Importer(importer)
	text, err := vm.EvaluateFile(args[0])
	if err != nil {
		t.Fatal(err)
	}
	return text
}
