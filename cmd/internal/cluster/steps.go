package cluster

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// AnnotationOrder is a whole number: objects of a lower one are applied before all those of a
// higher one. Objects without it have 0.
const AnnotationOrder = "couplet.dev/order"

// AnnotationHook makes a Job one that is run anew by each apply that changes something:
// before the workloads, or after everything is ready.
const AnnotationHook = "couplet.dev/hook"

const (
	hookBefore = "before"
	hookAfter  = "after"
)

func annotation(o object.Object, name string) string {
	return o.Value.Get("metadata", "annotations", name).Str()
}

// orderOf gives the order of an object; what is no number counts as none, and CheckAnnotations
// has said so.
func orderOf(o object.Object) int {
	n, _ := strconv.Atoi(annotation(o, AnnotationOrder))
	return n
}

func hookOf(o object.Object) string {
	if o.Kind() != "Job" {
		return ""
	}
	return annotation(o, AnnotationHook)
}

// CheckAnnotations tells what is wrong with couplet's own annotations on an object.
func CheckAnnotations(o object.Object) error {
	if text := annotation(o, AnnotationOrder); text != "" {
		if _, err := strconv.Atoi(text); err != nil {
			return fmt.Errorf("the annotation %s is %q, want a whole number", AnnotationOrder, text)
		}
	}
	hook := annotation(o, AnnotationHook)
	switch {
	case hook == "":
	case hook != hookBefore && hook != hookAfter:
		return fmt.Errorf("the annotation %s is %q, want %s or %s", AnnotationHook, hook, hookBefore, hookAfter)
	case o.Kind() != "Job":
		return fmt.Errorf("the annotation %s is for Jobs, not for a %s", AnnotationHook, o.Kind())
	}
	for name, want := range map[string]string{AnnotationUpdate: "replace", AnnotationPrune: "keep"} {
		if text := annotation(o, name); text != "" && text != want {
			return fmt.Errorf("the annotation %s is %q, want %s", name, text, want)
		}
	}
	return nil
}

// place is when an object is applied: by its annotation, then by its kind, and hooks just
// before what runs programs.
type place struct {
	order, tier int
	hook        bool
}

func placeOf(o object.Object) place {
	at := place{order: orderOf(o), tier: object.Tier(o.Identity())}
	if hookOf(o) == hookBefore {
		// A place of its own: behind the tier below that of workloads.
		at.tier, at.hook = object.WorkloadTier()-1, true
	}
	return at
}

func comparePlaces(a, b place) int {
	hook := func(p place) int {
		if p.hook {
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(a.order, b.order), cmp.Compare(a.tier, b.tier), cmp.Compare(hook(a), hook(b)))
}

// steps parts the actions into what can be done at once, in order. Hooks that come after
// everything are left out.
func steps(actions []Action) [][]Action {
	sorted := slices.DeleteFunc(slices.Clone(actions), func(a Action) bool { return hookOf(a.Object) == hookAfter })
	slices.SortStableFunc(sorted, func(a, b Action) int { return comparePlaces(placeOf(a.Object), placeOf(b.Object)) })
	var out [][]Action
	for i, a := range sorted {
		if i == 0 || comparePlaces(placeOf(sorted[i-1].Object), placeOf(a.Object)) != 0 {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], a)
	}
	return out
}

func hooksOf(actions []Action, when string) []Action {
	return slices.DeleteFunc(slices.Clone(actions), func(a Action) bool { return hookOf(a.Object) != when })
}

// decideHooks has hooks run where anything else changes, and where they have never succeeded
// as they are.
func (p *planner) decideHooks(ctx context.Context, actions []Action) error {
	changes := slices.ContainsFunc(actions, func(a Action) bool { return hookOf(a.Object) == "" && a.IsChange() })
	for i, a := range actions {
		if hookOf(a.Object) == "" || a.Op == Refuse {
			continue
		}
		e, known := p.inv.find(a.Object.Identity())
		switch {
		case !changes && known && e.Desired == a.desired:
			actions[i].Op, actions[i].Changes = Unchanged, nil
			continue
		case a.Resource.Name == "":
			continue
		}
		actions[i].settled = false // whatever the inventory knows, it is about to be another
		live, err := p.live(ctx, a.Resource, a.Object.Identity())
		if err != nil {
			return err
		}
		actions[i].Op, actions[i].Live, actions[i].Changes = Create, live, nil
		if live.IsNull() {
			continue
		}
		actions[i].Op = Replace
		if err := ofSet(live, p.set); err != nil {
			actions[i] = actions[i].refuse(err)
		}
	}
	return nil
}

