package app

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/couplet-k8s/couplet/compiler/decode"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/source"
)

const editHead = "apiVersion: couplet/v1\nkind: App\nname: shop\n"

func parseText(t *testing.T, text string) *App {
	t.Helper()
	a, found := Parse(source.NewFile(FileName, text))
	if found.HasErrors() {
		t.Fatalf("%v\n%s", found, text)
	}
	return a
}

func ptr[T any](v T) *T { return &v }

// An editCase edits the environments below editHead.
type editCase struct {
	name          string
	before, after string
	edit          func(a *App) (*App, diag.List)
}

func add(name string, s Settings) func(a *App) (*App, diag.List) {
	return func(a *App) (*App, diag.List) { return a.AddEnvironment(name, s) }
}

func set(name string, s Settings) func(a *App) (*App, diag.List) {
	return func(a *App) (*App, diag.List) { return a.SetEnvironment(name, s) }
}

func rm(name string) func(a *App) (*App, diag.List) {
	return func(a *App) (*App, diag.List) { return a.RemoveEnvironment(name) }
}

var allSettings = Settings{
	Path: ptr("elsewhere"), Kubernetes: ptr("1.37"), Context: ptr("kind-qa"), Namespace: ptr("shop-qa"),
	Labels: []LabelSetting{{Key: "example.com/team", Value: "qa"}, {Key: "on", Value: "yes"}},
	Stage:  ptr(3), Targets: ptr([]string{"web", "y", "a, b"}),
}

const allMembers = `    path: elsewhere
    kubernetes: "1.37"
    destination:
      context: kind-qa
      namespace: shop-qa
    labels:
      example.com/team: qa
      "on": "yes"
    stage: 3
    targets: [web, "y", "a, b"]
`

var addCases = []editCase{
	{"no environments", "", "\nenvironments:\n  qa: {}\n", add("qa", Settings{})},
	{"an empty object", "environments: {} # none yet\n# end\n", "environments: # none yet\n  qa: {}\n# end\n", add("qa", Settings{})},
	{"all settings", "environments: {}\n", "environments:\n  qa:\n" + allMembers, add("qa", allSettings)},
	{"a single short one", "environments:\n  dev: {}\n", "environments:\n  dev: {}\n  qa: {}\n", add("qa", Settings{})},
	{"a single long one", "environments:\n  dev:\n    stage: 1\n\n# end\n", "environments:\n  dev:\n    stage: 1\n\n  qa: {}\n\n# end\n", add("qa", Settings{})},
	{
		"blank lines between", "environments:\n  a: {}\n\n  # of b\n  b: {}\n# end\n",
		"environments:\n  a: {}\n\n  # of b\n  b: {}\n\n  qa: {}\n# end\n", add("qa", Settings{}),
	},
	{
		"no blank lines between", "environments:\n  a:\n    stage: 1\n  # of b\n  b:\n    stage: 2\n",
		"environments:\n  a:\n    stage: 1\n  # of b\n  b:\n    stage: 2\n  qa: {}\n", add("qa", Settings{}),
	},
	{
		"no line end at the end of the file", "environments:\n  a:\n    stage: 1",
		"environments:\n  a:\n    stage: 1\n\n  qa:\n    stage: 2", add("qa", Settings{Stage: ptr(2)}),
	},
	{
		"CRLF", "environments:\r\n  a: {}\r\n", "environments:\r\n  a: {}\r\n  qa:\r\n    stage: 2\r\n",
		add("qa", Settings{Stage: ptr(2)}),
	},
	{
		"deep indentation", "environments:\n    a:\n        stage: 1\n    b: {}\n",
		"environments:\n    a:\n        stage: 1\n    b: {}\n    qa:\n        destination:\n            namespace: x\n",
		add("qa", Settings{Namespace: ptr("x")}),
	},
	{
		"comments that belong to the last", "environments:\n  a:\n    stage: 1\n    # targets: [x]\n  # not it\n",
		"environments:\n  a:\n    stage: 1\n    # targets: [x]\n\n  qa: {}\n  # not it\n", add("qa", Settings{}),
	},
	{"a path for a name", "environments:\n  a: {}\n", "environments:\n  a: {}\n  eu/1.0: {}\n", add("eu/1.0", Settings{})},
	{"a name that is a number", "environments:\n  a: {}\n", "environments:\n  a: {}\n  \"1.0\": {}\n", add("1.0", Settings{})},
	{"a document end", "environments:\n  a: {}\n...\n", "environments:\n  a: {}\n  qa: {}\n...\n", add("qa", Settings{})},
	{
		"not the last key", "environments:\n  a: {}\n\n# spare\n", "environments:\n  a: {}\n  qa: {}\n\n# spare\n",
		add("qa", Settings{}),
	},
	{"empty settings", "environments:\n  a: {}\n", "environments:\n  a: {}\n  qa: {}\n", add("qa", Settings{Kubernetes: ptr(""), Targets: &[]string{}})},
}

