package value_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/couplet-k8s/couplet/compiler/value"
)

func TestObject(t *testing.T) {
	field := func(name string, n float64) value.Field { return value.Field{Name: name, Value: value.Number(n)} }
	v := value.Object(field("b", 1), field("a", 2), field("b", 3), field("B", 4), field("é", 5))
	var names []string
	for _, f := range v.Fields() {
		names = append(names, f.Name)
	}
	if diff := cmp.Diff([]string{"B", "a", "b", "é"}, names); diff != "" {
		t.Error(diff)
	}
	if v.Get("b").Float() != 3 {
		t.Error("of two fields of one name the later one stands")
	}
	changed := v.With("a", value.String("new")).Without("b").WithOrigin(7)
	if v.Get("a").Float() != 2 || !v.Has("b") || v.Origin() != 0 {
		t.Error("the value itself was changed")
	}
	if changed.Get("a").Str() != "new" || changed.Has("b") || changed.Origin() != 7 {
		t.Error("the change is not there")
	}
	if made := value.Null.With("a", value.Null); !made.Has("a") || !made.Get("a").IsNull() {
		t.Error("a value that is no object counts as an empty one")
	}
	deep := value.Object(value.Field{Name: "x", Value: v})
	if deep.Get("x", "a").Float() != 2 || !deep.Get("x", "nosuch", "a").IsNull() || !deep.Get("y").IsNull() {
		t.Error("names do not lead where they should")
	}
}

func TestEqual(t *testing.T) {
	list := func(items ...value.Value) value.Value { return value.Array(items...) }
	different := []value.Value{
		value.Null, value.Bool(false), value.Bool(true), value.Number(0), value.Number(1), value.String(""), value.String("1"),
		value.Exact("9007199254740993", 9007199254740992), value.Number(9007199254740992),
		list(), list(value.Null), list(value.Number(1)), value.Object(), value.Object(value.Field{Name: "a"}),
		value.Object(value.Field{Name: "a", Value: value.Number(1)}), value.Object(value.Field{Name: "b", Value: value.Number(1)}),
	}
	for i, a := range different {
		for j, b := range different {
			if value.Equal(a, b) != (i == j) {
				t.Errorf("%d and %d: equal is %t", i, j, i != j)
			}
			if value.Equal(a.WithOrigin(3), b) != (i == j) {
				t.Error("the origin counts")
			}
		}
		if back := value.FromGo(a.ToGo()); a.Digits() == "" && !value.Equal(back, a) {
			t.Errorf("%d does not come back from Go's own types", i)
		}
	}
}

func TestPath(t *testing.T) {
	var root *value.Path
	for want, path := range map[string]*value.Path{
		"":                         root,
		"web.spec":                 root.Member("web").Member("spec"),
		`web["a-b"].items[0][1].c`: root.Member("web").Member("a-b").Member("items").Item(0).Item(1).Member("c"),
		`[0].x`:                    root.Item(0).Member("x"),
		`["a b"].c`:                root.Member("a b").Member("c"),
		`data["quote\"d"]`:         root.Member("data").Member(`quote"d`),
		`["1a"]`:                   root.Member("1a"),
	} {
		if got := path.String(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	web := root.Member("web")
	if a, b := web.Member("a"), web.Member("b"); a.String() != "web.a" || b.String() != "web.b" {
		t.Error("paths share what they must not")
	}
}
