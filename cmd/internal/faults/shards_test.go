//go:build unix

package faults

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/couplet-k8s/couplet/cmd/internal/cluster"
)

// TestShards keeps an inventory that no single Secret can hold.
func TestShards(t *testing.T) {
	w := start(t)
	w.makeNamespace(t, "shards")
	const size = 30_000
	store := &cluster.Store{Server: w.server, Home: cluster.Home{Namespace: "shards", Name: "couplet.shards"}, Tooling: "couplet/test"}
	inv := cluster.NewInventory()
	for i := range size {
		inv.Entries = append(inv.Entries, cluster.Entry{
			Version: "v1", Kind: "ConfigMap", Namespace: "shards", Name: fmt.Sprintf("map-%05d", i), UID: rand.Text(), Desired: rand.Text(), Live: rand.Text(),
		})
	}
	first, err := store.Save(t.Context(), inv)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(w.kept(t)); len(first.Parts) < 2 || n != 1+len(first.Parts) {
		t.Fatalf("%d parts, %d Secrets", len(first.Parts), n)
	}
	reads := func(want *cluster.Inventory) *cluster.Inventory {
		t.Helper()
		got, err := store.Load(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got.Entries, want.Entries) || !slices.Equal(got.Parts, want.Parts) || got.Serial != want.Serial {
			t.Fatalf("%d entries in %v, serial %d; want %d in %v, %d", len(got.Entries), got.Parts, got.Serial, len(want.Entries), want.Parts, want.Serial)
		}
		return got
	}
	now := reads(first)

	// Somebody else is faster: the parts of the write that fails are there, and do not count.
	now.Entries = now.Entries[1:]
	second, err := store.Save(t.Context(), now)
	if err != nil {
		t.Fatal(err)
	}
	late := *first
	late.Entries = late.Entries[:size-1]
	if _, err := store.Save(t.Context(), &late); !cluster.IsConflict(err) {
		t.Fatalf("a write over another's: %v, want a conflict", err)
	}
	now = reads(second)

	// What fits into one Secret leaves no others, and nothing leaves none.
	now.Entries = now.Entries[:10]
	small, err := store.Save(t.Context(), now)
	if err != nil {
		t.Fatal(err)
	}
	small = reads(small)
	for i, want := range []bool{false, true} { // two writes of one state, which have one serial number
		late := *small
		late.Entries = late.Entries[:9-i]
		if _, err := store.Save(t.Context(), &late); cluster.IsConflict(err) != want {
			t.Fatalf("write %d: %v, want a conflict: %t", i, err, want)
		}
	}
	last, err := store.Load(t.Context())
	if err != nil || len(last.Entries) != 9 {
		t.Fatalf("%d entries, %v", len(last.Entries), err)
	}
	if err := store.Remove(t.Context(), last); err != nil {
		t.Fatal(err)
	}
	if left := w.kept(t); left != nil {
		t.Errorf("Secrets are left: %s", strings.Join(left, ", "))
	}
}

// kept are the Secrets of TestShards.
func (w *world) kept(t *testing.T) []string {
	t.Helper()
	list, err := w.server.List(t.Context(), w.resource(t, "v1", "Secret"), "shards", cluster.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, item := range list.Items {
		names = append(names, item.Get("metadata", "name").Str())
	}
	return names
}
