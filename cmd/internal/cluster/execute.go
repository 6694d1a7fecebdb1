package cluster

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// ExecuteOptions choose how a plan is carried out.
type ExecuteOptions struct {
	// Holder names who does it, for the lease.
	Holder string
	// App, Environment and Revision are written into the inventory. A nil Revision keeps no
	// bundle.
	App, Environment string
	Revision         *Revision
	// Prune has the plan's deletions carried out. Remove has the inventory go too, once
	// nothing is in it.
	Prune, Remove bool
	// Backup is given what is about to be deleted, before anything is changed. Nothing is
	// unless it succeeds.
	Backup func([]value.Value) error
	// Wait has readiness waited for, for at most Timeout; 0 is without limit.
	Wait    bool
	Timeout time.Duration
	// Report is told what happens. It may be called by several goroutines.
	Report func(Happening)
}

// Happening is something that happened to one object.
type Happening struct {
	Object object.Identity
	Stage  Stage
	// Message says more, where there is more to say.
	Message string
}

// Stage is how far an object is in an execution.
type Stage string

// The stages.
const (
	Applied Stage = "applied"
	Waiting Stage = "waiting"
	Ready   Stage = "ready"
	Broken  Stage = "failed"
	Deleted Stage = "deleted"
	Adopted Stage = "adopted"
	Left    Stage = "kept"
)

// FailedError says what could not be done. What was done stays, and is in the inventory.
type FailedError struct {
	// Failures are in the order of the plan.
	Failures []Failure
	// Done counts the objects that were applied.
	Done int
}

// Failure is an object that could not be applied, deleted, or does not become ready.
type Failure struct {
	Object object.Identity
	Err    error
	// Details are lines about why: conditions, events, the last words of containers.
	Details []string
	// Unread tells that the rights did not suffice to look for them.
	Unread bool
}

// Error implements error.
func (e *FailedError) Error() string {
	if len(e.Failures) == 1 {
		return fmt.Sprintf("%s: %v", e.Failures[0].Object, e.Failures[0].Err)
	}
	return fmt.Sprintf("%d objects failed, the first is %s: %v", len(e.Failures), e.Failures[0].Object, e.Failures[0].Err)
}

// ErrMoved says that the cluster is not as it was when a plan was made.
var ErrMoved = errors.New("the cluster has changed since the plan was made")

// execution is a plan that is being carried out.
type execution struct {
	ExecuteOptions
	store  *Store
	server Server
	plan   *Plan

	mu      sync.Mutex
	inv     *Inventory
	results map[object.Identity]Entry // not saved yet
	gone    map[object.Identity]bool  // likewise
	live    map[object.Identity]value.Value
	done    int
	// complete is set when every object was applied.
	complete bool
}

// Execute carries out a plan. An error leaves what was done, and another Execute of the same
// bundle finishes it.
func Execute(ctx context.Context, s *Store, plan *Plan, o ExecuteOptions) (err error) {
	e := &execution{ExecuteOptions: o, store: s, server: s.Server, plan: plan, inv: plan.Inventory, results: map[object.Identity]Entry{}, gone: map[object.Identity]bool{}, live: map[object.Identity]value.Value{}}
	if !e.writes() {
		return e.settle(ctx)
	}
	if err := e.ensureHome(ctx); err != nil {
		return err
	}
	held, lease, err := Acquire(ctx, s.Server, s.Home, o.Holder)
	if err != nil {
		return err
	}
	defer func() {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWords)
		defer cancel()
		err = errors.Join(err, lease.Release(last))
	}()
	if err := e.begin(held); err != nil {
		return err
	}
	stop := e.keepSaving(held)
	err = e.run(held)
	stop()
	if errors.Is(context.Cause(held), ErrLeaseLost) {
		return context.Cause(held) // the inventory is another's now
	}
	return errors.Join(err, e.finish(held, err))
}

// lastWords is how long an execution that was interrupted may take to write down what it did.
const lastWords = 20 * time.Second

func (e *execution) report(id object.Identity, stage Stage, message string) {
	if e.Report != nil {
		e.Report(Happening{Object: id, Stage: stage, Message: message})
	}
}

// writes tells whether the cluster is changed at all.
func (e *execution) writes() bool {
	deletes := e.Remove || e.Prune && slices.ContainsFunc(e.plan.Deletions, func(d Deletion) bool { return d.IsGone() || d.Foreign || d.IsDoomed() })
	adopts := slices.ContainsFunc(e.plan.Deletions, func(d Deletion) bool { return d.Adopted })
	return deletes || adopts || len(e.news(e.inv)) > 0 || slices.ContainsFunc(e.plan.Actions, Action.IsChange) || e.Revision != nil && len(e.plan.Actions) > 0 && e.isNews()
}

