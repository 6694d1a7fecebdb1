package diff

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/couplet-k8s/couplet/compiler/decode"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

var update = flag.Bool("update", false, "write the golden files anew")

func read(t testing.TB, text string) value.Value {
	t.Helper()
	docs, found := decode.YAML(source.NewFile("t.yaml", text))
	if found.HasErrors() || len(docs) != 1 {
		t.Fatalf("%d documents, %v in\n%s", len(docs), found, text)
	}
	return docs[0]
}

// describe writes changes one a line: op path old -> new.
func describe(changes []Change) string {
	var lines []string
	for _, c := range changes {
		text := string(c.Op) + " " + c.Path.String()
		if c.Op != Add {
			text += " " + compact(c.Old)
		}
		if c.Op != Add && c.Op != Remove {
			text += " ->"
		}
		if c.Op != Remove {
			text += " " + compact(c.New)
		}
		lines = append(lines, text)
	}
	return strings.Join(lines, "\n")
}

func TestValues(t *testing.T) {
	for name, test := range map[string]struct{ old, new, want string }{
		"equal":      {`{a: [1, {b: 2}]}`, `{a: [1, {b: 2}]}`, ``},
		"scalar":     {`{a: 1}`, `{a: 2}`, `replace a 1 -> 2`},
		"kind":       {`{a: 1}`, `{a: "1"}`, `replace a 1 -> "1"`},
		"null":       {`{a: ~}`, `{}`, `remove a null`},
		"members":    {`{a: 1, c: 3}`, `{b: 2, c: 4}`, "remove a 1\nadd b 2\nreplace c 3 -> 4"},
		"quoted":     {`{a.b/c: {"": 1}}`, `{a.b/c: {"": 2}}`, `replace ["a.b/c"][""] 1 -> 2`},
		"container":  {`{c: [{name: web, image: a}]}`, `{c: [{name: web, image: b}]}`, `replace c[name=web].image "a" -> "b"`},
		"added item": {`{c: [{name: a}, {name: c}]}`, `{c: [{name: a}, {name: b}, {name: c}]}`, `add c[name=b] {"name":"b"}`},
		"gone item":  {`{c: [{name: a}, {name: b}]}`, `{c: [{name: b}]}`, `remove c[name=a] {"name":"a"}`},
		"order":      {`{c: [{name: a}, {name: b}]}`, `{c: [{name: b, x: 1}, {name: a}]}`, "add c[name=b].x 1\n" + `reorder c [{"name":"a"},{"name":"b"}] -> [{"name":"b"},{"name":"a"}]`},
		"ports":      {`{p: [{containerPort: 53, protocol: UDP}, {containerPort: 53, protocol: TCP}]}`, `{p: [{containerPort: 53, protocol: UDP, hostPort: 1}, {containerPort: 53, protocol: TCP}]}`, `add p[containerPort=53,protocol=UDP].hostPort 1`},
		"mounts":     {`[{mountPath: /a, name: x}, {mountPath: /b, name: x}]`, `[{mountPath: /a, name: x}, {mountPath: /b, name: z}]`, `replace [mountPath=/b].name "x" -> "z"`},
		"subjects":   {`[{kind: User, name: a}, {kind: Group, name: a}]`, `[{kind: User, name: a}, {kind: Group, name: a, x: 1}]`, `add [kind=Group,name=a].x 1`},
		"odd key":    {`[{name: "a b"}]`, `[{name: "a b", x: 1}]`, `add [name="a b"].x 1`},
		"shared key": {`[{name: a, x: 1}, {name: a, x: 2}]`, `[{name: a, x: 1}, {name: a, x: 3}]`, `replace [1].x 2 -> 3`},
		"args":       {`[--a, --b, --c]`, `[--a, --x, --c, --d]`, "replace [1] \"--b\" -> \"--x\"\nadd [3] \"--d\""},
		"shifted":    {`[--a, --b, --c]`, `[--b, --x]`, "remove [0] \"--a\"\nremove [2] \"--c\"\nadd [1] \"--x\""},
		"nested":     {`[[1, 2], [3]]`, `[[1, 2], [4]]`, `replace [1][0] 3 -> 4`},
		"empty":      {`{a: []}`, `{a: [{name: b}]}`, `add a[name=b] {"name":"b"}`},
		"whole":      {`1`, `{a: 1}`, `replace  1 -> {"a":1}`},
	} {
		old, new := read(t, test.old), read(t, test.new)
		if got := describe(Values(old, new)); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, test.want)
		}
		checkDiff(t, old, new)
		checkDiff(t, new, old)
	}
}

