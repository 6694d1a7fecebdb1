package lib

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"
	"github.com/google/go-jsonnet/formatter"
	"github.com/google/go-jsonnet/linter"
)

// importer resolves imports as a jsonnet with `-J lib` does, over paths relative
// to the root of the repository. The library itself comes out of Files, so that
// what is tested is what ships.
type importer map[string]jsonnet.Contents

func (im importer) Import(from, imported string) (jsonnet.Contents, string, error) {
	for _, name := range []string{path.Join(path.Dir(from), imported), path.Join("lib", imported)} {
		if contents, err := im.load(name); err == nil {
			return contents, name, nil
		}
	}
	return jsonnet.Contents{}, "", fmt.Errorf("%s: no such import", imported)
}

func (im importer) load(name string) (jsonnet.Contents, error) {
	if contents, ok := im[name]; ok {
		return contents, nil
	}
	text, err := read(name)
	if err == nil {
		im[name] = jsonnet.MakeContentsRaw(text)
	}
	return im[name], err
}

func read(name string) ([]byte, error) {
	if shipped, ok := strings.CutPrefix(name, "lib/"); ok && path.Ext(name) == ".libsonnet" {
		return Files.ReadFile(shipped)
	}
	return os.ReadFile(filepath.Join("..", filepath.FromSlash(name)))
}

func newVM() *jsonnet.VM {
	vm := jsonnet.MakeVM()
	vm.Importer(importer{})
	return vm
}

