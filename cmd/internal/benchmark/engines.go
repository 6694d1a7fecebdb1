package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// engine is one implementation of jsonnet with the jsonnet command's flags.
type engine struct {
	name    string
	program string
	// prefix stands before the flags.
	prefix []string
	// version makes it say what it is; without, NAME.version beside the binary does.
	version []string
}

// The names that the tables speak of.
const (
	ours = "couplet"
	// oracle is the engine whose output the others' is compared with.
	oracle = "go-jsonnet"
	// pace is the engine that sets the pace: what it does quickly is in a table apart.
	pace = "jrsonnet"
)

// known are the engines that -engines can name. jrsonnet-mimalloc is the same source as
// jrsonnet with the allocator that its packagers choose.
func known(o options) []engine {
	bin := func(name string) string { return filepath.Join(o.corpora, "bin", name) }
	return []engine{
		{name: ours, program: o.couplet, prefix: []string{"eval"}, version: []string{"version"}},
		{name: oracle, program: bin("jsonnet"), version: []string{"--version"}},
		{name: pace, program: bin("jrsonnet"), version: []string{"--version"}},
		{name: "jrsonnet-mimalloc", program: bin("jrsonnet-mimalloc"), version: []string{"--version"}},
		{name: "rsjsonnet", program: bin("rsjsonnet")},
	}
}

// chosen are the engines that o names, in that order.
func chosen(o options) ([]engine, error) {
	all := known(o)
	var found []engine
	for _, name := range strings.Split(o.engines, ",") {
		i := slices.IndexFunc(all, func(e engine) bool { return e.name == name })
		if i < 0 {
			return nil, fmt.Errorf("unknown engine %q", name)
		}
		if _, err := os.Stat(all[i].program); err != nil {
			return nil, fmt.Errorf("engine %s: %w", name, err)
		}
		found = append(found, all[i])
	}
	return found, nil
}

// command is e run on r, with the files of a multi row in folder.
func (e engine) command(r row, corpora, folder, stdout string) command {
	args := append([]string{e.program}, e.prefix...)
	if r.multi {
		args = append(args, "-m", folder)
	}
	dir := filepath.FromSlash(r.dir)
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(corpora, dir)
	}
	return command{Dir: dir, Args: append(args, r.args...), Stdout: stdout}
}

// versionText is what e says of itself, or what was noted beside it when it was built,
// on one line.
func (e engine) versionText() string {
	text, err := os.ReadFile(e.program + ".version")
	if err != nil && len(e.version) > 0 {
		text, err = exec.Command(e.program, e.version...).Output()
	}
	if err != nil {
		return e.name + " of unknown version"
	}
	line := strings.Join(strings.FieldsFunc(string(text), func(c rune) bool { return c == '\n' }), ", ")
	if strings.Contains(line, e.name) {
		return line
	}
	return e.name + ": " + line
}
