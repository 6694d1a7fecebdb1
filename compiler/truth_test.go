package compiler_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/couplet-k8s/couplet/compiler"
	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/bundle"
	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// overlay is a tree in which one file has another text.
type overlay struct {
	source.FS
	name string
	text string
}

func (o overlay) ReadFile(name string) ([]byte, error) {
	if name == o.name {
		return []byte(o.text), nil
	}
	return o.FS.ReadFile(name)
}

// truthApp is an app whose fields are asked where they came from.
type truthApp struct {
	name   string
	dir    string
	fields int
	// envs are the names of environments, nil for all.
	envs []string
}

// leaf is a field or element that is no container.
type leaf struct {
	env    *app.Environment
	object object.Object
	path   *value.Path
	value  value.Value
	span   source.Span
}

func (l leaf) String() string {
	return fmt.Sprintf("%s %s %s", l.env.Name, l.object.Identity(), l.path)
}

// truth counts what became of the fields.
type truth struct {
	literal, computed, unmoved, refused, added, unknown int
}

// TestTruth changes, for fields chosen at random, the literal that is reported to have
// made the field, and expects the field to change with it.
func TestTruth(t *testing.T) {
	apps := []truthApp{
		{name: "this repository", dir: "..", fields: 450},
		{name: "a Tanka tree", dir: benchmarkTree(t), fields: 450, envs: []string{"environments/shop-000-dev", "environments/shop-001-dev", "environments/shop-002-dev"}},
		{name: "the standard library", dir: unpacked(t, "testdata/truth.txtar"), fields: 200},
	}
	if dir := os.Getenv("KUBE_PROMETHEUS"); dir != "" {
		apps = append(apps, truthApp{name: "kube-prometheus", dir: dir, fields: 200, envs: []string{"example.jsonnet"}})
	}
	all := 0
	for _, a := range apps {
		t.Run(a.name, func(t *testing.T) {
			if testing.Short() {
				a.fields /= 10
			}
			all += a.test(t)
		})
	}
	if all < 1000 && !testing.Short() {
		t.Errorf("only %d fields", all)
	}
}

// benchmarkTree writes the trees that the benchmark measures.
func benchmarkTree(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	cmd := exec.Command("go", "run", "./cmd/internal/benchmark", "-environments", dir, "-count", "3")
	cmd.Dir = ".."
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return dir
}