// sources lists the jsonnet files of the library and of the repository's own app.
func sources(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, root := range []string{"lib", "components", "environments"} {
		err := fs.WalkDir(os.DirFS(".."), root, func(name string, entry fs.DirEntry, err error) error {
			if ext := path.Ext(name); err == nil && (ext == ".jsonnet" || ext == ".libsonnet") {
				names = append(names, name)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return names
}

// TestLibrary runs the tests that stand beside the library. Such a file yields
// {name: {got: value, want: value}}.
func TestLibrary(t *testing.T) {
	files, err := filepath.Glob("couplet/*_test.jsonnet")
	if err != nil || len(files) == 0 {
		t.Fatalf("no tests of the library: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) { runFile(t, path.Join("lib", filepath.ToSlash(file))) })
	}
}

func runFile(t *testing.T, file string) {
	text, err := newVM().EvaluateFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var cases map[string]struct{ Got, Want *any }
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&cases); err != nil {
		t.Fatalf("want {name: {got: value, want: value}}: %v", err)
	}
	if len(cases) == 0 {
		t.Fatal("the file holds no tests")
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if c.Got == nil || c.Want == nil {
				t.Fatal("got and want must both be there, and not null")
			}
			if diff := cmp.Diff(*c.Want, *c.Got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// TestErrors holds the library to saying what is wrong with its arguments.
func TestErrors(t *testing.T) {
	const prelude = `
		local app = import 'couplet/app.libsonnet';
		local batch = import 'couplet/batch.libsonnet';
		local monitoring = import 'couplet/monitoring.libsonnet';
		local pod = import 'couplet/pod.libsonnet';
		local tenant = import 'couplet/tenant.libsonnet';
		local web = import 'couplet/web.libsonnet';
		local base = app.new({ a: { params:: { x: 1, y: 2 } }, b: [] });
		local container = pod.container('image', ports={ http: 80 });
		local deployment = web.deployment('shop', container);
	`
	for _, c := range []struct{ snippet, want string }{
		{`app.new({ with: {} })`, `no component can have the name with`},
		{`base.with({ c: {} })`, `parameters for component c: no such component; the app has a, b`},
		{`base.with({ b: {} })`, `parameters for component b: it takes none; these do: a`},
		{`base.with({ a: { z: 1, w: 2 } })`, `component a has no parameter w, z; it has x, y`},
		{`app.new({}, { a: {} })`, `no such component`},
		{`pod.container('image', liveness='/alive')`, `liveness is a path, which needs a port`},
		{`pod.container('image', envFrom=[deployment])`, `envFrom: a Deployment cannot stand here; give one of ConfigMap, Secret,`},
		{`pod.template(pod.container('image', mounts={ '/a': deployment }), {})`, `mounts /a: a Deployment cannot stand here`},
		{`pod.template([
			pod.container('image', mounts={ '/a': { emptyDir: {} } }),
			pod.container('image', mounts={ '/a': pod.config('a', {}) }),
		], {})`, `different things at the same path`},
		{`web.service(web.deployment('shop', pod.container('image')))`, `Service shop: no container has ports`},
		{`web.ingress(web.service(deployment), 'a', port='https')`, `Service shop has no port https; it has http`},
		{`web.httpRoute(web.service(deployment), 'a', 'b', port='https')`, `Service shop has no port https; it has http`},
		{`web.autoscaler(deployment, 3)`, `autoscaler of shop: its Deployment sets replicas too`},
		{`web.autoscaler(web.deployment('shop', container, replicas=null), 3, min=4)`, `min 4 is above max 3`},
		{`batch.array('a', container, 0)`, `Job a: it needs one task at least, and has 0`},
		{`batch.array('a', container, 4, concurrent=0)`, `Job a: with concurrent=0 no task would ever start`},
		{`batch.cron(deployment, '0 3 * * *')`, `cron: give it a Job, not a Deployment`},
		{`tenant.namespace('a', level='strict')`, `there is no level strict; there are privileged, baseline, restricted`},
		{`tenant.new('a', { owner: [] })`, `there is no persona owner; there are admin, developer, viewer`},
		{`tenant.new('a', quota={ gpu: 1 })`, `quota of a: there is no amount gpu; there are cpu, disk, memory, pods`},
		{`tenant.limits('a', { pods: 1 })`, `limits of a: there is no amount pods`},
		{`monitoring.ruleFile('a', [monitoring.group('g', []), monitoring.group('g', [])])`, `rules a: two groups have one name: g, g`},
		{`monitoring.serviceMonitor(web.service(deployment))`, `serviceMonitor of shop: the Service has no port metrics`},
	} {
		got, err := newVM().EvaluateAnonymousSnippet("snippet", prelude+c.snippet)
		if err == nil {
			t.Errorf("%s\nwant an error, got %s", c.snippet, got)
		} else if !regexp.MustCompile(c.want).MatchString(err.Error()) {
			t.Errorf("%s\nwant error %s\ngot %v", c.snippet, c.want, err)
		}
	}
}

// TestEnvironments renders the repository's own app.
func TestEnvironments(t *testing.T) {
	mains, err := fs.Glob(os.DirFS(".."), "environments/*/main.jsonnet")
	if err != nil || len(mains) == 0 {
		t.Fatalf("no environments: %v", err)
	}
	for _, main := range mains {
		text, err := newVM().EvaluateFile(main)
		if err != nil {
			t.Error(err)
			continue
		}
		var components map[string]any
		if err := json.Unmarshal([]byte(text), &components); err != nil || len(components) == 0 {
			t.Errorf("%s: no components: %v", main, err)
		}
	}
}

func TestFormat(t *testing.T) {
	for _, name := range sources(t) {
		text, err := read(name)
		if err != nil {
			t.Fatal(err)
		}
		formatted, err := formatter.Format(name, string(text), formatter.DefaultOptions())
		if err != nil {
			t.Error(err)
		} else if diff := cmp.Diff(formatted, string(text)); diff != "" {
			t.Errorf("%s is not as jsonnetfmt leaves it: -want +got\n%s", name, diff)
		}
	}
}

func TestLint(t *testing.T) {
	for _, name := range sources(t) {
		text, err := read(name)
		if err != nil {
			t.Fatal(err)
		}
		var complaints bytes.Buffer
		snippet := linter.Snippet{FileName: name, Code: string(text)}
		if linter.LintSnippet(newVM(), &complaints, []linter.Snippet{snippet}) {
			t.Errorf("%s", complaints.String())
		}
	}
}

// section is what docs/library.md says of one function: its heading `### file.name`,
// a table of arguments, and examples.
type section struct {
	arguments [][2]string // name and default
	examples  []string
}

var (
	heading  = regexp.MustCompile("(?m)^### `([a-z]+\\.[A-Za-z]+)`$")
	argument = regexp.MustCompile("(?m)^\\| `([A-Za-z]+)` \\| (?:`([^`]*)`)? *\\|")
	example  = regexp.MustCompile("(?ms)^```jsonnet\n(.*?)^```$")
)

func reference(t *testing.T) (text string, sections map[string]section) {
	t.Helper()
	content, err := read("docs/library.md")
	if err != nil {
		t.Fatal(err)
	}
	text, sections = string(content), map[string]section{}
	bounds := heading.FindAllStringSubmatchIndex(text, -1)
	for i, at := range bounds {
		end := len(text)
		if i+1 < len(bounds) {
			end = bounds[i+1][0]
		}
		var s section
		for _, m := range argument.FindAllStringSubmatch(text[at[1]:end], -1) {
			s.arguments = append(s.arguments, [2]string{m[1], m[2]})
		}
		for _, m := range example.FindAllStringSubmatch(text[at[1]:end], -1) {
			s.examples = append(s.examples, m[1])
		}
		sections[text[at[2]:at[3]]] = s
	}
	return text, sections
}

// TestReference compares docs/library.md with the library: every function with its
// arguments and defaults is there, and nothing else.
func TestReference(t *testing.T) {
	_, documented := reference(t)
	for _, file := range []string{"app", "batch", "monitoring", "pod", "tenant", "web"} {
		for name, arguments := range functions(t, file) {
			name = file + "." + name
			s, ok := documented[name]
			if !ok {
				t.Errorf("%s is not documented", name)
			} else if diff := cmp.Diff(arguments, s.arguments); diff != "" {
				t.Errorf("arguments of %s: -library +documented\n%s", name, diff)
			}
			if ok && len(s.examples) == 0 {
				t.Errorf("%s has no example", name)
			}
			delete(documented, name)
		}
	}
	for name := range documented {
		t.Errorf("%s is documented, and not in the library", name)
	}
}

// TestReferenceExamples evaluates each example, with nothing but the library.
func TestReferenceExamples(t *testing.T) {
	text, _ := reference(t)
	for _, m := range example.FindAllStringSubmatchIndex(text, -1) {
		name := fmt.Sprintf("docs/library.md:%d", 2+strings.Count(text[:m[0]], "\n"))
		if _, err := newVM().EvaluateAnonymousSnippet(name, text[m[2]:m[3]]); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// functions lists the functions that a file of the library offers, and of each the
// arguments: name, and default as it is written.
func functions(t *testing.T, file string) map[string][][2]string {
	t.Helper()
	name := path.Join("lib/couplet", file+".libsonnet")
	text, err := read(name)
	if err != nil {
		t.Fatal(err)
	}
	node, err := jsonnet.SnippetToAST(name, string(text))
	if err != nil {
		t.Fatal(err)
	}
	for local, ok := node.(*ast.Local); ok; local, ok = node.(*ast.Local) {
		node = local.Body
	}
	lines := strings.Split(string(text), "\n")
	found := map[string][][2]string{}
	for _, field := range node.(*ast.DesugaredObject).Fields {
		function, ok := field.Body.(*ast.Function)
		if !ok {
			continue
		}
		var arguments [][2]string
		for _, p := range function.Parameters {
			arguments = append(arguments, [2]string{string(p.Name), source(lines, p.DefaultArg)})
		}
		found[field.Name.(*ast.LiteralString).Value] = arguments
	}
	return found
}

// source is the text of an expression of one line.
func source(lines []string, node ast.Node) string {
	if node == nil {
		return ""
	}
	at := node.Loc()
	return lines[at.Begin.Line-1][at.Begin.Column-1 : at.End.Column-1]
}
