package cluster

import (
	"context"
	"slices"

	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// ObjectStatus is how an object of the inventory is.
type ObjectStatus struct {
	Entry Entry
	Readiness
	// Drifted tells that somebody has changed, or taken over, a field that couplet applied.
	Drifted bool
	Live    value.Value
}

// Status tells of each object of the inventory how it is.
func Status(ctx context.Context, s *Store, inv *Inventory) ([]ObjectStatus, error) {
	if !inv.Exists() {
		return nil, errNotApplied
	}
	p := newPlanner(s, inv, nil, PlanOptions{})
	if err := p.fetch(ctx); err != nil {
		return nil, err
	}
	deletions, err := p.deletionsOf(ctx, inv.Entries)
	if err != nil {
		return nil, err
	}
	out := make([]ObjectStatus, len(deletions))
	for i, d := range deletions {
		out[i] = p.status(d)
	}
	return out, nil
}

func (p *planner) status(d Deletion) ObjectStatus {
	out := ObjectStatus{Entry: d.Entry, Live: d.Live, Readiness: Readiness{Phase: Missing}}
	switch {
	case d.IsGone() && d.Entry.Hook && d.Entry.Desired != "":
		out.Readiness = Readiness{Phase: Current, Message: "the hook has succeeded, and is gone"}
		return out
	case d.IsGone():
		return out
	case d.Live.IsNull():
		out.Readiness = Readiness{Phase: Unknown, Message: d.Kept}
		return out
	}
	out.Readiness = p.server.Readiness(d.Live)
	if d.Entry.UID != "" && d.Live.Get("metadata", "uid").Str() != d.Entry.UID {
		out.Message = "it is not the object that was applied: that one was deleted, and another made"
		out.Drifted = true
	}
	out.Drifted = out.Drifted || d.Entry.Live != "" && liveDigest(d.Live) != d.Entry.Live
	return out
}

// PlanRemoval is the plan that deletes everything that the inventory has.
func PlanRemoval(ctx context.Context, s *Store, inv *Inventory) (*Plan, error) {
	if !inv.Exists() {
		return nil, errNotApplied
	}
	p := newPlanner(s, inv, nil, PlanOptions{})
	if err := p.fetch(ctx); err != nil {
		return nil, err
	}
	deletions, err := p.deletionsOf(ctx, inv.Entries)
	return &Plan{Inventory: inv, Deletions: deletions}, err
}

// PlanDrift tells how the cluster differs from what was applied last, as a plan that would
// undo the difference. It gives the revision, too.
func PlanDrift(ctx context.Context, s *Store, inv *Inventory, o PlanOptions) (*Plan, Revision, error) {
	if len(inv.Revisions) == 0 {
		return nil, Revision{}, errNotApplied
	}
	last := inv.Revisions[len(inv.Revisions)-1]
	objects, err := s.Bundle(ctx, last)
	if err != nil {
		return nil, last, err
	}
	o.Partial, o.Force = true, []string{"."}
	plan, err := MakePlan(ctx, s, inv, slices.DeleteFunc(objects, isHook), o)
	return plan, last, err
}

func isHook(o object.Object) bool { return hookOf(o) != "" }
