package schema

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/couplet-k8s/couplet/compiler/value"
)

// TestKubePrometheus checks the YAML of kube-prometheus, custom resources included;
// KUBE_PROMETHEUS names its folder.
func TestKubePrometheus(t *testing.T) {
	root := os.Getenv("KUBE_PROMETHEUS")
	if root == "" {
		t.Skip("KUBE_PROMETHEUS does not name a folder")
	}
	files, _ := filepath.Glob(filepath.Join(root, "manifests", "*.yaml"))
	setup, _ := filepath.Glob(filepath.Join(root, "manifests", "setup", "*.yaml"))
	var objects []value.Value
	for _, file := range append(setup, files...) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, doc := range documents(t, string(text)) {
			objects = append(append(objects, doc), doc.Get("items").Items()...)
		}
	}
	c := newCatalog(t)
	for _, obj := range objects {
		c.AddCRD(obj)
	}
	for _, obj := range objects {
		if found := c.Check(obj); found != nil {
			t.Errorf("%s %s: %s", obj.Get("kind").Str(), obj.Get("metadata", "name").Str(), lines(found))
		}
	}
	if len(objects) < 100 {
		t.Errorf("only %d objects", len(objects))
	}
	t.Logf("%d objects", len(objects))
}