// isNews tells whether the bundle is another than the one that was applied last. A part of
// it is news only by what it changes.
func (e *execution) isNews() bool {
	n := len(e.inv.Revisions)
	return n == 0 || !e.plan.Partial && e.inv.Revisions[n-1].Digest != digestOf(bundleText(objectsOf(e.plan.Actions)))
}

// ensureHome makes sure that the namespace of the inventory is there.
func (e *execution) ensureHome(ctx context.Context) error {
	_, err := e.server.Get(ctx, namespaces, "", e.store.Home.Namespace)
	if IsNotFound(err) {
		return fmt.Errorf("the namespace %s, which the inventory is to be in, does not exist: make it, or put it into the bundle", e.store.Home.Namespace)
	}
	if IsForbidden(err) {
		return nil // whether it is there will be seen
	}
	return err
}

var namespaces = Resource{Version: "v1", Kind: "Namespace", Name: "namespaces"}

// begin makes sure that the inventory is as it was when the plan was made, and writes the
// union of what it had and what is about to be.
func (e *execution) begin(ctx context.Context) error {
	now, err := e.store.Load(ctx)
	if err != nil {
		return err
	}
	if now.Exists() != e.inv.Exists() || now.Serial != e.inv.Serial {
		return fmt.Errorf("%w: another apply has changed the inventory %s", ErrMoved, e.store.Home)
	}
	entries := e.news(now)
	e.inv = now.withEntries(entries)
	e.inv.App, e.inv.Environment = e.App, e.Environment
	if len(entries) == 0 && now.Exists() {
		return nil
	}
	e.inv, err = e.store.Save(ctx, e.inv)
	return err
}

// news are the entries that an inventory has not, or not as they are: objects that are about
// to be applied, and those of a run that ended before it could write them down.
func (e *execution) news(inv *Inventory) []Entry {
	var entries []Entry
	for _, a := range e.plan.Actions {
		old, known := inv.find(a.Object.Identity())
		switch {
		case a.Op == Refuse || a.settled:
		case a.IsChange() && (!known || old.UID != "" && (a.Op == Replace || old.UID != uidOf(a.Live))):
			// The UID is that of an object which is gone, or goes: the new one's is not known yet.
			entries = append(entries, e.entry(a, value.Null))
		case a.Op == Unchanged && !a.Live.IsNull():
			entry := e.entry(a, a.Live)
			if !known || old.UID != entry.UID || old.Desired != entry.Desired || old.Live != entry.Live {
				entries = append(entries, entry)
			}
		}
	}
	for _, d := range e.plan.Deletions {
		if _, known := inv.find(d.Entry.Identity()); d.Adopted && !known {
			entries = append(entries, d.Entry)
		}
	}
	return entries
}

func uidOf(live value.Value) string { return live.Get("metadata", "uid").Str() }

// entry is what the inventory knows of an object that was applied; of one that is about to
// be, only what it is.
func (e *execution) entry(a Action, applied value.Value) Entry {
	id := a.Object.Identity()
	_, version := object.GroupVersion(a.Object.APIVersion())
	out := Entry{Group: id.Group, Version: version, Kind: id.Kind, Namespace: id.Namespace, Name: id.Name, Hook: hookOf(a.Object) != ""}
	if e.Revision != nil {
		out.Commit = e.Revision.Commit
	}
	if !applied.IsNull() {
		out.UID, out.Desired, out.Live = applied.Get("metadata", "uid").Str(), a.desired, liveDigest(applied)
	}
	return out
}

// saveInterval is how often results are written down while there are more to come.
const saveInterval = 2 * time.Second

// keepSaving writes results down as they come in, until it is stopped.
func (e *execution) keepSaving(ctx context.Context) (stop func()) {
	saving, cancel := context.WithCancel(ctx)
	var done sync.WaitGroup
	done.Go(func() {
		for sleep(saving, saveInterval) {
			_ = e.save(ctx) // what cannot be saved now is saved at the end
		}
	})
	return func() {
		cancel()
		done.Wait()
	}
}

// unsaved is what is not written down yet: objects that were applied, and that are gone.
func (e *execution) unsaved() (entries []Entry, gone map[object.Identity]bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Collect(maps.Values(e.results)), maps.Clone(e.gone)
}

