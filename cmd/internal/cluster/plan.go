package cluster

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/couplet-k8s/couplet/compiler/diff"
	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/value"
	"github.com/couplet-k8s/couplet/schemas"
)

// Op is what an apply does to an object.
type Op string

// The operations.
const (
	Create    Op = "create"
	Update    Op = "update"
	Replace   Op = "replace" // deleted and made again
	Unchanged Op = "unchanged"
	// Own changes no value: couplet becomes a manager of the fields that it applies.
	Own Op = "own"
	// Refuse is an object that cannot be applied; Action.Problem says why.
	Refuse Op = "refuse"
	// Unread is an object that may not be read, and so is not compared.
	Unread Op = "unread"
)

// Action is what an apply does to one object.
type Action struct {
	Object   object.Object
	Resource Resource // the zero Resource where the server does not serve the kind yet
	Op       Op
	// Live is the object as it is; null where it is not there.
	Live value.Value
	// Changes are what becomes of the object's fields.
	Changes []diff.Change
	// Others counts the fields of each other manager.
	Others map[string]int
	// Conflicts are the fields that other managers hold with other values. With Force they
	// are taken over.
	Conflicts []Conflict
	Force     bool
	// Adopted are the managers of another tool whose fields become couplet's.
	Adopted []string
	// Unchecked says why the server was not asked; "" where it was.
	Unchecked string
	// Problem is why the object is refused.
	Problem error

	desired string // its digest
	// said is the object in the words of what is there, where it is to be sent so; null where
	// it is sent as it is.
	said value.Value
	// settled tells that the inventory knows the object as it is.
	settled bool
}

// Conflict is a field that another manager holds.
type Conflict struct {
	// Field is the path as the server writes it.
	Field   string
	Manager string
}

// sent is the object as it is sent to the server.
func (a Action) sent() value.Value {
	if a.said.IsNull() {
		return a.Object.Value
	}
	return a.said
}

// IsChange tells whether the action writes anything.
func (a Action) IsChange() bool { return a.Op != Unchanged && a.Op != Refuse && a.Op != Unread }

// IsDifference tells whether the object is not what the bundle says.
func (a Action) IsDifference() bool { return a.Op != Unchanged && a.Op != Own && a.Op != Unread }

// IsHook tells whether the object is a Job that an apply runs anew.
func (a Action) IsHook() bool { return isHook(a.Object) }

// Deletes tells whether an object that is there is deleted to be made again. Jobs that are run
// anew are none, nor is what somebody deletes already.
func (a Action) Deletes() bool {
	return a.Op == Replace && !a.IsHook() && !isTerminating(a.Live)
}

// IsProtected tells whether the name of an object that is deleted and made again has to be
// typed: data or other objects go with it, or an annotation keeps it.
func (a Action) IsProtected() bool {
	id := a.Object.Identity()
	return protected[definedKind{id.Group, id.Kind}] || keeping(a.Live) != ""
}

// PlanOptions choose how a plan is made.
type PlanOptions struct {
	// Force has the fields taken over whose path is one of these, or lies in one.
	Force []string
	// Replace has objects made again that cannot be updated.
	Replace bool
	// Kubernetes is the minor whose schemas compare what the server may not be asked about.
	Kubernetes string
	// Partial tells that the bundle is not the whole environment: nothing is missed then.
	Partial bool
	// Namespace is that of objects that name none.
	Namespace string
	// Adopt takes over what another tool applied; nil takes nothing.
	Adopt *Adoption
	// Offline leaves dry runs out, as if there were no right to them.
	Offline bool
	// Reading tells that the plan is only to be looked at: where the rights do not suffice for
	// dry runs, couplet reckons, and what may not be read is left out.
	Reading bool
	// Unseen tells that nobody looks at the plan before it is carried out: of an object that
	// the cluster does not have, no dry run is asked for, since the apply follows at once.
	Unseen bool
	// Step is called after each object.
	Step func()
}

// Plan is what an apply of a bundle does.
type Plan struct {
	Inventory *Inventory
	// Actions are in the order of the bundle.
	Actions []Action
	// Deletions are the objects of the inventory that the bundle does not have.
	Deletions []Deletion
	// Partial tells that the bundle is not the whole environment.
	Partial bool
	// Approximate tells that the server could not be asked for want of rights, so that the
	// changes are couplet's own reckoning.
	Approximate bool
}

