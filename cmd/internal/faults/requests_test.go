//go:build unix

package faults

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/couplet-k8s/couplet/cmd/internal/cluster"
	"github.com/couplet-k8s/couplet/compiler/value"
)

func (w *world) resource(t *testing.T, apiVersion, kind string) cluster.Resource {
	t.Helper()
	w.server.Forget()
	r, err := w.server.Resource(context.Background(), apiVersion, kind)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// object makes a value from a name and JSON for the rest.
func jsonObject(t *testing.T, text string) value.Value {
	t.Helper()
	v, err := parseJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func (w *world) create(t *testing.T, text string) value.Value {
	t.Helper()
	v := jsonObject(t, text)
	made, err := w.server.Create(context.Background(), w.resource(t, v.Get("apiVersion").Str(), v.Get("kind").Str()), v)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func (w *world) remove(t *testing.T, apiVersion, kind, namespace, name string) {
	t.Helper()
	if _, err := w.server.Delete(context.Background(), w.resource(t, apiVersion, kind), namespace, name, cluster.DeleteOptions{}); err != nil {
		t.Error(err)
	}
}

// makeNamespace makes a namespace that the end of the test deletes.
func (w *world) makeNamespace(t *testing.T, name string) {
	t.Helper()
	w.create(t, fmt.Sprintf(`{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": %q}}`, name))
	t.Cleanup(func() { w.remove(t, "v1", "Namespace", "", name) })
}

// patch changes an object as somebody else does.
func (w *world) patch(t *testing.T, apiVersion, kind, namespace, name, subresource, text string) {
	t.Helper()
	if _, err := w.server.Patch(context.Background(), w.resource(t, apiVersion, kind), namespace, name, subresource, jsonObject(t, text)); err != nil {
		t.Fatal(err)
	}
}

// lines counts the lines of a text that begin so.
func lines(text, prefix string) int {
	n := 0
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, prefix) {
			n++
		}
	}
	return n
}
