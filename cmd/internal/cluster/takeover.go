package cluster

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/value"
)

// adoptable gives an object of the bundle as it is, if it is to be taken over.
func (p *planner) adoptable(ctx context.Context, a Action) (value.Value, bool, error) {
	if p.Adopt == nil {
		return value.Null, false, nil
	}
	live, err := p.live(ctx, a.Resource, a.Object.Identity())
	if err != nil || live.IsNull() {
		return live, false, err
	}
	set := setOf(live)
	return live, (set == "" || set == p.set) && len(p.Adopt.managersOf(live)) > 0, nil
}

// adopt decides about an object whose fields are the tool's. They become couplet's, so those
// that the bundle does not have go. What that leads to, defaults that come back included, is
// asked by a dry run of a patch that has the same effect.
func (p *planner) adopt(ctx context.Context, a Action, live value.Value) (Action, error) {
	if a.Live = live; p.Adopt.isOther(live) {
		return a.refuse(fmt.Errorf("it belongs to another environment of %s: its label %s is %s", p.Adopt.Tool, p.Adopt.Label, live.Get("metadata", "labels", p.Adopt.Label).Str())), nil
	}
	a.Adopted = p.Adopt.managersOf(live)
	_, err := p.server.Apply(ctx, a.Resource, a.Object.Value, ApplyOptions{DryRun: true})
	for _, c := range fieldConflicts(err) {
		a.Conflicts = append(a.Conflicts, Conflict{Field: c.Field, Manager: managerIn(c.Message)})
	}
	a.Force = a.Conflicts != nil
	contested := slices.DeleteFunc(slices.Clone(a.Conflicts), func(c Conflict) bool {
		return slices.Contains(p.Adopt.Managers, c.Manager) || p.forced(a, c.Field)
	})
	applied, err := p.server.Apply(ctx, a.Resource, a.Object.Value, ApplyOptions{DryRun: true, Force: true})
	switch {
	case IsInvalid(err):
		return p.invalid(ctx, a, err)
	case err != nil:
		return p.failed(a, err)
	}
	predicted, err := p.afterTakeOver(ctx, a, applied)
	if err != nil {
		return p.failed(a, err)
	}
	if len(contested) > 0 {
		a.Conflicts = contested
		a = a.refuse(&ConflictError{Conflicts: contested})
	}
	a = p.change(a, live, predicted)
	for _, manager := range a.Adopted {
		delete(a.Others, manager)
	}
	return a, nil
}

// afterTakeOver predicts an object whose fields are couplet's, from what an apply alone would
// make of it.
func (p *planner) afterTakeOver(ctx context.Context, a Action, applied value.Value) (value.Value, error) {
	fields, _, err := p.server.TakeOver(applied, a.Adopted)
	if err != nil {
		return a.Live, err
	}
	owned := value.Object(value.Field{Name: "metadata", Value: value.Object(value.Field{Name: "managedFields", Value: fields})})
	var others []value.Value
	for _, entry := range fields.Items() {
		if entry.Get("manager").Str() != Manager {
			others = append(others, entry.Get("fieldsV1"))
		}
	}
	patch := mergePatch(comparable(a.Live), comparable(withoutDropped(ownFields(owned), others, a.Object.Value, applied)))
	if len(patch.Fields()) == 0 {
		return a.Live, nil
	}
	id := a.Object.Identity()
	return p.server.Predict(ctx, a.Resource, id.Namespace, id.Name, patch)
}

// withoutDropped takes out of a value the fields that are owned and not desired, unless others
// own them, too.
func withoutDropped(own value.Value, others []value.Value, desired, v value.Value) value.Value {
	if v.Kind() == value.KindArray {
		return listWithoutDropped(own, others, desired, v)
	}
	out := v
	for _, f := range own.Fields() {
		name, is := strings.CutPrefix(f.Name, "f:")
		if !is || !v.Has(name) {
			continue
		}
		theirs := within(others, f.Name)
		switch {
		case desired.Has(name) || theirs != nil:
			out = out.With(name, withoutDropped(f.Value, theirs, desired.Get(name), v.Get(name)))
		default:
			if rest, gone := withoutOwned(f.Value, v.Get(name)); gone {
				out = out.Without(name)
			} else {
				out = out.With(name, rest)
			}
		}
	}
	return out
}

