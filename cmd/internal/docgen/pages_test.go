package main

import (
	"encoding/json"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/couplet-k8s/couplet/compiler/app"
)

// markdown lists the pages of docs/, and those at the root that are there.
func markdown(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/*/*.md"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range found {
			rel, err := filepath.Rel(root, name)
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, filepath.ToSlash(rel))
		}
	}
	return names
}

var (
	linkTarget = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading    = regexp.MustCompile(`(?m)^#+ (.+)$`)
)

// TestLinks follows the links between the pages.
func TestLinks(t *testing.T) {
	followed := 0
	for _, page := range markdown(t) {
		for _, m := range linkTarget.FindAllStringSubmatch(outsideBlocks(readRoot(t, page)), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			followed++
			file, anchor, _ := strings.Cut(m[1], "#")
			target := path.Join(path.Dir(page), file)
			if file == "" {
				target = page
			}
			if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(target))); err != nil {
				t.Errorf("%s links to %s, which is not there", page, m[1])
			} else if anchor != "" && !slices.Contains(anchors(readRoot(t, target)), anchor) {
				t.Errorf("%s links to %s, and %s has no such heading", page, m[1], target)
			}
		}
	}
	if followed < 50 {
		t.Errorf("only %d links", followed)
	}
}

// anchors are the names that GitHub gives to a page's headings.
func anchors(page string) []string {
	var out []string
	for _, m := range heading.FindAllStringSubmatch(outsideBlocks(page), -1) {
		name := strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case strings.ContainsRune("`.,:;?!'\"()/[]{}*+&|<>=@$%", r):
				return -1
			}
			return r
		}, strings.ToLower(strings.TrimSpace(m[1])))
		out = append(out, name)
	}
	return out
}

// TestGoNames wants that exported Go names on the pages exist.
func TestGoNames(t *testing.T) {
	names, _ := exported(t)
	ours := map[string]bool{}
	for name := range names {
		prefix, _, _ := strings.Cut(name, ".")
		ours[prefix] = true
	}
	for _, page := range markdown(t) {
		for _, m := range inBackquotes.FindAllStringSubmatch(outsideBlocks(readRoot(t, page)), -1) {
			if g := goName.FindStringSubmatch(m[1]); g != nil && ours[g[1]] && !names[m[1]] {
				t.Errorf("%s: there is no exported `%s`", page, m[1])
			}
		}
	}
}

// TestAppKeys wants that docs/app.md explains every key of couplet.yaml.
func TestAppKeys(t *testing.T) {
	var schema struct {
		Properties  map[string]any
		Definitions map[string]struct{ Properties map[string]any }
	}
	if err := json.Unmarshal([]byte(app.Schema), &schema); err != nil {
		t.Fatal(err)
	}
	page := readRoot(t, "docs/app.md")
	keys := 0
	for _, properties := range []map[string]any{schema.Properties, schema.Definitions["environment"].Properties} {
		for key := range properties {
			keys++
			if !strings.Contains(page, "\n| `"+key+"` | ") {
				t.Errorf("docs/app.md does not explain `%s`", key)
			}
		}
	}
	if keys < 8 {
		t.Errorf("only %d keys", keys)
	}
}

// TestDependencies wants that docs/rationale.md says why of each direct dependency.
func TestDependencies(t *testing.T) {
	var modules []string
	for line := range strings.Lines(readRoot(t, "go.mod")) {
		fields := strings.Fields(strings.TrimPrefix(line, "require "))
		if len(fields) >= 2 && strings.Contains(fields[0], "/") && fields[0] != "module" && !strings.Contains(line, "// indirect") {
			modules = append(modules, fields[0])
		}
	}
	var rows []string
	for _, m := range regexp.MustCompile(`(?m)^\| ([a-z0-9.]+/\S+) \| `).FindAllStringSubmatch(readRoot(t, "docs/rationale.md"), -1) {
		rows = append(rows, m[1])
	}
	slices.Sort(modules)
	slices.Sort(rows)
	if !slices.Equal(modules, rows) {
		t.Errorf("docs/rationale.md explains\n%v, and go.mod requires\n%v", rows, modules)
	}
}

// TestGlossaryOrder wants the words of the glossary in order, each once.
func TestGlossaryOrder(t *testing.T) {
	var words []string
	for _, m := range regexp.MustCompile(`(?m)^\*\*([^*]+)\*\* `).FindAllStringSubmatch(readRoot(t, "docs/glossary.md"), -1) {
		words = append(words, m[1])
	}
	if len(words) < 20 || !slices.IsSorted(words) || len(slices.Compact(slices.Clone(words))) != len(words) {
		t.Errorf("the glossary is not in order: %v", words)
	}
}

// TestConversation wants the page about the companion to show the conversation that the
// tests of both sides hold.
func TestConversation(t *testing.T) {
	recorded := readRoot(t, "testdata/wire/conversation.txt")
	if !strings.Contains(readRoot(t, "docs/companion.md"), "```text\n"+recorded+"```\n") {
		t.Error("docs/companion.md does not show testdata/wire/conversation.txt as it is")
	}
}