var setCases = []editCase{
	{
		"a value with a comment", "environments:\n  a:\n    kubernetes: \"1.36\"   # newest\n    stage: 1\n",
		"environments:\n  a:\n    kubernetes: \"1.37\"   # newest\n    stage: 1\n", set("a", Settings{Kubernetes: ptr("1.37")}),
	},
	{
		"the quotes stay", "environments:\n  a:\n    kubernetes: '1.36'\n    path: \"x # y\" # z\n",
		"environments:\n  a:\n    kubernetes: '1.37'\n    path: \"y\" # z\n", set("a", Settings{Kubernetes: ptr("1.37"), Path: ptr("y")}),
	},
	{
		"aligned, with a tab", "environments:\n  a:\n    stage:      1\t# first\n", "environments:\n  a:\n    stage:      2\t# first\n",
		set("a", Settings{Stage: ptr(2)}),
	},
	{
		"quoted keys", "\"environments\":\n  'a':\n    \"stage\" : 1\n", "\"environments\":\n  'a':\n    \"stage\" : 2\n",
		set("a", Settings{Stage: ptr(2)}),
	},
	{
		"the order of the schema", "environments:\n  a:\n    # of kubernetes\n    kubernetes: \"1.37\"\n    # of stage\n    stage: 1\n  b:\n",
		"environments:\n  a:\n    path: x\n    # of kubernetes\n    kubernetes: \"1.37\"\n    destination:\n      namespace: shop\n    # of stage\n    stage: 1\n    targets: [web]\n  b:\n",
		set("a", Settings{Path: ptr("x"), Namespace: ptr("shop"), Targets: ptr([]string{"web"})}),
	},
	{
		"braces over lines", "environments: {\n}\n# end\n", "environments:\n  a: {}\n# end\n", add("a", Settings{}),
	},
	{"null", "environments:\n  a: # of a\n\n  b:\n", "environments:\n  a: # of a\n    stage: 1\n\n  b:\n", set("a", Settings{Stage: ptr(1)})},
	{"a written null", "environments:\n  a: ~ # of a\n", "environments:\n  a: # of a\n    stage: 1\n", set("a", Settings{Stage: ptr(1)})},
	{"an empty object below", "environments:\n  a:\n    {}\n  b:\n", "environments:\n  a:\n    stage: 1\n  b:\n", set("a", Settings{Stage: ptr(1)})},
	{
		"server for context", "environments:\n  a:\n    destination:\n      # where\n      context: kind # here\n      namespace: x\n",
		"environments:\n  a:\n    destination:\n      # where\n      server: https://a.example # here\n      namespace: x\n",
		set("a", Settings{Server: ptr("https://a.example")}),
	},
	{
		"context for server", "environments:\n  a:\n    destination:\n      server: https://a.example\n",
		"environments:\n  a:\n    destination:\n      context: kind\n", set("a", Settings{Context: ptr("kind")}),
	},
	{
		"the last of a destination", "environments:\n  a:\n    destination:\n      namespace: x\n    stage: 1\n",
		"environments:\n  a:\n    stage: 1\n", set("a", Settings{Namespace: ptr("")}),
	},
	{
		"the last of all", "environments:\n  a:\n    destination:\n      namespace: x\n\n  b:\n",
		"environments:\n  a: {}\n\n  b:\n", set("a", Settings{Namespace: ptr("")}),
	},
	{
		"labels", "environments:\n  a:\n    labels:\n      x.example/y: z\n      # of b\n      b: c\n      d: 'e'\n",
		"environments:\n  a:\n    labels:\n      x.example/y: \"true\"\n      d: 'f'\n      g: h\n",
		set("a", Settings{Labels: []LabelSetting{
			{Key: "x.example/y", Value: "true"}, {Key: "b", Remove: true}, {Key: "g", Value: "h"}, {Key: "d", Value: "f"},
		}}),
	},
	{
		"the last label", "environments:\n  a:\n    stage: 1\n    # of labels\n    labels:\n      b: c\n",
		"environments:\n  a:\n    stage: 1\n", set("a", Settings{Labels: []LabelSetting{{Key: "b", Remove: true}}}),
	},
	{
		"targets in brackets", "environments:\n  a:\n    targets: [ a, 'b, #c' ] # all\n",
		"environments:\n  a:\n    targets: [a, c] # all\n", set("a", Settings{Targets: ptr([]string{"a", "c"})}),
	},
	{
		"targets in brackets over lines", "environments:\n  a:\n    targets: [ # all\n      a,\n      b\n    ]\n    stage: 1\n",
		"environments:\n  a:\n    targets: [c] # all\n    stage: 1\n", set("a", Settings{Targets: ptr([]string{"c"}), Stage: ptr(1)}),
	},
	{
		"targets on lines", "environments:\n  a:\n    targets:\n      # of a\n      - a\n      - b # of b\n      # of c\n      - c\n    stage: 1\n",
		"environments:\n  a:\n    targets:\n      # of a\n      - a\n      - x\n      # of c\n      - c\n    stage: 1\n",
		set("a", Settings{Targets: ptr([]string{"a", "x", "c"})}),
	},
	{
		"targets at the column of their key", "environments:\n  a:\n    targets:\n    - a\n    - b\n    stage: 1\n",
		"environments:\n  a:\n    targets:\n    - b\n    - c\n    stage: 2\n", set("a", Settings{Targets: ptr([]string{"b", "c"}), Stage: ptr(2)}),
	},
	{
		"no targets", "environments:\n  a:\n    targets:\n    - a\n    - b\n    # of stage\n    stage: 1\n",
		"environments:\n  a:\n    # of stage\n    stage: 1\n", set("a", Settings{Targets: ptr([]string{})}),
	},
	{
		"a value over lines", "environments:\n  a:\n    path: >-\n      b\n\n    stage: 1\n", "environments:\n  a:\n    path: c\n\n    stage: 1\n",
		set("a", Settings{Path: ptr("c")}),
	},
	{
		"a comment to the left", "environments:\n  a:\n    stage: 1\n# path: x\n    targets: [b]\n  c:\n",
		"environments:\n  a:\n    stage: 1\n# path: x\n    targets: [d]\n  c:\n", set("a", Settings{Targets: ptr([]string{"d"})}),
	},
	{"nothing new", "environments:\n  a:\n    stage: 0x1\n", "environments:\n  a:\n    stage: 0x1\n", set("a", Settings{Stage: ptr(1)})},
	{
		"a merged member", "environments:\n  a: &a\n    stage: 1\n  b:\n    <<: *a\n    path: x\n",
		"environments:\n  a: &a\n    stage: 1\n  b:\n    <<: *a\n    path: x\n    stage: 2\n", set("b", Settings{Stage: ptr(2)}),
	},
}

