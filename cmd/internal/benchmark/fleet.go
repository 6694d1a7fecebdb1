package main

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// fleet is the tree of many environments, and where it is rendered to.
type fleet struct {
	*bench
	tree string
	dirs []string
	// samples are by the name of the line and the number of cores.
	samples map[string]map[int][]sample
	lines   []string
	// digests are of what couplet wrote, by the number of cores.
	digests map[int]string
}

// edit is what the last environment gets for the line on a change.
const edit = " + { _config+:: { logLevel: 'error' } }\n"

func (b *bench) environmentsSection() (string, error) {
	page, err := b.preamble("Many environments")
	if err != nil {
		return "", err
	}
	f, err := b.newFleet()
	if err != nil {
		return "", err
	}
	for range b.rounds {
		for _, cores := range coreCounts() {
			if err := f.round(cores); err != nil {
				return "", err
			}
		}
	}
	return page + fmt.Sprintf("%d environments of about 20 objects with one shared library, a Tanka tree written by\n"+
		"`go run ./cmd/internal/benchmark -environments DIR -count %d`. A peer renders each environment in a process of its own, to\n"+
		"JSON, as many at a time as there are cores; its CPU time is the sum and its RSS the largest of them.\n\n", b.count, b.count) +
		f.table() + f.verdict(), nil
}

// coreCounts are the numbers of cores that this machine can show.
func coreCounts() []int {
	if runtime.NumCPU() < 2 {
		return []int{1}
	}
	return []int{1, 2}
}

func (b *bench) newFleet() (*fleet, error) {
	files := environmentFiles(b.count)
	f := &fleet{bench: b, tree: filepath.Join(b.scratch, "tree"),
		samples: map[string]map[int][]sample{}, digests: map[int]string{}}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if strings.HasSuffix(name, "/main.jsonnet") {
			f.dirs = append(f.dirs, path.Dir(name))
		}
	}
	return f, writeFiles(f.tree, files)
}

// round measures every line once, on so many cores.
func (f *fleet) round(cores int) error {
	for _, e := range f.chosen {
		measure := f.peer
		if e.name == ours {
			measure = f.exports
		}
		if err := measure(e, cores); err != nil {
			return err
		}
	}
	return nil
}

// peer renders every environment by a process of its own.
func (f *fleet) peer(e engine, cores int) error {
	name := fmt.Sprintf("%d × %s", len(f.dirs), e.name)
	if !f.wanted(name, cores) {
		return nil
	}
	j := job{Cores: cores, Together: cores, Limit: f.limit}
	for i, dir := range f.dirs {
		args := append([]string{e.program}, e.prefix...)
		args = append(args, "-J", "vendor", "-J", "lib", "-J", dir, dir+"/main.jsonnet")
		j.Commands = append(j.Commands, command{Dir: f.tree, Args: args,
			Stdout: filepath.Join(f.scratch, fmt.Sprintf("stdout%d", i))})
	}
	return f.measure(name, cores, j)
}

// exports is couplet's export: without a cache, again, and after an edit.
func (f *fleet) exports(e engine, cores int) error {
	const cold, again, edited = "couplet export --all, cold", "the same again, nothing changed", "the same, one environment edited"
	if !f.wanted(cold, cores) {
		return nil
	}
	out, cache := filepath.Join(f.scratch, "exported"), filepath.Join(f.scratch, "cache")
	if err := removeAll(out, cache); err != nil {
		return err
	}
	j := job{Cores: cores, Limit: f.limit, Commands: []command{{
		Dir: f.tree, Args: []string{e.program, "export", "--all", "--to", out},
		Env: []string{"XDG_CACHE_HOME=" + cache}, Stdout: filepath.Join(f.scratch, "stdout")}}}
	if err := f.measure(cold, cores, j); err != nil {
		return err
	}
	var err error
	if f.digests[cores], err = digest(out); err != nil {
		return err
	}
	if err := f.measure(again, cores, j); err != nil {
		return err
	}
	return f.afterEdit(func() error { return f.measure(edited, cores, j) })
}

// afterEdit does what it is given with the last environment changed.
func (f *fleet) afterEdit(do func() error) error {
	file := filepath.Join(f.tree, filepath.FromSlash(f.dirs[len(f.dirs)-1]), "main.jsonnet")
	old, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := os.WriteFile(file, append(slices.Clip(old), edit...), 0o666); err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	return os.WriteFile(file, old, 0o666)
}

// wanted goes by the line's first sample, as a row of the engines does; here no line is
// so quick that it gets more rounds.
func (f *fleet) wanted(name string, cores int) bool {
	have := f.samples[name][cores]
	return len(have) < min(f.rounds, f.roundsAfter(have))
}

func (f *fleet) measure(name string, cores int, j job) error {
	d, err := send(j)
	if err != nil {
		return err
	}
	if f.samples[name] == nil {
		f.samples[name] = map[int][]sample{}
		f.lines = append(f.lines, name)
	}
	s := total(d)
	f.samples[name][cores] = append(f.samples[name][cores], s)
	fmt.Fprintf(f.log, "%s, %d cores: wall %s, CPU %s, %s %s %s\n", name, cores,
		seconds(s.Wall), seconds(s.CPU), megabytes(s.RSS), s.Failure, s.Detail)
	return nil
}

func (f *fleet) table() string {
	head := []string{""}
	for _, cores := range coreCounts() {
		head = append(head, plural(cores)+": wall, s", "CPU, s", "RSS")
	}
	t := newTable(append(head, "1 core ÷ 2 cores, wall")...)
	for _, name := range f.lines {
		line := []string{name}
		for _, cores := range coreCounts() {
			line = append(line, fleetCells(minimum(f.samples[name][cores]))...)
		}
		t.add(append(line, f.speedUp(name))...)
	}
	return t.String()
}

func plural(cores int) string {
	if cores == 1 {
		return "1 core"
	}
	return fmt.Sprintf("%d cores", cores)
}

func fleetCells(s sample) []string {
	if s.Failure != "" {
		return []string{s.Failure, "", ""}
	}
	return []string{seconds(s.Wall), seconds(s.CPU), megabytes(s.RSS)}
}

func (f *fleet) speedUp(name string) string {
	one, two := minimum(f.samples[name][1]), minimum(f.samples[name][2])
	if one.Failure != "" || two.Failure != "" || two.Wall == 0 {
		return "–"
	}
	return factor(float64(one.Wall) / float64(two.Wall))
}

// verdict says whether the number of cores shows in what is written.
func (f *fleet) verdict() string {
	switch {
	case len(f.digests) < 2:
		return ""
	case f.digests[1] == f.digests[2]:
		return "\nThe exported files are equal on one core and on two.\n"
	}
	return "\n**The exported files differ between one core and two.**\n"
}

// digest is over the paths and contents of all files below dir.
func digest(dir string) (string, error) {
	hash := sha256.New()
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(dir, name))
		fmt.Fprintf(hash, "%s %d\n%s", name, len(text), text)
		return err
	})
	return fmt.Sprintf("%x", hash.Sum(nil)), err
}

func removeAll(paths ...string) error {
	for _, p := range paths {
		if err := os.RemoveAll(p); err != nil {
			return err
		}
	}
	return nil
}
