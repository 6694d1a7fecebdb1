package cluster

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/couplet-k8s/couplet/compiler/emit"
	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// AnnotationPrune, with the value keep, has an object stay when the bundle does not have it
// any more. helm.sh/resource-policy with the same value means the same.
const AnnotationPrune = "couplet.dev/prune"

const annotationHelmKeep = "helm.sh/resource-policy"

// Deletion is an object of the inventory that the bundle does not have.
type Deletion struct {
	Entry Entry
	// Live is the object as it is; null where it is gone.
	Live value.Value
	// Resource is its resource; the zero Resource where the server does not serve the kind
	// any more, and so has none of its objects.
	Resource Resource
	// Unread is why it cannot be told what the object is like, or whether it is there.
	Unread error
	// Kept says why it is not deleted; "" where it may be. With Foreign it is somebody else's
	// by now, and the inventory forgets it.
	Kept    string
	Foreign bool
	// Annotated tells that only an annotation keeps it, until somebody allows the deletion.
	Annotated bool
	// Adopted tells that another tool left it behind: it is taken into the inventory.
	Adopted bool
	// Protected tells that its name has to be typed: what goes with it cannot be had back.
	Protected bool
}

// IsGone tells whether there is nothing to delete: only the inventory still knows it.
func (d Deletion) IsGone() bool { return d.Live.IsNull() && d.Kept == "" }

// IsDoomed tells whether a prune deletes the object.
func (d Deletion) IsDoomed() bool { return !d.IsGone() && d.Kept == "" }

// Allow has the object deleted although an annotation keeps it.
func (d *Deletion) Allow() { d.Kept, d.Annotated = "", false }

// IsDifference tells whether there is something to delete, or to look at.
func (d Deletion) IsDifference() bool { return !d.IsGone() && !d.Foreign && !d.Annotated }

// protected are the kinds with which data go, or other objects.
var protected = map[definedKind]bool{
	{"", "Namespace"}: true, {"", "PersistentVolume"}: true, {"", "PersistentVolumeClaim"}: true,
	{"apiextensions.k8s.io", "CustomResourceDefinition"}: true,
}

// deletions are what the inventory has beside the objects of a plan.
func (p *planner) deletions(ctx context.Context, actions []Action) ([]Deletion, error) {
	wanted := map[object.Identity]bool{}
	for _, a := range actions {
		wanted[a.Object.Identity()] = true
	}
	rest := slices.DeleteFunc(slices.Clone(p.inv.Entries), func(e Entry) bool { return wanted[e.Identity()] })
	return p.deletionsOf(ctx, rest)
}

func (p *planner) deletionsOf(ctx context.Context, entries []Entry) ([]Deletion, error) {
	out := make([]Deletion, len(entries))
	failures := make([]error, len(entries))
	inParallel(ctx, len(entries), func(i int) { out[i], failures[i] = p.deletion(ctx, entries[i]) })
	for _, err := range failures {
		if err != nil {
			return nil, err
		}
	}
	return out, context.Cause(ctx)
}

func (p *planner) deletion(ctx context.Context, e Entry) (Deletion, error) {
	d := Deletion{Entry: e, Protected: protected[definedKind{e.Group, e.Kind}]}
	r, err := p.server.Resource(ctx, e.APIVersion(), e.Kind)
	if IsNotServed(err) {
		r, err = p.server.Preferred(ctx, e.Group, e.Kind)
	}
	if IsNotServed(err) {
		return d, nil
	}
	if err == nil {
		d.Resource = r
		d.Live, err = p.live(ctx, r, e.Identity())
	}
	if IsForbidden(err) || IsNotAvailable(err) {
		d.Unread, d.Kept = err, "it cannot be read: "+err.Error()
		return d, nil
	}
	if err != nil {
		return d, err
	}
	d.Adopted = p.isLeftover(d.Live)
	return p.judged(d), nil
}

// judged says why an object is not to be deleted, if there is a reason.
func (p *planner) judged(d Deletion) Deletion {
	switch {
	case d.IsGone():
	case d.Entry.UID != "" && uidOf(d.Live) != d.Entry.UID:
		d.Kept, d.Foreign = "it is another object of this name: the one that couplet applied is gone", true
	case setOf(d.Live) != p.set && !d.Adopted:
		d.Kept, d.Foreign = "it does not belong to this environment any more: its label "+labelPartOf+" is another's, or gone", true
	default:
		d.Kept = keeping(d.Live)
		d.Annotated = d.Kept != ""
	}
	return d
}

// keeping tells which annotation has an object stay; "" where none has.
func keeping(live value.Value) string {
	annotations := live.Get("metadata", "annotations")
	for _, name := range []string{AnnotationPrune, annotationHelmKeep} {
		if annotations.Get(name).Str() == "keep" {
			return "its annotation " + name + " says so"
		}
	}
	return ""
}

// isChanged tells whether somebody has changed an object that is to be deleted. Where the
// server counts the generations of a specification, they tell that: what controllers note
// beside it is no change.
func isChanged(then, now value.Value) bool {
	if keeping(now) != keeping(then) {
		return true
	}
	if generation := then.Get("metadata", "generation"); !generation.IsNull() {
		return !value.Equal(generation, now.Get("metadata", "generation"))
	}
	return digest(comparable(now)) != digest(comparable(then))
}