// listWithoutDropped is withoutDropped for a list whose elements have keys, or are a set.
func listWithoutDropped(own value.Value, others []value.Value, desired, list value.Value) value.Value {
	var out []value.Value
	for _, item := range list.Items() {
		kept := true
		for _, f := range own.Fields() {
			if _, is := follow(value.Array(item), f.Name); !is || f.Name == itself || f.Name[0] == 'i' {
				continue
			}
			want, wanted := follow(desired, f.Name)
			theirs := within(others, f.Name)
			if kept = wanted || theirs != nil; wanted && f.Name[0] == 'k' {
				item = withoutDropped(f.Value, theirs, want, item)
			}
		}
		if kept {
			out = append(out, item)
		}
	}
	return value.Array(out...)
}

// within goes one step into several managers' fields, and leaves out those that have none
// there.
func within(fields []value.Value, step string) []value.Value {
	var out []value.Value
	for _, one := range fields {
		if f, ok := one.Field(step); ok {
			out = append(out, f.Value)
		}
	}
	return out
}

// mergePatch is the JSON merge patch (RFC 7386) that makes one value of another.
func mergePatch(from, to value.Value) value.Value {
	var out []value.Field
	for _, f := range from.Fields() {
		if !to.Has(f.Name) {
			out = append(out, value.Field{Name: f.Name, Value: value.Null})
		}
	}
	for _, f := range to.Fields() {
		before, there := from.Field(f.Name)
		switch {
		case there && value.Equal(before.Value, f.Value):
		case there && before.Value.Kind() == value.KindObject && f.Value.Kind() == value.KindObject:
			out = append(out, value.Field{Name: f.Name, Value: mergePatch(before.Value, f.Value)})
		default:
			out = append(out, f)
		}
	}
	return value.Object(out...)
}

// takeOverAttempts is how often an object may change under a take-over. One more is needed
// where the server learns of the fields only with the first apply.
const takeOverAttempts = 5

// takeOver makes the fields of an adopted object couplet's, and applies it.
func (e *execution) takeOver(ctx context.Context, r Resource, a Action) (value.Value, error) {
	id := a.Object.Identity()
	for range takeOverAttempts {
		live, err := e.server.Get(ctx, r, id.Namespace, id.Name)
		if err != nil {
			return live, err
		}
		fields, moved, err := e.server.TakeOver(live, a.Adopted)
		if err != nil {
			return live, err
		}
		if moved {
			patch := value.Object(value.Field{Name: "metadata", Value: value.Object(
				value.Field{Name: "resourceVersion", Value: live.Get("metadata", "resourceVersion")}, value.Field{Name: "managedFields", Value: fields},
			)})
			if _, err = e.server.Patch(ctx, r, id.Namespace, id.Name, "", patch); IsConflict(err) {
				continue
			}
			if err != nil {
				return live, err
			}
		}
		applied, err := e.send(ctx, r, a)
		if err != nil || len((&Adoption{Managers: a.Adopted}).managersOf(applied)) == 0 {
			return applied, err
		}
	}
	return value.Null, fmt.Errorf("it changes so often that it cannot be taken over")
}

// takeIn labels what was left behind as a part of the set, so that it can be told whose it is.
func (e *execution) takeIn(ctx context.Context) error {
	for _, d := range e.plan.Deletions {
		if !d.Adopted || d.IsGone() || e.Prune && d.Kept == "" {
			continue
		}
		id := d.Entry.Identity()
		patch := value.Object(value.Field{Name: "metadata", Value: value.Object(
			value.Field{Name: "uid", Value: value.String(d.Entry.UID)},
			value.Field{Name: "labels", Value: stringMap(map[string]string{labelPartOf: e.store.set()})},
		)})
		if _, err := e.server.Patch(ctx, d.Resource, id.Namespace, id.Name, "", patch); err != nil && !IsNotFound(err) {
			return &FailedError{Done: e.done, Failures: []Failure{{Object: id, Err: err}}}
		}
		e.report(id, Adopted, "")
	}
	return nil
}