// ofSet makes sure that a Job which is to be run anew is one that this set has made.
func ofSet(live value.Value, set string) error {
	switch setOf(live) {
	case set:
		return nil
	case "":
		return errors.New("a Job of this name is there that couplet has not made: delete it, or give the hook another name")
	}
	return errOtherSet(live)
}

// hook runs a Job and waits for its end.
func (e *execution) hook(ctx context.Context, a Action) error {
	if !a.IsChange() {
		return nil
	}
	r, err := e.resource(ctx, a)
	if err != nil {
		return err
	}
	id := a.Object.Identity()
	live, err := e.server.Get(ctx, r, id.Namespace, id.Name)
	if err != nil && !IsNotFound(err) {
		return err
	}
	if err == nil {
		err := ofSet(live, e.store.set())
		if err == nil {
			err = e.letEnd(ctx, r, live)
		}
		if err == nil {
			err = e.remove(ctx, r, live)
		}
		if err != nil {
			return &FailedError{Done: e.done, Failures: []Failure{{Object: id, Err: err}}}
		}
	}
	applied, err := e.send(ctx, r, a)
	if err != nil {
		return &FailedError{Done: e.done, Failures: []Failure{{Object: id, Err: err}}}
	}
	begun := a
	begun.desired = "" // an apply after one that ends here has to run it again
	e.applied(begun, applied)
	if err := e.awaitJob(ctx, r, id, applied); err != nil {
		return err
	}
	e.note(e.entry(a, applied))
	return nil
}

// letEnd waits while pods of a Job are running: it is that of an apply that was interrupted, or
// did not wait so long, and what it does may not bear to be cut short.
func (e *execution) letEnd(ctx context.Context, r Resource, job value.Value) error {
	limited, cancel := e.limited(ctx)
	defer cancel()
	id, uid := identityOf(job), uidOf(job)
	for told := false; isRunning(job); told = true {
		if !told {
			e.report(id, Waiting, "it is still running, from an earlier apply")
		}
		sleep(limited, pollInterval)
		now, err := e.server.Get(limited, r, id.Namespace, id.Name)
		switch {
		case IsNotFound(err) || err == nil && uidOf(now) != uid:
			return nil
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case limited.Err() != nil:
			return errors.New("it is still running, from an earlier apply, and is not deleted while it does: wait for its end, or delete the Job")
		case err != nil:
			return err
		}
		job = now
	}
	return nil
}

// isRunning tells whether pods of a Job are at work: not those that cannot start.
func isRunning(job value.Value) bool {
	return job.Get("status", "ready").Float() > 0 && !isTerminating(job) && !conditionOf(job, "Complete") && !conditionOf(job, "Failed")
}

// awaitJob waits for the end of a Job. What it was for has not been done if it fails.
func (e *execution) awaitJob(ctx context.Context, r Resource, id object.Identity, job value.Value) error {
	limited, cancel := e.limited(ctx)
	defer cancel()
	e.report(id, Waiting, "a "+annotation(object.Object{Value: job}, AnnotationHook)+" hook")
	for {
		now, err := e.server.Get(limited, r, id.Namespace, id.Name)
		switch {
		case err == nil && conditionOf(now, "Complete"):
			e.report(id, Ready, "")
			return nil
		case err == nil && conditionOf(now, "Failed"), limited.Err() != nil && ctx.Err() == nil:
			if !now.IsNull() {
				job = now
			}
			e.report(id, Broken, "")
			f := Failure{Object: id, Err: fmt.Errorf("the hook has not succeeded: %s", orText(conditionMessage(job), "it has not ended in time"))}
			f.Details, f.Unread = e.details(ctx, job)
			return &FailedError{Done: e.done, Failures: []Failure{f}}
		case IsNotFound(err): // it may have failed as well
			e.report(id, Broken, "")
			return &FailedError{Done: e.done, Failures: []Failure{{Object: id, Err: errVanished}}}
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case err != nil && limited.Err() == nil:
			return err
		}
		sleep(limited, pollInterval)
	}
}

var errVanished = errors.New("its Job was gone before its end was seen: somebody has deleted it, or its ttlSecondsAfterFinished is too short (60 is enough)")

func conditionOf(v value.Value, kind string) bool {
	for _, c := range v.Get("status", "conditions").Items() {
		if c.Get("type").Str() == kind && c.Get("status").Str() == "True" {
			return true
		}
	}
	return false
}

func conditionMessage(v value.Value) string {
	for _, c := range v.Get("status", "conditions").Items() {
		if c.Get("type").Str() == "Failed" && c.Get("status").Str() == "True" {
			return c.Get("message").Str()
		}
	}
	return ""
}

func orText(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