func unpacked(t *testing.T, archive string) string {
	t.Helper()
	a, err := txtar.ParseFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range a.Files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func (a truthApp) test(t *testing.T) int {
	t.Chdir(a.dir)
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	finder := app.Finder{Files: compiler.Files(source.Disk{}), Dir: filepath.ToSlash(dir)}
	var leaves []leaf
	for _, env := range a.environments(t, finder) {
		b := compileTraced(t, finder.Files, env)
		for _, o := range b.Objects {
			leaves = append(leaves, leavesOf(b.Environment, o)...)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	random.Shuffle(len(leaves), func(i, j int) { leaves[i], leaves[j] = leaves[j], leaves[i] })
	leaves = leaves[:min(len(leaves), a.fields)]
	var sum truth
	changes := map[string]*bundle.Bundle{}
	for _, l := range leaves {
		sum.check(t, l, changes)
	}
	t.Logf("%d fields: %+v", len(leaves), sum)
	if sum.unknown*20 > len(leaves) {
		t.Errorf("%d of %d fields have no place", sum.unknown, len(leaves))
	}
	return len(leaves)
}

func (a truthApp) environments(t *testing.T, finder app.Finder) []*app.Environment {
	t.Helper()
	if a.envs == nil {
		found, problems := finder.App()
		if problems.HasErrors() {
			t.Fatal(problems)
		}
		return found.Environments
	}
	var envs []*app.Environment
	for _, name := range a.envs {
		env, problems := finder.Environment(name)
		if problems.HasErrors() {
			t.Fatal(problems)
		}
		envs = append(envs, env)
	}
	return envs
}

func compileTraced(t *testing.T, files *source.Set, env *app.Environment) *bundle.Bundle {
	t.Helper()
	b, found := compiler.Compile(context.Background(), files, env, compiler.Options{Provenance: true})
	if found.HasErrors() {
		t.Fatal(found)
	}
	plain, found := compiler.Compile(context.Background(), files, env, compiler.Options{})
	if found.HasErrors() {
		t.Fatal(found)
	}
	if assembly(t, plain) != assembly(t, b) {
		t.Errorf("%s: with provenance the objects are others", env.Name)
	}
	return b
}

func leavesOf(env *app.Environment, o object.Object) []leaf {
	var all []leaf
	var walk func(v value.Value, path *value.Path)
	walk = func(v value.Value, path *value.Path) {
		for _, f := range v.Fields() {
			walk(f.Value, path.Member(f.Name))
		}
		for i, item := range v.Items() {
			walk(item, path.Item(i))
		}
		if v.Kind() != value.KindObject && v.Kind() != value.KindArray && !v.IsNull() {
			all = append(all, leaf{env, o, path, v, o.Source.Span(v.Origin())})
		}
	}
	walk(o.Value, nil)
	return all
}

// check changes what made a field.
func (sum *truth) check(t *testing.T, l leaf, changes map[string]*bundle.Bundle) {
	t.Helper()
	if object.Added(l.value.Origin()) != "" {
		sum.added++
		return
	}
	if !l.span.HasPlace() {
		sum.unknown++
		t.Logf("no place: %s = %v", l, l.value.ToGo())
		return
	}
	if changed, ok := otherLiteral(l.span); ok {
		sum.literal++
		got, evaluated := l.after(t, l.span, changed, changes)
		if !evaluated {
			sum.refused++
			return
		}
		if want := changedValue(l.value); !value.Equal(got, want) {
			t.Errorf("%s = %v: %s is said to be %s, and with %s it is %v", l, l.value.ToGo(), locationOf(l.span), textOf(l.span), changed, got.ToGo())
		}
		return
	}
	sum.computed++
	sum.checkOperands(t, l, changes)
}

// checkOperands expects a computed field to change with one of its operands that are
// literals, or counts it.
func (sum *truth) checkOperands(t *testing.T, l leaf, changes map[string]*bundle.Bundle) {
	t.Helper()
	tried := 0
	for _, step := range l.object.Source.Chain(l.value.Origin()) {
		changed, ok := otherLiteral(step.Span)
		if step.Kind != eval.Operand || !ok {
			continue
		}
		tried++
		if got, evaluated := l.after(t, step.Span, changed, changes); !evaluated || !value.Equal(got, l.value) {
			return
		}
	}
	sum.unmoved++
	if tried > 0 {
		t.Logf("computed, and no operand moves it: %s = %v, %s %s", l, l.value.ToGo(), locationOf(l.span), textOf(l.span))
	}
}

// after gives what the field is when one place has another text; false where the program
// does not evaluate with it.
func (l leaf) after(t *testing.T, at source.Span, text string, changes map[string]*bundle.Bundle) (value.Value, bool) {
	t.Helper()
	key := fmt.Sprintf("%s %s %d", l.env.Name, at.File.Name(), at.Start)
	b, done := changes[key]
	if !done {
		old := at.File.Text()
		tree := overlay{source.Disk{}, at.File.Name(), old[:at.Start] + text + old[at.End:]}
		files := compiler.Files(tree)
		if strings.HasPrefix(at.File.Name(), app.LibraryDir) {
			files = source.NewSet(overlay{compiler.Files(source.Disk{}).FS(), tree.name, tree.text})
		}
		b, _ = compiler.Compile(context.Background(), files, l.env, compiler.Options{Trace: io.Discard})
		changes[key] = b
	}
	if b == nil {
		return value.Null, false
	}
	i := slices.IndexFunc(b.Objects, func(o object.Object) bool { return o.Path == l.object.Path })
	if i < 0 {
		return value.Null, false
	}
	got, _, whole := b.Objects[i].Value.Follow(l.path)
	if !whole {
		return value.Null, false
	}
	return got, true
}

func textOf(s source.Span) string {
	if !s.HasPlace() {
		return ""
	}
	return s.File.Text()[s.Start:s.End]
}

func locationOf(s source.Span) string {
	at := s.File.Position(s.Start)
	return fmt.Sprintf("%s:%d:%d", s.File.Name(), at.Line, at.Column)
}

// otherLiteral gives another literal in the place of one.
func otherLiteral(s source.Span) (string, bool) {
	text := textOf(s)
	isPlain := s.HasPlace() && path.Ext(s.File.Name()) == ".yaml"
	switch text {
	case "":
		return "", false
	case "true":
		return "false", true
	case "false":
		return "true", true
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil && text[0] >= '0' && text[0] <= '9' {
		return strconv.FormatFloat(f+1, 'f', -1, 64), true
	}
	quote := strings.TrimPrefix(text, "@")[:1]
	if (quote == "'" || quote == `"`) && strings.HasSuffix(text, quote) && !strings.Contains(strings.ReplaceAll(text[1:len(text)-1], `\`+quote, ""), quote) {
		return text[:len(text)-1] + "x" + quote, true
	}
	if isPlain && strings.Trim(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./ ") == "" && strings.Trim(text, " ") == text {
		return text + "x", true
	}
	return "", false
}

// changedValue is what otherLiteral makes of a literal's value.
func changedValue(v value.Value) value.Value {
	switch v.Kind() {
	case value.KindBool:
		return value.Bool(!v.Bool())
	case value.KindNumber:
		return value.Number(v.Float() + 1)
	}
	return value.String(v.Str() + "x")
}
