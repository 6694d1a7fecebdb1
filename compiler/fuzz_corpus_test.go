package compiler_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/couplet-k8s/couplet/compiler/internal/generate"
)

// corpora are the programs that are mutated: those of go-jsonnet's tests, of
// testdata/lang, of lib and components, and of the folders that the environment
// variable CORPUS lists.
type corpora struct {
	files   map[string]string
	entries []string // of files, those to mutate
}

// maxEntry bounds the texts that are mutated.
const maxEntry = 6000

var fuzzCorpora = struct {
	sync.Once
	corpora
}{}

func openCorpora(t testing.TB) *corpora {
	c := &fuzzCorpora.corpora
	fuzzCorpora.Do(func() {
		c.files = map[string]string{}
		c.addDir(t, "go-jsonnet", filepath.Join(moduleDir(t, "github.com/google/go-jsonnet"), "testdata"))
		c.addDir(t, "lib", "../lib")
		c.addDir(t, "components", "../components")
		c.addArchives(t, "../testdata/lang/*.txtar")
		for _, dir := range filepath.SplitList(os.Getenv("CORPUS")) {
			c.addDir(t, filepath.Base(dir), dir)
		}
		slices.Sort(c.entries)
	})
	return c
}

func (c *corpora) add(name, text string) {
	c.files[name] = text
	if ext := filepath.Ext(name); (ext == ".jsonnet" || ext == ".libsonnet") && len(text) <= maxEntry {
		c.entries = append(c.entries, name)
	}
}

func (c *corpora) addDir(t testing.TB, as, dir string) {
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || !isCorpusFile(name) {
			return nil
		}
		text, err := os.ReadFile(name)
		rel, _ := filepath.Rel(dir, name)
		c.add(as+"/"+filepath.ToSlash(rel), string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func isCorpusFile(name string) bool {
	switch filepath.Ext(name) {
	case ".jsonnet", ".libsonnet", ".json", ".txt", ".bin":
		return true
	}
	return false
}

func (c *corpora) addArchives(t testing.TB, pattern string) {
	archives, _ := filepath.Glob(pattern)
	for _, name := range archives {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		dir := "lang/" + strings.TrimSuffix(filepath.Base(name), ".txtar") + "/"
		for _, f := range archive.Files {
			if !strings.HasPrefix(f.Name, "out/") {
				c.add(dir+f.Name, string(f.Data))
			}
		}
	}
}

// mutated makes a program of one of the corpora's.
func (c *corpora) mutated(choices *generate.Choices) tree {
	name := c.entries[choices.Wide(len(c.entries))]
	text := generate.Mutate(choices, c.files[name])
	return tree{program: generate.Program{Files: []generate.File{{Path: name, Text: text}}}, base: c.files}
}

func generated(choices *generate.Choices) tree { return tree{program: generate.Generate(choices)} }