func TestCompare(t *testing.T) {
	object := func(key, text string) Object { return Object{Key: key, Value: read(t, text)} }
	old := []Object{object("B", "{a: 1}"), object("A", "{a: 1}"), object("D", "{a: 1}"), object("D", "{a: 2}")}
	new := []Object{object("C", "{a: 1}"), object("B", "{a: 2}"), object("D", "{a: 1}"), object("D", "{a: 3}")}
	var got []string
	for _, o := range Compare(old, new) {
		got = append(got, fmt.Sprint(o.Title, " ", o.Op, " ", describe(o.Changes)))
	}
	want := []string{"A remove ", "B replace replace a 1 -> 2", "C add ", "D replace replace a 2 -> 3"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// shop is a comparison of three environments.
func shop(t testing.TB) Report {
	deployment := func(namespace, replicas, image string) Object {
		return Object{
			Key: "Deployment.apps " + namespace + "/web", Group: "Deployment.apps web",
			Value: read(t, "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: "+namespace+"}, spec: {replicas: "+replicas+
				", template: {spec: {containers: [{name: web, image: 'web:"+image+"', args: [--port=80, --log=info]}]}}}}"),
		}
	}
	config := func(namespace, motd string) Object {
		lines := "a\nb\nc\nd\ne\n" + motd + "\nf\ng\nh\ni\nj\nk\nl\nm\nn\n```go\no\n```\n" + motd + "!"
		v := read(t, "{apiVersion: v1, kind: ConfigMap, metadata: {name: conf, namespace: "+namespace+"}, data: {on: 'yes'}}")
		v = v.With("data", v.Get("data").With("motd.txt", value.String(lines)))
		return Object{Key: "ConfigMap " + namespace + "/conf", Group: "ConfigMap conf", Value: v}
	}
	secret := func(namespace, password string) Object {
		return Object{
			Key: "Secret " + namespace + "/db", Group: "Secret db",
			Value: read(t, "{apiVersion: v1, kind: Secret, metadata: {name: db, namespace: "+namespace+", annotations: {"+lastApplied+": hunter-"+password+
				"}}, data: {password: "+password+"}, stringData: {user: hunter}}"),
		}
	}
	service := func(namespace string) Object {
		return Object{
			Key: "Service " + namespace + "/api", Group: "Service api",
			Value: read(t, "{apiVersion: v1, kind: Service, metadata: {name: api, namespace: "+namespace+"}, spec: {ports: [{name: http, port: 80}]}}"),
		}
	}
	environment := func(name string, old, new []Object) Environment {
		return Environment{Name: name, Objects: Compare(old, new)}
	}
	return NewReport("main", "working tree", []Environment{
		environment("dev",
			[]Object{deployment("dev", "1", "1.0"), config("dev", "hello"), secret("dev", "aHVudGVyMg=="), secret("gone", "aHVudGVyMw==")},
			[]Object{deployment("dev", "2", "1.1"), config("dev", "hi \x1b[1m"), secret("dev", "aHVudGVyMjI="), service("dev")}),
		environment("stage", []Object{deployment("stage", "1", "1.0")}, []Object{deployment("stage", "2", "1.1"), service("stage"), secret("stage", "aHVudGVyMg==")}),
		environment("prod", []Object{deployment("prod", "3", "1.0")}, []Object{deployment("prod", "3", "1.1")}),
		environment("spare", []Object{service("x")}, []Object{service("x")}),
	})
}

func TestReport(t *testing.T) {
	r := shop(t)
	for name, write := range map[string]func(*bytes.Buffer) error{
		"report.txt":   func(b *bytes.Buffer) error { return r.WriteText(b, TextOptions{}) },
		"report.color": func(b *bytes.Buffer) error { return r.WriteText(b, TextOptions{Color: true}) },
		"report.json":  func(b *bytes.Buffer) error { return r.WriteJSON(b) },
		"report.md":    func(b *bytes.Buffer) error { return r.WriteMarkdown(b, MarkdownOptions{}) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"hunter", "aHVud", "\x1b[1m\n"} {
			if strings.Contains(b.String(), secret) {
				t.Errorf("%s has %q", name, secret)
			}
		}
		golden := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(golden, b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if b.String() != string(want) {
			t.Errorf("%s is now\n%s", golden, b.String())
		}
	}
}

func TestTwoEnvironments(t *testing.T) {
	old := []Object{{Key: "ConfigMap web", Title: "ConfigMap prod/web", Value: read(t, "{data: {a: x}}")}}
	new := []Object{{Key: "ConfigMap web", Title: "ConfigMap prod/web", Value: read(t, "{data: {a: z}}")}}
	r := NewReport("dev", "prod", []Environment{{Objects: Compare(old, new)}})
	var text, markdown bytes.Buffer
	if err := r.WriteText(&text, TextOptions{}); err != nil {
		t.Fatal(err)
	}
	if want := "~ ConfigMap prod/web\n-   data.a: x\n+   data.a: z\n\n0 added, 0 removed, 1 changed\n"; text.String() != want {
		t.Errorf("got %q", text.String())
	}
	if err := r.WriteMarkdown(&markdown, MarkdownOptions{}); err != nil {
		t.Fatal(err)
	}
	const want = "### couplet diff: <code>dev</code> → <code>prod</code>\n\n0 added, 0 removed, 1 changed\n\n" +
		"<details><summary><code>&#126; ConfigMap prod/web</code></summary>\n\n```diff\n- data.a: x\n+ data.a: z\n```\n\n</details>\n\n"
	if markdown.String() != want {
		t.Errorf("got %q", markdown.String())
	}
	text.Reset()
	if err := NewReport("dev", "prod", []Environment{{}}).WriteText(&text, TextOptions{}); err != nil || text.String() != "no differences\n" {
		t.Errorf("%v %q", err, text.String())
	}
}

func TestLines(t *testing.T) {
	for name, test := range map[string]struct{ old, new, want string }{
		"add":         {`{}`, `{a: {b: [1, x]}}`, "+a:\n+  b:\n+  - 1\n+  - x\n"},
		"add text":    {`{}`, `{a: "b\nc\n"}`, "+a: |\n+  b\n+  c\n"},
		"add array":   {`{}`, `{a: [b]}`, "+a:\n+- b\n"},
		"remove":      {`{a: []}`, `{}`, "-a: []\n"},
		"replace":     {`{a: 1}`, `{a: "1"}`, "-a: 1\n+a: '1'\n"},
		"to text":     {`{a: b}`, `{a: "b\nc"}`, "-a: b\n+a: |-\n+  b\n+  c\n"},
		"line end":    {`{a: "b\nc"}`, `{a: "b\nc\n"}`, " a: |\n   b\n-  c (no line end)\n+  c\n"},
		"reorder":     {`{a: [{name: x}, {name: z}]}`, `{a: [{name: z}, {name: x}]}`, "-a: order x, z\n+a: order z, x\n"},
		"reorder two": {`{a: [{port: 1, protocol: T}, {port: 1, protocol: U}]}`, `{a: [{port: 1, protocol: U}, {port: 1, protocol: T}]}`, "-a: order 1/T, 1/U\n+a: order 1/U, 1/T\n"},
	} {
		var got strings.Builder
		for _, o := range Compare([]Object{{Value: read(t, test.old)}}, []Object{{Value: read(t, test.new)}}) {
			for _, l := range o.lines() {
				got.WriteString(string(l.mark) + l.text + "\n")
			}
		}
		if got.String() != test.want {
			t.Errorf("%s: got\n%s", name, got.String())
		}
	}
}

// TestSecretsStaySecret: no form of a report shows what a Secret holds.
func TestSecretsStaySecret(t *testing.T) {
	const hidden = "hunter2"
	var objects []Object
	for i, rest := range []string{
		"", "data: ~", "data: {}", "data: {a: hunter2}", "data: {a: hunter2b}", "data: {a: {b: [hunter2]}}", "data: hunter2", "data: [hunter2]",
		"stringData: {a: hunter2}", `stringData: {a: "hunter2\nhunter2\n"}`, `stringData: {a: "hunter2\nhunter2b\n"}`, "stringData: {b: hunter2}",
		"metadata: {annotations: {" + lastApplied + ": hunter2}}", "metadata: {annotations: {" + lastApplied + ": hunter2b}}", "metadata: {name: x}",
	} {
		v := read(t, "{kind: Secret, apiVersion: v1, "+strings.TrimSuffix(rest, ", ")+"}")
		objects = append(objects, Object{Key: fmt.Sprint("Secret ", i), Value: v})
	}
	for _, a := range objects {
		for _, b := range objects {
			same := Object{Key: a.Key, Value: b.Value}
			for _, sides := range [][2][]Object{{{a}, {same}}, {{a}, nil}, {nil, {b}}} {
				r := NewReport("a", "b", []Environment{{Objects: Compare(sides[0], sides[1])}})
				var out bytes.Buffer
				if err := errors.Join(r.WriteText(&out, TextOptions{}), r.WriteJSON(&out), r.WriteMarkdown(&out, MarkdownOptions{})); err != nil {
					t.Fatal(err)
				}
				if strings.Contains(out.String(), hidden) {
					t.Errorf("%s and %s:\n%s", compact(a.Value), compact(b.Value), out.String())
				}
			}
		}
	}
}

// TestMarkdownLimit: a comment never gets longer than allowed, and says what is missing.
func TestMarkdownLimit(t *testing.T) {
	var environments []Environment
	for e := range 300 {
		var old, new []Object
		for i := range 4 {
			key := fmt.Sprintf("ConfigMap shop/c%d-%d", e, i)
			text := strings.Repeat(fmt.Sprintf("line %d %d\n", e, i), 1+i*e)
			old = append(old, Object{Key: key, Value: value.Object(value.Field{Name: "data", Value: value.String(text)})})
			new = append(new, Object{Key: key, Value: value.Object(value.Field{Name: "data", Value: value.Array(value.String(text))})})
		}
		environments = append(environments, Environment{Name: fmt.Sprintf("env-%d", e), Objects: Compare(old, new)})
	}
	r := NewReport(strings.Repeat("<x>", 1000), "new", environments)
	for _, limit := range []int{3000, 5000, 20_000, 0} {
		var b bytes.Buffer
		if err := r.WriteMarkdown(&b, MarkdownOptions{Limit: limit}); err != nil {
			t.Fatal(err)
		}
		if limit == 0 {
			limit = CommentLimit
		}
		if b.Len() > limit || b.Len() < limit/3 {
			t.Errorf("limit %d: %d bytes", limit, b.Len())
		}
		if !strings.Contains(b.String(), "of 1200 differences are left out") {
			t.Errorf("limit %d: no note", limit)
		}
		if strings.Count(b.String(), "<details>") != strings.Count(b.String(), "</details>") {
			t.Errorf("limit %d: a block is not closed", limit)
		}
	}
}

// TestFence: no line of a text closes the block that it stands in.
func TestFence(t *testing.T) {
	old := []Object{{Key: "A", Value: read(t, `{t: "x\n"}`)}}
	new := []Object{{Key: "A", Value: read(t, "{t: \"```\\n````x\\n``\\n\"}")}}
	var b bytes.Buffer
	if err := NewReport("a", "b", []Environment{{Objects: Compare(old, new)}}).WriteMarkdown(&b, MarkdownOptions{}); err != nil {
		t.Fatal(err)
	}
	if strings.Count(b.String(), "\n`````") != 2 {
		t.Errorf("got\n%s", b.String())
	}
}

func BenchmarkCompare(b *testing.B) {
	var old, new []Object
	for i := range 200 {
		text := "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: %d, template: {spec: {containers: [{name: web, image: a, args: [b, c], ports: [{containerPort: 80, protocol: TCP}]}]}}}}"
		key := fmt.Sprint(i)
		old = append(old, Object{Key: key, Value: read(b, fmt.Sprintf(text, 1))})
		new = append(new, Object{Key: key, Value: read(b, fmt.Sprintf(text, 1+i%2))})
	}
	b.ReportAllocs()
	for b.Loop() {
		if len(Compare(old, new)) != 100 {
			b.Fatal("wrong")
		}
	}
}
