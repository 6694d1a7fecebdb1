package cli

import (
	"testing"

	"github.com/couplet-k8s/couplet/compiler/decode"
	"github.com/couplet-k8s/couplet/compiler/emit"
	"github.com/couplet-k8s/couplet/compiler/source"
)

// TestValueAt follows paths as the API server writes them.
func TestValueAt(t *testing.T) {
	v, found := decode.JSON(source.NewFile("test", `{
		"metadata": {"labels": {"app.kubernetes.io/name": "web", "app": "x", "a.b": {"c": 1}}},
		"spec": {
			"ports": [{"port": 80, "protocol": "TCP", "name": "a"}, {"port": 80, "protocol": "UDP", "name": "b"}],
			"containers": [{"name": "web", "args": ["-x", "-y"]}], "finalizers": ["one", "two"]
		}
	}`))
	if found.HasErrors() {
		t.Fatal(found)
	}
	for path, want := range map[string]string{
		"metadata.labels.app.kubernetes.io/name":  `"web"`,
		"metadata.labels.app":                     `"x"`,
		"metadata.labels.a.b.c":                   `1`,
		`spec.ports[port=80,protocol="UDP"].name`: `"b"`,
		`spec.containers[name="web"].args[1]`:     `"-y"`,
		`spec.finalizers[="two"]`:                 `"two"`,
		"spec.containers[0].name":                 `"web"`,
		"spec.containers[7].name":                 `[{"args":["-x","-y"],"name":"web"}]`,
		"spec.nothing.there":                      "",
		"spec.ports[":                             "",
	} {
		got := string(emit.AppendJSON(nil, valueAt(v, path), emit.Compact))
		if want != "" && got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
}

// TestPruneLimit rounds a part of an inventory up, so that of a small one something may go.
func TestPruneLimit(t *testing.T) {
	for _, c := range []struct {
		max  string
		n    int
		want int
	}{{"25%", 1, 1}, {"25%", 4, 1}, {"25%", 5, 2}, {"25%", 0, 0}, {"100%", 7, 7}, {"0", 9, 0}, {"3", 100, 3}} {
		o := PruneOptions{Max: c.max}
		if got, err := o.limit(c.n); err != nil || got != c.want {
			t.Errorf("--max-prune %s of %d: %d, %v, want %d", c.max, c.n, got, err, c.want)
		}
	}
	for _, text := range []string{"", "%", "-1", "101%", "many", "1.5"} {
		if _, err := (&PruneOptions{Max: text}).limit(10); err == nil {
			t.Errorf("--max-prune %q is accepted", text)
		}
	}
}