var removeCases = []editCase{
	{
		"the first", "environments:\n  # of a\n  # of a too\n  a:\n    stage: 1\n\n  # of b\n  b:\n", "environments:\n  # of b\n  b:\n", rm("a"),
	},
	{
		"the middle one", "environments:\n  a:\n\n  # not of b\n\n  # of b\n  b: {}\n\n  # of c\n  c:\n",
		"environments:\n  a:\n\n  # not of b\n\n  # of c\n  c:\n", rm("b"),
	},
	{"the last", "environments:\n  a: {}\n\n  b:\n    labels:\n      x: z\n    # spare\n", "environments:\n  a: {}\n", rm("b")},
	{"the last before another key", "environments:\n  a: {}\n\n  b: {}\n\n# end\n", "environments:\n  a: {}\n\n# end\n", rm("b")},
	{"the only one", "environments: # all\n  # of a\n  a:\n    stage: 1\n\n# end\n", "environments: {} # all\n\n# end\n", rm("a")},
	{"without a line end", "environments:\n  a: {}\n  b: {}", "environments:\n  a: {}", rm("b")},
	{"CRLF", "environments:\r\n  a: {}\r\n\r\n  b: {}\r\n\r\n  c: {}\r\n", "environments:\r\n  a: {}\r\n\r\n  c: {}\r\n", rm("b")},
	{"a dot and a slash", "environments:\n  eu/1.0: {}\n  eu/1: {}\n", "environments:\n  eu/1: {}\n", rm("eu/1.0")},
	{"a dash at the column of the key", "environments:\n  a:\n    targets:\n    - x\n  b:\n", "environments:\n  b:\n", rm("a")},
	{"before one without a blank line", "environments:\n  a:\n\n  b:\n  c:\n", "environments:\n  a:\n\n  c:\n", rm("b")},
	{"braces of its own", "environments:\n  a: {stage: 1}\n  b: {}\n", "environments:\n  b: {}\n", rm("a")},
}

