package cluster

import (
	"context"
	"fmt"
	"slices"

	"github.com/couplet-k8s/couplet/compiler/decode"
	"github.com/couplet-k8s/couplet/compiler/emit"
	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// keptRevisions is how many applied bundles are kept.
const keptRevisions = 5

// addRevision keeps a bundle, and forgets the oldest. A bundle that is the newest one's is
// not kept twice.
func (s *Store) addRevision(ctx context.Context, inv *Inventory, r Revision, plan *Plan) (*Inventory, error) {
	objects := objectsOf(plan.Actions)
	if n := len(inv.Revisions); plan.Partial && n > 0 {
		last, err := s.Bundle(ctx, inv.Revisions[n-1])
		if err != nil {
			return nil, err
		}
		objects = overlaid(last, objects)
	}
	text := bundleText(objects)
	out := *inv
	r.Digest, r.Objects, r.Number = digestOf(text), len(objects), 1
	if n := len(inv.Revisions); n > 0 {
		last := inv.Revisions[n-1]
		if last.Digest == r.Digest {
			return &out, nil
		}
		r.Number = last.Number + 1
	}
	parts, err := s.saveParts(ctx, inv, revisionStem(s.Home, r.Number), pack(text))
	if err != nil {
		return nil, err
	}
	r.Parts = parts
	out.Revisions = append(append([]Revision(nil), inv.Revisions...), r)
	if n := len(out.Revisions); n > keptRevisions {
		out.Revisions = out.Revisions[n-keptRevisions:]
	}
	return &out, nil
}

func objectsOf(actions []Action) []object.Object {
	out := make([]object.Object, len(actions))
	for i, a := range actions {
		out[i] = a.Object
	}
	return out
}

// overlaid is a bundle after a part of it was applied anew.
func overlaid(last, part []object.Object) []object.Object {
	applied := map[object.Identity]bool{}
	for _, o := range part {
		applied[o.Identity()] = true
	}
	rest := slices.DeleteFunc(slices.Clone(last), func(o object.Object) bool { return applied[o.Identity()] })
	return object.Sort(append(rest, part...))
}

// bundleText is how a bundle is kept: a list of JSON.
func bundleText(objects []object.Object) []byte {
	items := make([]value.Value, len(objects))
	for i, o := range objects {
		items[i] = o.Value
	}
	return emit.AppendJSON(nil, value.Array(items...), emit.Compact)
}

// Bundle gives the objects of a revision that is kept.
func (s *Store) Bundle(ctx context.Context, r Revision) ([]object.Object, error) {
	packed, err := s.parts(ctx, r.Parts)
	if err != nil {
		return nil, err
	}
	text, err := unpack(packed)
	if err != nil {
		return nil, fmt.Errorf("revision %d is damaged: %w", r.Number, err)
	}
	list, found := decode.JSON(source.NewFile(fmt.Sprintf("revision %d", r.Number), string(text)))
	if found.HasErrors() {
		return nil, fmt.Errorf("revision %d is damaged: %w", r.Number, found.Err())
	}
	out := make([]object.Object, len(list.Items()))
	for i, v := range list.Items() {
		out[i] = object.Object{Value: v}
	}
	return out, nil
}