func (e *execution) save(ctx context.Context) error {
	entries, gone := e.unsaved()
	if len(entries) == 0 && len(gone) == 0 {
		return nil
	}
	saved, err := e.store.Save(ctx, e.inv.withEntries(entries).without(gone))
	if err != nil {
		return err
	}
	e.inv = saved
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, entry := range entries {
		if e.results[entry.Identity()] == entry {
			delete(e.results, entry.Identity())
		}
	}
	maps.DeleteFunc(e.gone, func(id object.Identity, _ bool) bool { return gone[id] })
	return nil
}

// finish writes down what was done, whatever became of the rest.
func (e *execution) finish(ctx context.Context, failed error) error {
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), max(lastWords, patienceOf(ctx)))
	defer cancel()
	entries, gone := e.unsaved()
	next := e.inv.withEntries(entries).without(gone)
	if e.complete && e.Revision != nil {
		var err error
		if next, err = e.store.addRevision(last, next, *e.Revision, e.plan); err != nil {
			return err
		}
	}
	switch {
	case e.Remove && failed == nil && len(next.Entries) == 0:
		return e.store.Remove(last, next)
	case len(entries) == 0 && len(gone) == 0 && len(next.Revisions) == len(e.inv.Revisions):
		return nil
	}
	_, err := e.store.Save(last, next)
	return err
}

// patienceOf is how long an execution that was not interrupted may wait for the server.
func patienceOf(ctx context.Context) time.Duration {
	if ctx.Err() != nil {
		return 0
	}
	const minutes = 3
	return minutes * time.Minute
}

// run applies, waits, and deletes.
func (e *execution) run(ctx context.Context) error {
	if refused := e.plan.Refused(); len(refused) > 0 {
		return refusedError(refused)
	}
	if err := e.backUp(); err != nil {
		return err
	}
	for _, step := range steps(e.plan.Actions) {
		if err := e.step(ctx, step); err != nil {
			return err
		}
	}
	e.complete = true
	if err := e.takeIn(ctx); err != nil {
		return err
	}
	if err := e.settle(ctx); err != nil {
		return err
	}
	for _, hook := range hooksOf(e.plan.Actions, hookAfter) {
		if err := e.hook(ctx, hook); err != nil {
			return err
		}
	}
	if e.Prune {
		return e.prune(ctx, e.plan.Deletions)
	}
	return nil
}

func refusedError(refused []Action) error {
	e := &FailedError{}
	for _, a := range refused {
		e.Failures = append(e.Failures, Failure{Object: a.Object.Identity(), Err: a.Problem})
	}
	return e
}

// step applies the objects of one step, many at a time. Where one fails, the others of the
// step are finished, and no further step is begun.
func (e *execution) step(ctx context.Context, actions []Action) error {
	if hookOf(actions[0].Object) != "" {
		for _, a := range actions {
			if err := e.hook(ctx, a); err != nil {
				return err
			}
		}
		return nil
	}
	failures := make([]error, len(actions))
	inParallel(ctx, len(actions), func(i int) { failures[i] = e.apply(ctx, actions[i]) })
	if err := context.Cause(ctx); err != nil {
		return err
	}
	if err := e.failed(actions, failures); err != nil {
		return err
	}
	return e.establish(ctx, actions)
}

func (e *execution) failed(actions []Action, failures []error) error {
	failed := &FailedError{Done: e.done}
	for i, err := range failures {
		if err != nil {
			id := actions[i].Object.Identity()
			failed.Failures = append(failed.Failures, Failure{Object: id, Err: err})
			e.report(id, Broken, err.Error())
		}
	}
	if failed.Failures == nil {
		return nil
	}
	return failed
}

// apply carries out one action.
func (e *execution) apply(ctx context.Context, a Action) error {
	if !a.IsChange() {
		return nil
	}
	r, err := e.resource(ctx, a)
	if err != nil {
		return err
	}
	if a.Op == Replace {
		if err := e.remove(ctx, r, a.Live); err != nil {
			return err
		}
	}
	send := e.send
	if a.Adopted != nil && a.Op != Replace {
		send = e.takeOver
	}
	applied, err := send(ctx, r, a)
	if err != nil {
		return err
	}
	e.applied(a, applied)
	return nil
}

func (e *execution) applied(a Action, applied value.Value) {
	id := a.Object.Identity()
	e.note(e.entry(a, applied))
	e.mu.Lock()
	e.live[id] = applied
	e.done++
	e.mu.Unlock()
	e.report(id, Applied, string(a.Op))
}

// note has a result written down soon.
func (e *execution) note(entry Entry) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.results[entry.Identity()] = entry
}