// IsEmpty tells whether cluster and bundle agree.
func (p *Plan) IsEmpty() bool {
	return !slices.ContainsFunc(p.Deletions, Deletion.IsDifference) && !slices.ContainsFunc(p.Actions, Action.IsDifference)
}

// Refused are the actions that cannot be done.
func (p *Plan) Refused() []Action {
	return slices.DeleteFunc(slices.Clone(p.Actions), func(a Action) bool { return a.Op != Refuse })
}

// parallel is how many requests are under way at once. A server on the same two cores is
// busy with four; one that is far away answers eight times as many while one would wait.
const parallel = 32

// inParallel calls work for each number below n, many at a time, until the context is done.
func inParallel(ctx context.Context, n int, work func(i int)) {
	var group sync.WaitGroup
	next := make(chan int)
	for range min(n, max(parallel, runtime.GOMAXPROCS(0))) {
		group.Go(func() {
			for i := range next {
				work(i)
			}
		})
	}
	for i := range n {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	group.Wait()
}

// planner makes one plan.
type planner struct {
	PlanOptions
	store   *Store
	server  Server
	inv     *Inventory
	set     string
	defined map[definedKind]string // the scopes of kinds that the bundle defines
	created map[string]bool        // namespaces that the bundle makes
	// policies are the admission policies that the bundle has, kind/name.
	policies map[string]bool
	going    map[string]bool // namespaces of the bundle that are being deleted
	minor    *schemas.Minor
	mu       sync.Mutex
	found    map[object.Identity]value.Value // what the cluster was seen to hold
	absent   map[object.Identity]bool        // what it was seen not to hold
	// last are the objects of the revision that was applied last, once they are asked for.
	last     map[object.Identity]value.Value
	readLast sync.Once
	// readOnly is set once a dry run was forbidden.
	readOnly bool
}

type definedKind struct{ group, kind string }

// MakePlan reads what the cluster holds and tells what an apply of the objects would do.
// An error is about the cluster as a whole; what is wrong with one object is in its Action.
func MakePlan(ctx context.Context, s *Store, inv *Inventory, objects []object.Object, o PlanOptions) (*Plan, error) {
	p := newPlanner(s, inv, objects, o)
	if err := p.fetch(ctx); err != nil {
		return nil, err
	}
	if err := p.lookAtNamespaces(ctx, objects); err != nil {
		return nil, err
	}
	if o.Unseen {
		if err := p.findNew(ctx, objects); err != nil {
			return nil, err
		}
	}
	actions, err := p.actions(ctx, objects)
	if err == nil && p.readOnly && !o.Offline {
		// Of some the server was asked before it refused to say of another. A plan is asked for
		// as a whole, or reckoned: which is which must not depend on who was first.
		p.Step = nil
		actions, err = p.actions(ctx, objects)
	}
	if err == nil {
		err = p.decideHooks(ctx, actions)
	}
	if err != nil {
		return nil, err
	}
	plan := &Plan{Inventory: inv, Actions: actions, Partial: o.Partial, Approximate: p.readOnly}
	if !o.Partial {
		plan.Deletions, err = p.deletions(ctx, plan.Actions)
	}
	if err == nil && !o.Partial && o.Adopt != nil {
		var left []Deletion
		left, err = p.leftovers(ctx, plan.Actions)
		plan.Deletions = append(plan.Deletions, left...)
	}
	return plan, err
}

// actions decides about each object.
func (p *planner) actions(ctx context.Context, objects []object.Object) ([]Action, error) {
	actions, failures := make([]Action, len(objects)), make([]error, len(objects))
	inParallel(ctx, len(objects), func(i int) {
		actions[i], failures[i] = p.action(ctx, objects[i])
		if p.Step != nil {
			p.Step()
		}
	})
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	for _, err := range failures {
		if err != nil {
			return nil, err
		}
	}
	return actions, nil
}

func newPlanner(s *Store, inv *Inventory, objects []object.Object, o PlanOptions) *planner {
	p := &planner{
		PlanOptions: o, store: s, server: s.Server, inv: inv, set: setID(s.Home.Name, s.Home.Namespace),
		defined: definedBy(objects), created: namespacesOf(objects), policies: policiesOf(objects), going: map[string]bool{},
		found: map[object.Identity]value.Value{}, absent: map[object.Identity]bool{},
	}
	p.readOnly = o.Offline
	p.minor, _ = schemas.Open(cmp.Or(o.Kubernetes, schemas.Newest())) // without one, everything is a plain value
	return p
}

func definedBy(objects []object.Object) map[definedKind]string {
	out := map[definedKind]string{}
	for _, o := range objects {
		if o.Kind() == "CustomResourceDefinition" {
			spec := o.Value.Get("spec")
			out[definedKind{spec.Get("group").Str(), spec.Get("names", "kind").Str()}] = spec.Get("scope").Str()
		}
	}
	return out
}

func namespacesOf(objects []object.Object) map[string]bool {
	out := map[string]bool{}
	for _, o := range objects {
		if o.Kind() == "Namespace" {
			out[o.Name()] = true
		}
	}
	return out
}

// lookAtNamespaces finds out which namespaces of the bundle are being deleted: what is in one
// goes with it, whatever an apply would make of it now.
func (p *planner) lookAtNamespaces(ctx context.Context, objects []object.Object) error {
	seen := map[string]bool{}
	for _, o := range objects {
		name := cmp.Or(o.Namespace(), p.Namespace)
		if name == "" || seen[name] {
			continue
		}
		seen[name] = true
		live, err := p.server.Get(ctx, namespaces, "", name)
		if err != nil && !IsNotFound(err) && !IsForbidden(err) {
			return err
		}
		p.going[name] = isTerminating(live)
	}
	return nil
}

func isTerminating(live value.Value) bool { return live.Get("metadata").Has("deletionTimestamp") }

// listed is where objects are that are listed together.
type listed struct{ apiVersion, kind, namespace string }

// places are where enough objects are for a list to be cheaper than a request for each.
func places(count map[listed]int) []listed {
	maps.DeleteFunc(count, func(_ listed, n int) bool { return n < worthListing })
	return slices.Collect(maps.Keys(count))
}

// list lists many places at once, and hands each list on. A kind that is not served concerns
// its objects one by one, and so do rights that are missing.
func (p *planner) list(ctx context.Context, places []listed, o ListOptions, each func(listed, List)) error {
	failures := make([]error, len(places))
	inParallel(ctx, len(places), func(i int) {
		at := places[i]
		r, err := p.server.Resource(ctx, at.apiVersion, at.kind)
		if err != nil {
			return
		}
		list, err := p.server.List(ctx, r, at.namespace, o)
		if err != nil {
			if !IsForbidden(err) && !IsNotServed(err) {
				failures[i] = err
			}
			return
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		each(at, list)
	})
	for _, err := range failures {
		if err != nil {
			return err
		}
	}
	return context.Cause(ctx)
}

// fetch lists the objects of the set, kind by kind and namespace by namespace: a few requests
// in place of one for each object. Where listing is forbidden, objects are read one by one.
func (p *planner) fetch(ctx context.Context) error {
	count := map[listed]int{}
	for _, e := range p.inv.Entries {
		count[listed{e.APIVersion(), e.Kind, e.Namespace}]++
	}
	return p.list(ctx, places(count), ListOptions{Labels: labelPartOf + "=" + p.set}, func(_ listed, list List) {
		for _, item := range list.Items {
			p.found[identityOf(item)] = item
		}
	})
}

// findNew finds out which objects of the bundle the cluster does not have, by the names of
// those that it has: who has set PlanOptions.Unseen wants no dry run of these.
func (p *planner) findNew(ctx context.Context, objects []object.Object) error {
	count, here := map[listed]int{}, map[listed][]object.Identity{}
	for _, o := range objects {
		r, err := p.server.Resource(ctx, o.APIVersion(), o.Kind())
		if err != nil {
			continue // which action is to say
		}
		id := p.prepare(o, r.Namespaced).Identity()
		at := listed{o.APIVersion(), id.Kind, id.Namespace}
		if _, known := p.found[id]; !known {
			here[at] = append(here[at], id)
			count[at]++
		}
	}
	return p.list(ctx, places(count), ListOptions{Names: true}, func(at listed, list List) {
		if list.Rest {
			return
		}
		names := map[string]bool{}
		for _, item := range list.Items {
			names[item.Get("metadata", "name").Str()] = true
		}
		for _, id := range here[at] {
			p.absent[id] = !names[id.Name]
		}
	})
}

// worthListing is how many objects of a kind make a list cheaper than reading each.
const worthListing = 4

func identityOf(v value.Value) object.Identity { return object.Object{Value: v}.Identity() }

// live reads an object; null where it is not there.
func (p *planner) live(ctx context.Context, r Resource, id object.Identity) (value.Value, error) {
	p.mu.Lock()
	found, ok := p.found[id]
	p.mu.Unlock()
	if ok {
		return found, nil
	}
	return p.read(ctx, r, id)
}

// read reads an object as it is now.
func (p *planner) read(ctx context.Context, r Resource, id object.Identity) (value.Value, error) {
	v, err := p.server.Get(ctx, r, id.Namespace, id.Name)
	if IsNotFound(err) {
		return value.Null, nil
	}
	return v, err
}

// action decides about one object.
func (p *planner) action(ctx context.Context, o object.Object) (Action, error) {
	a := Action{Object: o}
	if err := CheckAnnotations(o); err != nil {
		return a.refuse(err), nil
	}
	if o.IsGenerated() {
		return a.refuse(fmt.Errorf("it has no name of its own: an apply needs metadata.name in place of generateName")), nil
	}
	r, err := p.server.Resource(ctx, o.APIVersion(), o.Kind())
	switch scope := p.scope(o); {
	case IsNotServed(err) && scope != "":
		a.Object, a.Op, a.Unchecked = p.prepare(o, scope == "Namespaced"), Create, "the definition of its kind is not on the cluster yet"
		a.desired = digest(a.Object.Value)
		return a, nil
	case IsNotServed(err):
		return a.refuse(err), nil
	case err != nil:
		return a, err
	}
	a.Resource, a.Object = r, p.prepare(o, r.Namespaced)
	a.desired = digest(a.Object.Value)
	return p.compare(ctx, a)
}

// scope is that of a kind that the bundle defines; "" where it defines no such kind.
func (p *planner) scope(o object.Object) string {
	group, _ := object.GroupVersion(o.APIVersion())
	return p.defined[definedKind{group, o.Kind()}]
}

func (a Action) refuse(problem error) Action {
	a.Op, a.Problem = Refuse, problem
	return a
}

// prepare gives the object as it is sent: in its set and namespace, and a Secret with all its
// data in one member, for what is sent as stringData belongs to nobody once it is stored.
func (p *planner) prepare(o object.Object, namespaced bool) object.Object {
	o = inSet(o, p.set)
	if namespaced && o.Namespace() == "" {
		o = o.WithMetadata("namespace", value.String(cmp.Or(p.Namespace, "default")))
	}
	if o.Kind() == "Secret" && o.APIVersion() == "v1" {
		o.Value = encodedSecret(o.Value)
	}
	if o.Value.Has("status") {
		// Another's word: an apply of it would change nothing, or what it should not.
		o.Value = o.Value.Without("status")
	}
	return o
}

// compare asks the server what an apply would make of the object.
func (p *planner) compare(ctx context.Context, a Action) (Action, error) {
	id := a.Object.Identity()
	switch {
	case p.going[id.Namespace] && p.created[id.Namespace]:
		a.Op, a.Unchecked = Create, "its namespace is being deleted, and is made again"
		return a, nil
	case p.going[id.Namespace]:
		return a.refuse(fmt.Errorf("its namespace %s is being deleted: apply again when it is gone, or was made again", id.Namespace)), nil
	case p.settled(id, a):
		a.Op, a.Live, a.settled = Unchanged, p.found[id], true
		return a, nil
	}
	if hookOf(a.Object) != "" {
		return a, nil // decideHooks knows when it is to be run
	}
	if p.absent[id] {
		a.Op = Create
		return a, nil
	}
	if p.isReadOnly() {
		return p.reckon(ctx, a)
	}
	if live, is, err := p.adoptable(ctx, a); err != nil || is {
		if err != nil {
			return p.failed(a, err)
		}
		return p.adopt(ctx, a, live)
	}
	dry := ApplyOptions{DryRun: true}
	predicted, err := p.server.Apply(ctx, a.Resource, a.Object.Value, dry)
	switch conflicts := fieldConflicts(err); {
	case err == nil:
		return p.predicted(ctx, a, predicted, dry)
	case conflicts != nil:
		return p.contested(ctx, a, conflicts)
	case IsForbidden(err) && isNamespaceGone(err):
		return a.refuse(err), nil
	case IsForbidden(err) && p.Reading && p.mayNotWrite(ctx, a):
		return p.reckon(ctx, a)
	case IsNotFound(err) && p.created[id.Namespace]:
		a.Op, a.Unchecked = Create, "its namespace is not on the cluster yet"
		return a, nil
	case IsInvalid(err) && p.awaitsPolicy(ctx, a):
		a.Op, a.Unchecked = Create, "its policy is not on the cluster yet"
		return a, nil
	case IsInvalid(err):
		return p.invalid(ctx, a, err)
	}
	return p.failed(a, err)
}

// settled tells without a request that an apply would change nothing: the object was applied
// as it is now, and none of its fields that couplet manages has changed since.
func (p *planner) settled(id object.Identity, a Action) bool {
	e, known := p.inv.find(id)
	p.mu.Lock()
	live, there := p.found[id]
	p.mu.Unlock()
	return known && there && !isTerminating(live) && e.UID != "" && e.UID == live.Get("metadata", "uid").Str() &&
		e.APIVersion() == a.Object.APIVersion() && e.Desired == a.desired && e.Live != "" && e.Live == liveDigest(live)
}

// failed tells what is wrong with one object from what is wrong with the cluster.
func (p *planner) failed(a Action, err error) (Action, error) {
	if e := (*Error)(nil); asError(err, &e) && e.Status != 401 && e.Status < 500 || isWebhookError(err) {
		return a.refuse(err), nil
	}
	return a, err
}

// predicted compares what a dry run gave with what is there. Both must be of one version of
// the object: others may be writing it just now.
func (p *planner) predicted(ctx context.Context, a Action, predicted value.Value, o ApplyOptions) (Action, error) {
	if versionOf(predicted) == "" {
		a.Op = Create
		return a, nil
	}
	id := a.Object.Identity()
	live, err := p.live(ctx, a.Resource, id)
	for range compareAttempts {
		if err != nil || live.IsNull() || versionOf(live) == versionOf(predicted) {
			break
		}
		if predicted, err = p.server.Apply(ctx, a.Resource, a.sent(), o); err == nil {
			live, err = p.read(ctx, a.Resource, id)
		}
	}
	switch {
	case err != nil:
		return p.failed(a, err)
	case live.IsNull(): // it went between the two requests
		a.Op = Create
		return a, nil
	}
	return p.change(a, live, predicted), nil
}

// compareAttempts is how often an object is looked at that changes meanwhile.
const compareAttempts = 5

func versionOf(v value.Value) string { return v.Get("metadata", "resourceVersion").Str() }

// change decides between the operations on an object that is there.
func (p *planner) change(a Action, live, predicted value.Value) Action {
	a.Live, a.Others = live, otherManagers(live)
	if set := setOf(live); set != "" && set != p.set {
		return a.refuse(errOtherSet(live))
	}
	if isTerminating(live) {
		a.Op, a.Unchecked = Replace, "it is being deleted, and is made again when it is gone"
		return a
	}
	before := comparable(live)
	a.Changes = diff.Values(before, inWords(p.schemaOf(a.Object), before, comparable(predicted)))
	switch own := ownFields(live); {
	case a.Problem != nil:
	case a.Op == Replace:
	case len(a.Changes) > 0:
		a.Op = Update
		slices.SortStableFunc(a.Changes, func(x, y diff.Change) int {
			return cmp.Compare(p.foreign(a, own, x), p.foreign(a, own, y))
		})
	case own.IsNull() || !predicted.Get("metadata", "managedFields").IsNull() && digest(own) != digest(ownFields(predicted)):
		a.Op = Own
	default:
		a.Op = Unchanged
	}
	if a.Op == Update || a.Op == Own { // nothing is written that the plan does not show
		a.said = inWords(p.schemaOf(a.Object), before, a.Object.Value)
	}
	return a
}

// foreign is 0 for a change of a field that the bundle has or had, and 1 for one that follows
// from it by the server's own doing.
func (p *planner) foreign(a Action, own value.Value, c diff.Change) int {
	if hasPath(a.Object.Value, c.Path) || owns(own, c.Path) {
		return 0
	}
	return 1
}

// hasPath tells whether a value has what a path of a difference leads to.
func hasPath(v value.Value, path diff.Path) bool {
	for _, step := range path {
		next, there := value.Null, false
		switch {
		case step.Index < 0:
			var f value.Field
			f, there = v.Field(step.Name)
			next = f.Value
		case step.Key != nil:
			for _, item := range v.Items() {
				if hasKeys(item, value.Object(slices.Clone(step.Key)...)) {
					next, there = item, true
					break
				}
			}
		case step.Index < len(v.Items()):
			next, there = v.Items()[step.Index], true
		}
		if !there {
			return false
		}
		v = next
	}
	return true
}

// contested decides about an object some of whose fields others hold.
func (p *planner) contested(ctx context.Context, a Action, causes []Cause) (Action, error) {
	live, err := p.live(ctx, a.Resource, a.Object.Identity())
	if err != nil {
		return p.failed(a, err)
	}
	if said := inWords(p.schemaOf(a.Object), live, a.Object.Value); !value.Equal(said, a.Object.Value) {
		predicted, err := p.server.Apply(ctx, a.Resource, said, ApplyOptions{DryRun: true})
		if err == nil {
			a.said = said
			return p.predicted(ctx, a, predicted, ApplyOptions{DryRun: true})
		}
		if rest := fieldConflicts(err); rest != nil {
			a.said, causes = said, rest
		}
	}
	for _, c := range causes {
		a.Conflicts = append(a.Conflicts, Conflict{Field: c.Field, Manager: managerIn(c.Message)})
	}
	dry := ApplyOptions{DryRun: true, Force: true}
	predicted, err := p.server.Apply(ctx, a.Resource, a.sent(), dry)
	if IsInvalid(err) {
		return p.invalid(ctx, a, err)
	}
	if err != nil {
		return p.failed(a, err)
	}
	a.Force = !slices.ContainsFunc(a.Conflicts, func(c Conflict) bool { return !p.forced(a, c.Field) })
	if !a.Force {
		a = a.refuse(&ConflictError{Conflicts: a.Conflicts})
	}
	return p.predicted(ctx, a, predicted, dry)
}

// ConflictError says that others hold fields with other values.
type ConflictError struct{ Conflicts []Conflict }

// Error implements error.
func (e *ConflictError) Error() string {
	var parts []string
	for _, c := range e.Conflicts {
		parts = append(parts, c.Field+" is managed by "+c.Manager)
	}
	return strings.Join(parts, ", ")
}

// managerIn finds the name of the manager in a conflict's message: conflict with "kubectl"
// using apps/v1, or with "kubectl" with subresource "scale".
func managerIn(message string) string {
	_, rest, ok := strings.Cut(message, `"`)
	name, _, closed := strings.Cut(rest, `"`)
	if !ok || !closed {
		return message
	}
	return name
}

// forced tells whether a field may be taken over. A pattern is a path, of a field or of
// something around it, after kind/name: if it is for one object only.
func (p *planner) forced(a Action, field string) bool {
	for _, pattern := range p.Force {
		if target, path, ok := strings.Cut(pattern, ":"); ok {
			if !strings.EqualFold(target, a.Object.Kind()+"/"+a.Object.Name()) {
				continue
			}
			pattern = path
		}
		rest, is := strings.CutPrefix(field, "."+strings.TrimPrefix(pattern, "."))
		if is && (rest == "" || rest[0] == '.' || rest[0] == '[' || pattern == ".") {
			return true
		}
	}
	return false
}

// AnnotationUpdate, with the value replace, has an object that cannot be updated made again.
const AnnotationUpdate = "couplet.dev/update"

// invalid decides about an object that the server rejects: where it rejects only the update,
// the object can be made again.
func (p *planner) invalid(ctx context.Context, a Action, problem error) (Action, error) {
	live, err := p.live(ctx, a.Resource, a.Object.Identity())
	if err != nil {
		return a, err
	}
	if live.IsNull() || !isImmutable(problem) {
		return a.refuse(problem), nil
	}
	a.Op = Replace
	if !p.Replace && a.Object.Value.Get("metadata", "annotations", AnnotationUpdate).Str() != "replace" {
		a = a.refuse(&ImmutableError{problem})
	}
	return p.change(a, live, p.merge(ctx, a, live)), nil
}

// ImmutableError says that an object cannot be updated, but could be made again.
type ImmutableError struct{ err error }

// Error implements error.
func (e *ImmutableError) Error() string { return e.err.Error() }

// Unwrap gives the server's error.
func (e *ImmutableError) Unwrap() error { return e.err }

// isImmutable tells whether an update is rejected for what it changes. The server has no
// reason of its own for that.
func isImmutable(err error) bool {
	var e *Error
	if !asError(err, &e) {
		return false
	}
	for _, c := range e.Causes {
		text := strings.ToLower(c.Message)
		if strings.Contains(text, "immutable") || strings.Contains(text, "may not be changed") || strings.Contains(text, "updates to ") || strings.Contains(text, "may not change") || strings.Contains(text, "cannot be changed") || strings.Contains(text, "cannot change") {
			return true
		}
	}
	return false
}