func appendJSON(v value.Value) []byte { return emit.AppendJSON(nil, v, emit.Compact) }

// backUp hands on copies of all that is about to be deleted: to be made again, or for good.
func (e *execution) backUp() error {
	var copies []value.Value
	for _, a := range e.plan.Actions {
		if a.Deletes() {
			copies = append(copies, a.Live)
		}
	}
	if e.Prune {
		for _, d := range e.plan.Deletions {
			if d.IsDoomed() {
				copies = append(copies, d.Live)
			}
		}
	}
	if e.Backup == nil || copies == nil {
		return nil
	}
	if err := e.Backup(copies); err != nil {
		return fmt.Errorf("nothing was changed, for the backup of what is to be deleted could not be written: %w", err)
	}
	return nil
}

// prune deletes objects, those that others need last.
func (e *execution) prune(ctx context.Context, deletions []Deletion) error {
	doomed := e.sortDeletions(deletions)
	failed := &FailedError{Done: e.done}
	for _, step := range deletionSteps(doomed) {
		failures := make([]error, len(step))
		inParallel(ctx, len(step), func(i int) {
			if failures[i] = e.delete(ctx, step[i]); failures[i] == nil {
				e.forget(step[i].Entry)
				e.report(step[i].Entry.Identity(), Deleted, "")
			}
		})
		if err := context.Cause(ctx); err != nil {
			return err
		}
		for i, err := range failures {
			if err != nil {
				failed.Failures = append(failed.Failures, Failure{Object: step[i].Entry.Identity(), Err: err})
				e.report(step[i].Entry.Identity(), Broken, err.Error())
			}
		}
		if failed.Failures != nil {
			return failed
		}
	}
	return nil
}

// forget takes an object that is gone out of the inventory.
func (e *execution) forget(entry Entry) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.gone[entry.Identity()] = true
}

// sortDeletions gives what is to be deleted. The inventory forgets what is gone already, or has
// become somebody else's; what is kept stays in it.
func (e *execution) sortDeletions(deletions []Deletion) (doomed []Deletion) {
	for _, d := range deletions {
		switch {
		case d.IsGone() || d.Foreign:
			e.forget(d.Entry)
		case d.IsDoomed():
			doomed = append(doomed, d)
		}
	}
	return doomed
}

// deletionSteps are the deletions in the opposite of the order of an apply.
func deletionSteps(deletions []Deletion) [][]Deletion {
	sorted := slices.Clone(deletions)
	at := func(d Deletion) place { return placeOf(object.Object{Value: d.Live}) }
	slices.SortStableFunc(sorted, func(a, b Deletion) int { return comparePlaces(at(b), at(a)) })
	var out [][]Deletion
	for i, d := range sorted {
		if i == 0 || comparePlaces(at(sorted[i-1]), at(d)) != 0 {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], d)
	}
	return out
}

// delete deletes the very object that was looked at, if nobody has changed it since, and
// waits until it is gone if there is to be waited. Where others write its status all the
// time, its version is read anew.
func (e *execution) delete(ctx context.Context, d Deletion) error {
	id, live, uid := d.Entry.Identity(), d.Live, uidOf(d.Live)
	for range deleteAttempts {
		gone, err := e.server.Delete(ctx, d.Resource, id.Namespace, id.Name, DeleteOptions{UID: uid, ResourceVersion: versionOf(live)})
		switch {
		case err == nil && !gone:
			return e.awaitDeletion(ctx, d)
		case IsNotServed(err): // a definition that was applied just now has other versions
			if d.Resource, err = e.elsewhere(ctx, d.Resource); IsNotServed(err) {
				return nil
			}
			if err != nil || !sleep(ctx, pollInterval) {
				return cmp.Or(err, ctx.Err())
			}
			continue
		case !IsConflict(err):
			return err
		}
		now, readErr := e.server.Get(ctx, d.Resource, id.Namespace, id.Name)
		switch {
		case IsNotFound(readErr):
			return nil
		case readErr != nil:
			return readErr
		case uidOf(now) != uid:
			return nil // another object has its name
		case isTerminating(now): // by this very request, if its answer was lost
			return e.awaitDeletion(ctx, d)
		case isChanged(d.Live, now):
			return fmt.Errorf("%w: somebody has changed the object", ErrMoved)
		}
		live = now
	}
	return fmt.Errorf("it changes so often that it cannot be deleted as it is")
}

// elsewhere finds the resource of a kind that is not served any more in a version. IsNotServed
// holds for the error where the kind is not served at all, and so none of its objects is there.
func (e *execution) elsewhere(ctx context.Context, r Resource) (Resource, error) {
	e.server.Forget()
	return e.server.Preferred(ctx, r.Group, r.Kind)
}

func (e *execution) awaitDeletion(ctx context.Context, d Deletion) error {
	if !e.Wait {
		return nil
	}
	id := d.Entry.Identity()
	return e.awaitGone(ctx, d.Resource, id.Namespace, id.Name, uidOf(d.Live))
}

const deleteAttempts = 10
