package value_test

import (
	"testing"

	"github.com/couplet-k8s/couplet/compiler/value"
)

func TestParsePath(t *testing.T) {
	for text, want := range map[string]string{
		"": "", ".": "", "spec": "spec", ".spec": "spec", "spec.a": "spec.a", ".spec[0]": "spec[0]", "[0]": "[0]", "[0].x[1][2]": "[0].x[1][2]",
		`metadata.labels["app.kubernetes.io/name"]`: `metadata.labels["app.kubernetes.io/name"]`,
		`['a"b'].c`:    `["a\"b"].c`,
		`["q\"]"][3]`:  `["q\"]"][3]`,
		".data.a-b":    `data["a-b"]`,
		".data['x'].y": "data.x.y",
	} {
		path, err := value.ParsePath(text)
		if err != nil || path.String() != want {
			t.Errorf("%s is %s, want %s (%v)", text, path, want, err)
		}
		again, err := value.ParsePath(path.String())
		if err != nil || again.String() != want {
			t.Errorf("%s does not come back: %s (%v)", want, again, err)
		}
	}
	for text, want := range map[string]string{
		"..":       "the path `..` has nothing behind a dot",
		"a..b":     "the path `a..b` has nothing behind a dot",
		"a.":       "the path `a.` has nothing behind a dot",
		"a[0]b":    "the path `a[0]b` needs a dot or a bracket before `b`",
		"a[x]":     "the path `a[x]` has `[x]` where an index such as [0] or a name in quotes is wanted",
		"a[-1]":    "the path `a[-1]` has `[-1]` where an index such as [0] or a name in quotes is wanted",
		"a[0":      "the path `a[0` has `[0` where an index such as [0] or a name in quotes is wanted",
		"a[":       "the path `a[` has `[` where an index such as [0] or a name in quotes is wanted",
		`a["x`:     "the path `a[\"x` has no end of `[\"x`",
		`a["x"`:    "the path `a[\"x\"` has no end of `[\"x\"`",
		`a['x"]`:   "the path `a['x\"]` has no end of `['x\"]`",
		`a["\x"].`: "the path `a[\"\\x\"].` has no end of `[\"\\x\"].`",
	} {
		if _, err := value.ParsePath(text); err == nil || err.Error() != want {
			t.Errorf("%s: %v\nwant %s", text, err, want)
		}
	}
}

func TestFollow(t *testing.T) {
	v := value.Object(
		value.Field{Name: "a", Value: value.Array(value.Number(1), value.Object(value.Field{Name: "b", Value: value.String("x")}))},
	)
	for text, want := range map[string]string{
		"": "", "a": "a", "a[1].b": "a[1].b", "a[2]": "a", "a.b": "a", "b": "", "a[0].b": "a[0]", "a[1].c.d": "a[1]", "[0]": "",
	} {
		path, err := value.ParsePath(text)
		if err != nil {
			t.Fatal(err)
		}
		_, at, whole := v.Follow(path)
		if at.String() != want || whole != (want == text) {
			t.Errorf("%s leads to %s (%t), want %s", text, at, whole, want)
		}
	}
	path, _ := value.ParsePath("a[1].b")
	if got, _, _ := v.Follow(path); got.Str() != "x" {
		t.Errorf("another value: %v", got)
	}
}