func TestEdit(t *testing.T) {
	for group, cases := range map[string][]editCase{"add": addCases, "set": setCases, "remove": removeCases} {
		for _, c := range cases {
			t.Run(group+"/"+c.name, func(t *testing.T) {
				head := editHead
				if strings.Contains(c.before, "\r\n") {
					head = strings.ReplaceAll(head, "\n", "\r\n")
				}
				a := parseText(t, head+c.before)
				edited, found := c.edit(a)
				if found.HasErrors() {
					t.Fatal(found)
				}
				if got := edited.File.Text(); got != head+c.after {
					t.Errorf("got:\n%q\nwant:\n%q", got, head+c.after)
				}
			})
		}
	}
}

func TestEditRefused(t *testing.T) {
	for _, c := range []struct {
		name, environments, want string
		edit                     func(a *App) (*App, diag.List)
	}{
		{"one line", "{prod: {}, dev: {}}", "CP1009 4:16 cannot remove `environments.prod` without changing other parts of couplet.yaml", rm("prod")},
		{"one line, add", "{prod: {}}", "CP1009 4:1 cannot set `environments.qa` without changing other parts of couplet.yaml", add("qa", Settings{})},
		{"braces", "\n  a: {stage: 1, path: x}", "CP1009 5:7 cannot set `environments.a.stage` without changing other parts of couplet.yaml", set("a", Settings{Stage: ptr(2)})},
		{"braces over lines", " {\n  a: {}, b: {}\n}", "CP1009 5:3 cannot remove `environments.a` without changing other parts of couplet.yaml", rm("a")},
		{"an anchor in use", "\n  a: &a\n    stage: 1\n  b: *a", "CP1009 6:5 cannot set `environments.a.stage` without changing other parts of couplet.yaml", set("a", Settings{Stage: ptr(2)})},
		{"an alias", "\n  a: &a\n    stage: 1\n  b: *a", "CP1009 6:5 cannot set `environments.b.stage` without changing other parts of couplet.yaml", set("b", Settings{Stage: ptr(2)})},
		{"the anchor of an alias", "\n  a: &a\n    stage: 1\n  b: *a", "CP1009 5:3 cannot remove `environments.a` without changing other parts of couplet.yaml", rm("a")},
		{"a question mark", "\n  ? a\n  : stage: 1", "CP1009 5:5 cannot remove `environments.a` without changing other parts of couplet.yaml", rm("a")},
		{"unknown", "\n  prod:\n", "CP1001 app shop has no environment `prd`", rm("prd")},
		{"unknown, set", "\n  prod:\n", "CP1001 app shop has no environment `prd`", set("prd", Settings{Stage: ptr(1)})},
		{"there already", "\n  prod:\n", "CP1008 5:3 environment `prod` is there already", add("prod", Settings{})},
		{"a bad name", "{}", `CP1004 "a b" cannot be the name of an environment`, add("a b", Settings{})},
		{"a bad label", "{}", `CP1004 "-x" cannot be the key of a label`, add("a", Settings{Labels: []LabelSetting{{Key: "-x"}}})},
		{"no such label", "\n  a:\n    labels: {b: c}", "CP1001 6:5 environment a has no label `d`", set("a", Settings{Labels: []LabelSetting{{Key: "d", Remove: true}}})},
		{"a bad version", "{}", `CP1004 environments.a.kubernetes: "new" does not have the form ^1\.[0-9]+$`, add("a", Settings{Kubernetes: ptr("new")})},
		{"a path outside", "{}", "CP1005 the path of environment a leaves the app: `../b`", add("a", Settings{Path: ptr("../b")})},
		{"two clusters", "{}", "CP1004 a destination has a server or a context, not both", add("a", Settings{Server: ptr("https://a"), Context: ptr("b")})},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := editHead + "environments: " + c.environments + "\n"
			edited, found := c.edit(parseText(t, text))
			if edited != nil || len(found) != 1 {
				t.Fatalf("want one finding, got %v", found)
			}
			at := ""
			if s := found[0].Span; s.HasPlace() {
				p := s.File.Position(s.Start)
				at = fmt.Sprintf("%d:%d ", p.Line, p.Column)
			}
			if got := fmt.Sprintf("%s %s%s", found[0].Code, at, found[0].Message); got != c.want {
				t.Errorf("got:\n%s\nwant:\n%s", got, c.want)
			}
		})
	}
}