// servedLimit is how long a kind may take to be served after its definition is established.
const servedLimit = 30 * time.Second

// resource finds the resource of an object whose kind may have been defined just now.
func (e *execution) resource(ctx context.Context, a Action) (Resource, error) {
	if a.Resource.Name != "" {
		return a.Resource, nil
	}
	limited, cancel := context.WithTimeout(ctx, servedLimit)
	defer cancel()
	for {
		r, err := e.server.Resource(limited, a.Object.APIVersion(), a.Object.Kind())
		if !IsNotServed(err) {
			return r, err
		}
		if !sleep(limited, pollInterval) {
			return r, err
		}
		e.server.Forget()
	}
}

// pollInterval is how often something is asked for that should be there soon.
const pollInterval = 250 * time.Millisecond

// sendAttempts is how often fields are taken over of an object that changes meanwhile.
const sendAttempts = 5

// send applies an object. Fields of other managers are taken over only if the plan says so,
// and only those that it names.
func (e *execution) send(ctx context.Context, r Resource, a Action) (value.Value, error) {
	o := a.sent()
	if !r.Namespaced && o.Get("metadata").Has("namespace") {
		o = o.With("metadata", o.Get("metadata").Without("namespace"))
	}
	applied, err := e.server.Apply(ctx, r, o, ApplyOptions{})
	for range sendAttempts {
		conflicts := fieldConflicts(err)
		if !a.Force || conflicts == nil || !covers(a.Conflicts, conflicts) {
			break
		}
		live, readErr := e.server.Get(ctx, r, a.Object.Namespace(), a.Object.Name())
		if readErr != nil {
			return live, readErr
		}
		applied, err = e.server.Apply(ctx, r, withResourceVersion(o, live.Get("metadata", "resourceVersion").Str()), ApplyOptions{Force: true})
		if IsConflict(err) { // somebody was faster, or it was this very request, whose answer was lost
			applied, err = e.server.Apply(ctx, r, o, ApplyOptions{})
		}
	}
	if conflicts := fieldConflicts(err); conflicts != nil {
		list := make([]Conflict, len(conflicts))
		for i, c := range conflicts {
			list[i] = Conflict{Field: c.Field, Manager: managerIn(c.Message)}
		}
		err = &ConflictError{Conflicts: list}
	}
	return applied, err
}

// covers tells whether all conflicts are among those that the plan knows.
func covers(planned []Conflict, found []Cause) bool {
	for _, c := range found {
		if !slices.ContainsFunc(planned, func(p Conflict) bool { return p.Field == c.Field && p.Manager == managerIn(c.Message) }) {
			return false
		}
	}
	return true
}

// remove deletes an object and waits until it is gone.
func (e *execution) remove(ctx context.Context, r Resource, live value.Value) error {
	metadata := live.Get("metadata")
	namespace, name, uid := metadata.Get("namespace").Str(), metadata.Get("name").Str(), metadata.Get("uid").Str()
	if !isTerminating(live) {
		if gone, err := e.server.Delete(ctx, r, namespace, name, DeleteOptions{UID: uid, Foreground: true}); gone || err != nil {
			return err
		}
	}
	return e.awaitGone(ctx, r, namespace, name, uid)
}

func (e *execution) awaitGone(ctx context.Context, r Resource, namespace, name, uid string) error {
	limited, cancel := e.limited(ctx)
	defer cancel()
	var finalizers []string
	for {
		there, err := e.server.Get(limited, r, namespace, name)
		switch {
		case IsNotFound(err), err == nil && there.Get("metadata", "uid").Str() != uid:
			return nil
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case limited.Err() != nil:
			return fmt.Errorf("it was deleted, but is still there: it may have finalizers (%s)", strings.Join(finalizers, ", "))
		case IsNotServed(err):
			if r, err = e.elsewhere(limited, r); IsNotServed(err) {
				return nil
			}
			if err != nil {
				return err
			}
		case IsForbidden(err): // the rights may have gone with a namespace, and the object before them
			return nil
		case err != nil:
			return err
		}
		finalizers = metadataFinalizers(there)
		sleep(limited, pollInterval)
	}
}

func metadataFinalizers(v value.Value) []string {
	var out []string
	for _, f := range v.Get("metadata", "finalizers").Items() {
		out = append(out, f.Str())
	}
	return out
}

// defaultTimeout is how long is waited where nothing is said about it.
const defaultTimeout = 5 * time.Minute

func (e *execution) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	limit := e.Timeout
	if limit <= 0 {
		limit = defaultTimeout
	}
	return context.WithTimeout(ctx, limit)
}
