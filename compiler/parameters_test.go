package compiler_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/couplet-k8s/couplet/compiler"
	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/source"
)

// parametersOf compiles an app of one environment, whose component is an expression that
// has the parameters in params, and gives the findings about parameters by their paths.
func parametersOf(t *testing.T, body, layer string) []string {
	t.Helper()
	root := t.TempDir()
	for name, text := range map[string]string{
		"couplet.yaml": "apiVersion: couplet/v1\nkind: App\nname: shop\nenvironments: { prod: {} }\n",
		"environments/prod/main.jsonnet": `local app = import 'couplet/app.libsonnet';
local web = {
  local params = self.params,
  params:: { a: 1, b: { x: 1, y: { z: 2 } }, c: [1, { d: 2 }], text: 'b' },
  config: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' }, data: { TEXT: '' + (` + body + `) } },
};
app.new({ web: web }).with({ web: ` + layer + ` })
`,
	} {
		at := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(at), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(root)
	files := compiler.Files(source.Disk{})
	a, found := app.Finder{Files: files, Dir: filepath.ToSlash(root)}.App()
	if found.HasErrors() {
		t.Fatal(found)
	}
	results := compiler.CompileAll(context.Background(), files, a.Environments, compiler.Options{Parameters: true}, func() {})
	if results[0].Found.HasErrors() {
		t.Fatal(body, results[0].Found)
	}
	var paths []string
	for _, d := range compiler.Unused(results, true) {
		if d.Code == diag.ParameterUnread && d.Span.HasPlace() {
			paths = append(paths, d.Path)
		}
	}
	return paths
}

// TestUnread: what counts as reading a parameter.
func TestUnread(t *testing.T) {
	const layer = "{ a: 2, b+: { y: { z: 3, w: 4 } }, c: [], text: 'a' }"
	const all = "web.a web.b web.c web.text"
	for _, c := range []struct{ body, want string }{
		{`1`, all},
		{`params.a`, "web.b web.c web.text"},
		{`params`, ""},
		{`params.b`, "web.a web.c web.text"},
		{`params.b.x`, "web.a web.b.y web.c web.text"},
		{`params.b.y.z`, "web.a web.b.y.w web.c web.text"},
		{`params[params.text]`, "web.b web.c"},
		{`std.toString(params.b)`, "web.a web.c web.text"},
		{`std.manifestYamlDoc(params)`, ""},
		{`std.objectValues(params)`, ""},
		{`std.length(std.objectValues(params.b))`, "web.a web.b.y web.c web.text"},
		{`std.length(std.objectFields(params))`, all},
		{`std.mergePatch(params, { a: 3 })`, ""},
		{`std.mergePatch({ a: 3 }, params.b)`, "web.a web.c web.text"},
		{`params == {}`, all},
		{`params.b == { x: 1, y: { z: 3, w: 4 } }`, "web.a web.c web.text"},
		{`[params[name] for name in std.objectFields(params)]`, ""},
		{`{ [name]: params[name] for name in ['a', 'c'] }`, "web.b web.text"},
		{`std.mapWithKey(function(name, v) v, params)`, ""},
		{`(params + { extra: self.a }).extra`, "web.b web.c web.text"},
		{`(params { a: super.a + 1 }).a`, "web.b web.c web.text"},
		{`std.get(params, 'a')`, "web.b web.c web.text"},
		{`std.get(params, 'none', 'x')`, all},
		{`'a' in params`, all},
		{`'%(a)d %(text)s' % params`, "web.b web.c"},
		{`std.prune(params)`, ""},
		{`local b = params.b; if b.x == 1 then 'one' else params.a`, "web.a web.b.y web.c web.text"},
		{`local f(p) = p.b.y; f(params).w`, "web.a web.b.y.z web.c web.text"},
		{`std.objectKeysValues(params.b)`, "web.a web.c web.text"},
		{`[x for x in [params]][0].a`, "web.b web.c web.text"},
	} {
		got := parametersOf(t, c.body, layer)
		slices.Sort(got)
		if text := strings.Join(got, " "); text != c.want {
			t.Errorf("%s: unread is\n  %q, want\n  %q", c.body, text, c.want)
		}
	}
}

// TestUnreadLayers: layers of other forms than a literal, and ones that read themselves.
func TestUnreadLayers(t *testing.T) {
	for _, c := range []struct{ layer, want string }{
		{`{ a: self.text, text: 'x' }`, ""},
		{`{ local web = self, b: { x: web.a }, a: 3 }`, "web.b"},
		{`{ [name]: 1 for name in ['a', 'c'] }`, ""},
		{`{ a: 1 } + { c: [] }`, "web.c"},
		{`std.parseYaml('{"a": 1, "c": 2}')`, ""},
		{`{ a+: 1 }`, ""},
		{`{ a: 2, c:: 3 }`, ""},
	} {
		if got := strings.Join(parametersOf(t, `params.a`, c.layer), " "); got != c.want {
			t.Errorf("%s: unread is %q, want %q", c.layer, got, c.want)
		}
	}
}