func TestEditTanka(t *testing.T) {
	a := &App{Layout: Tanka, Root: "."}
	if _, found := a.AddEnvironment("qa", Settings{}); len(found) != 1 || found[0].Code != diag.EditRefused {
		t.Errorf("got %v", found)
	}
}

// editBases are files that all edits must work on.
var editBases = []string{
	editHead + "environments:\n  dev: {}\n",
	editHead + "# all\nenvironments:\n\n  # of dev\n  dev:\n    stage: 1 # first\n    labels:\n      a: b\n\n  prod: # of prod\n    kubernetes: '1.36'\n    targets:\n    - a\n    # of b\n    - b\n    destination:\n      context: x\n\n\n# end\n",
	"---\n" + editHead + "environments:\n    dev:\n    # of nothing\n    prod:\n        path: x\n        # path: y\n        targets: [a, b] # all\n    # end",
	strings.ReplaceAll(editHead+"\"environments\":\n  dev:\n    stage: 2\n  'prod':\n    destination: {}\n    labels:\n        x: w\n        # of z\n        z: \"\"\n\n", "\n", "\r\n"),
	"\ufeff# a mark\nenvironments:\n  dev:\n    kubernetes: \"1.30\"\n  prod: ~\n" + editHead + "...\n",
}

// randomSettings gives settings, and the same as data: what they make of an
// environment.
func randomSettings(r *rand.Rand, env map[string]any) Settings {
	var s Settings
	text := func(in map[string]any, key string, choice ...string) *string {
		if r.IntN(3) > 0 {
			return nil
		}
		to := choice[r.IntN(len(choice))]
		if to == "" {
			delete(in, key)
		} else {
			in[key] = to
		}
		return &to
	}
	s.Path = text(env, "path", "", "a/b", "1.30", "true", "a #b", "it's", `"q"`, "é")
	s.Kubernetes = text(env, "kubernetes", "", "1.30", "1.37")
	destination := child(env, "destination")
	if r.IntN(2) == 0 {
		if s.Server = text(destination, "server", "", "https://a:1", "http://b/#c"); s.Server != nil && *s.Server != "" {
			delete(destination, "context")
		}
	} else if s.Context = text(destination, "context", "", "on", "x y: z", "- a", "a\nb", "'", `\`); s.Context != nil && *s.Context != "" {
		delete(destination, "server")
	}
	s.Namespace = text(destination, "namespace", "", "n", "on", "1")
	labels := child(env, "labels")
	for _, key := range []string{"a", "x", "z", "k.example/y"} {
		_, there := labels[key]
		if to := text(labels, key, "", "v", "1.0"); to != nil && (*to != "" || there) {
			s.Labels = append(s.Labels, LabelSetting{Key: key, Value: *to, Remove: *to == ""})
		}
	}
	tidy(env, "destination")
	tidy(env, "labels")
	if r.IntN(3) == 0 {
		s.Stage = ptr(r.IntN(4))
		env["stage"] = float64(*s.Stage)
	}
	if r.IntN(3) == 0 {
		s.Targets = ptr(randomTargets(r))
		delete(env, "targets")
		if items := *s.Targets; len(items) > 0 {
			env["targets"] = anys(items)
		}
	}
	return s
}

func randomTargets(r *rand.Rand) []string {
	all := []string{"a", "b", "c", "no", "d, e"}
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:r.IntN(len(all)+1)]
}

func anys(items []string) (out []any) {
	for _, item := range items {
		out = append(out, item)
	}
	return out
}

func child(env map[string]any, name string) map[string]any {
	c, _ := env[name].(map[string]any)
	c = maps.Clone(c)
	if c == nil {
		c = map[string]any{}
	}
	env[name] = c
	return c
}

// tidy drops an object that an edit never leaves: an empty one, unless it was there.
func tidy(env map[string]any, name string) {
	if len(env[name].(map[string]any)) == 0 {
		delete(env, name)
	}
}

// meaning is the environments as data; what is empty means the same as nothing.
func meaning(t *testing.T, text string) map[string]any {
	t.Helper()
	docs, found := decode.YAML(source.NewFile(FileName, text))
	if found.HasErrors() {
		t.Fatal(found)
	}
	out := map[string]any{}
	for _, f := range docs[0].Get("environments").Fields() {
		env, _ := f.Value.ToGo().(map[string]any)
		if env == nil {
			env = map[string]any{}
		}
		for _, name := range []string{"destination", "labels"} {
			child(env, name)
			tidy(env, name)
		}
		out[f.Name] = env
	}
	return out
}

// outside gives the lines of a text without those of one environment and the comments
// above it, and without blank lines.
func outside(t *testing.T, text, name string) []string {
	t.Helper()
	file := source.NewFile(FileName, text)
	doc, _ := decodeOne(file)
	p := newPage(file, doc)
	lines := p.lines
	if spots := p.find([]string{"environments", name}); len(spots) == 2 {
		lines = slices.Delete(lines, p.withComments(spots[1]), spots[1].end)
	}
	return slices.DeleteFunc(lines, func(line string) bool { return isBlank(line) })
}

// checkEdits makes random edits, and checks each against the same edit of plain data
// and that it left all other lines as they were.
func checkEdits(t *testing.T, base string, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 0))
	text := base
	want := meaning(t, text)
	for range 6 {
		a := parseText(t, text)
		names := a.Names()
		name, before := names[r.IntN(len(names))], text
		var edited *App
		var found diag.List
		switch env := maps.Clone(want[name].(map[string]any)); r.IntN(4) {
		case 0:
			name = fmt.Sprintf("n/%d.0", len(names))
			if _, there := want[name]; there {
				continue
			}
			env = map[string]any{}
			edited, found = a.AddEnvironment(name, randomSettings(r, env))
			want[name] = env
		case 1:
			if len(names) == 1 {
				continue
			}
			edited, found = a.RemoveEnvironment(name)
			delete(want, name)
		default:
			edited, found = a.SetEnvironment(name, randomSettings(r, env))
			want[name] = env
		}
		if found.HasErrors() {
			t.Fatalf("%v in\n%s", found, before)
		}
		text = edited.File.Text()
		if got := meaning(t, text); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("%s became\n%s\nwhich means %v\nwant        %v", before, text, got, want)
		}
		if was, is := outside(t, before, name), outside(t, text, name); !slices.Equal(was, is) {
			t.Fatalf("%s became\n%s\nlines outside %s changed:\n%q\n%q", before, text, name, was, is)
		}
	}
}

// checkBack makes edits that together change nothing: an environment more and less, a
// value there and back.
func checkBack(t *testing.T, base string, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 1))
	a := parseText(t, base)
	edited, found := a.AddEnvironment("new", randomSettings(r, map[string]any{}))
	if found.HasErrors() {
		t.Fatal(found)
	}
	back, found := edited.RemoveEnvironment("new")
	if found.HasErrors() {
		t.Fatal(found)
	}
	if back.File.Text() != base {
		t.Fatalf("got\n%q\nwant\n%q\nthrough\n%q", back.File.Text(), base, edited.File.Text())
	}
}

func TestEditAtRandom(t *testing.T) {
	for i, base := range editBases {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			for seed := range uint64(80) {
				checkEdits(t, base, seed)
				checkBack(t, base, seed)
			}
		})
	}
}

// FuzzEdit takes any text for a couplet.yaml. An edit that is not refused does what was
// asked and no more.
func FuzzEdit(f *testing.F) {
	for i, base := range editBases {
		f.Add(base, uint64(i))
	}
	for _, c := range slices.Concat(addCases, setCases, removeCases) {
		f.Add(editHead+c.before, uint64(1))
	}
	f.Fuzz(func(t *testing.T, text string, seed uint64) {
		a, found := Parse(source.NewFile(FileName, text))
		if found.HasErrors() {
			return
		}
		r := rand.New(rand.NewPCG(seed, 2))
		for _, name := range a.Names() {
			if edited, found := a.RemoveEnvironment(name); !found.HasErrors() {
				if _, there := edited.Environment(name); there {
					t.Errorf("%s is still in\n%s", name, edited.File.Text())
				}
			}
			a.SetEnvironment(name, randomSettings(r, map[string]any{}))
		}
		if edited, found := a.AddEnvironment("new", Settings{Stage: ptr(1)}); !found.HasErrors() {
			if added, there := edited.Environment("new"); !there || added.Stage != 1 {
				t.Errorf("new is not in\n%s", edited.File.Text())
			}
		}
	})
}
