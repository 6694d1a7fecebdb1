package cluster

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// establish waits for what later steps need: namespaces, and definitions that are served.
func (e *execution) establish(ctx context.Context, actions []Action) error {
	var awaited []Action
	for _, a := range actions {
		kind := a.Object.Kind()
		if a.IsChange() && (kind == "Namespace" || kind == "CustomResourceDefinition") {
			awaited = append(awaited, a)
		}
	}
	if awaited == nil {
		return nil
	}
	e.server.Forget()
	return e.await(ctx, awaited)
}

// settle waits until everything is ready, what was not changed included: an apply may have
// been interrupted while it waited.
func (e *execution) settle(ctx context.Context) error {
	if !e.Wait {
		return nil
	}
	var awaited []Action
	for _, a := range e.plan.Actions {
		if hookOf(a.Object) == "" && a.Op != Refuse {
			awaited = append(awaited, a)
		}
	}
	return e.await(ctx, awaited)
}

// await waits until the objects are ready, for as long as the timeout allows.
func (e *execution) await(ctx context.Context, actions []Action) error {
	limited, cancel := e.limited(ctx)
	defer cancel()
	w := &waiter{execution: e, pending: map[object.Identity]value.Value{}, resources: map[object.Identity]Resource{}}
	for _, a := range actions {
		w.add(ctx, a)
	}
	w.run(limited)
	if err := context.Cause(ctx); err != nil {
		return err
	}
	return w.failure(ctx, actions)
}

// waiter waits for objects to become ready.
type waiter struct {
	*execution
	resources map[object.Identity]Resource

	mu      sync.Mutex
	pending map[object.Identity]value.Value // as they were seen last
	broken  map[object.Identity]string
}

// add takes an object unless what is known of it says that it is ready.
func (w *waiter) add(ctx context.Context, a Action) {
	id := a.Object.Identity()
	live, known := w.execution.live[id]
	if !known {
		live = a.Live
	}
	r, err := w.resource(ctx, a)
	if err != nil || !live.IsNull() && w.server.Readiness(live).Phase == Current {
		return
	}
	w.resources[id], w.pending[id] = r, live
	w.report(id, Waiting, w.server.Readiness(live).Message)
}

// run watches the objects, kind by kind and namespace by namespace.
func (w *waiter) run(ctx context.Context) {
	type place struct {
		Resource
		namespace string
	}
	places := map[string]place{}
	for id, r := range w.resources {
		places[r.Group+"/"+r.Name+"/"+id.Namespace] = place{r, id.Namespace}
	}
	var group sync.WaitGroup
	for _, at := range places {
		group.Go(func() { w.watch(ctx, at.Resource, at.namespace) })
	}
	group.Wait()
}

// watch follows the objects of one kind and namespace until all are ready or failed. Without
// the right to list or watch they are read one by one.
func (w *waiter) watch(ctx context.Context, r Resource, namespace string) {
	o := ListOptions{Labels: labelPartOf + "=" + setID(w.store.Home.Name, w.store.Home.Namespace)}
	for pause := pollInterval; ctx.Err() == nil && len(w.left(r, namespace)) > 0; pause = min(2*pause, longestPoll) {
		list, err := w.server.List(ctx, r, namespace, o)
		if err != nil {
			w.poll(ctx, r, namespace)
			sleep(ctx, pause)
			continue
		}
		for _, item := range list.Items {
			w.see(identityOf(item), item)
		}
		w.missing(r, namespace, list.Items)
		if len(w.left(r, namespace)) == 0 {
			return
		}
		err = w.server.Watch(ctx, r, namespace, o, list.Version, func(event Event) bool {
			if !event.Deleted {
				w.see(identityOf(event.Object), event.Object)
			}
			return len(w.left(r, namespace)) > 0
		})
		if err != nil {
			sleep(ctx, pause)
		}
	}
}

const longestPoll = 5 * time.Second

// poll reads what is left, one by one.
func (w *waiter) poll(ctx context.Context, r Resource, namespace string) {
	for _, id := range w.left(r, namespace) {
		if v, err := w.server.Get(ctx, r, id.Namespace, id.Name); err == nil {
			w.see(id, v)
		}
	}
}

// missing notes of objects that were there and are not any more.
func (w *waiter) missing(r Resource, namespace string, items []value.Value) {
	there := map[object.Identity]bool{}
	for _, item := range items {
		there[identityOf(item)] = true
	}
	for _, id := range w.left(r, namespace) {
		if !there[id] {
			w.mu.Lock()
			w.pending[id] = value.Null
			w.mu.Unlock()
		}
	}
}

func (w *waiter) left(r Resource, namespace string) []object.Identity {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []object.Identity
	for id := range w.pending {
		if w.resources[id].Name == r.Name && w.resources[id].Group == r.Group && id.Namespace == namespace && w.broken[id] == "" {
			out = append(out, id)
		}
	}
	return out
}

// see takes a new state of an object.
func (w *waiter) see(id object.Identity, v value.Value) {
	w.mu.Lock()
	defer w.mu.Unlock()
	before, awaited := w.pending[id]
	if !awaited || w.broken[id] != "" {
		return
	}
	now := w.server.Readiness(v)
	switch {
	case now.Phase == Current:
		delete(w.pending, id)
		w.report(id, Ready, "")
	case now.Phase == Failed:
		if w.broken == nil {
			w.broken = map[object.Identity]string{}
		}
		w.broken[id], w.pending[id] = now.Message, v
		w.report(id, Broken, now.Message)
	default:
		if w.server.Readiness(before).Message != now.Message {
			w.report(id, Waiting, now.Message)
		}
		w.pending[id] = v
	}
}

// failure tells what did not become ready, in the order of the plan.
func (w *waiter) failure(ctx context.Context, actions []Action) error {
	if len(w.pending) == 0 {
		return nil
	}
	failed := &FailedError{Done: w.done}
	for _, a := range actions {
		id := a.Object.Identity()
		live, pending := w.pending[id]
		if !pending {
			continue
		}
		err := fmt.Errorf("it has failed: %s", w.broken[id])
		if w.broken[id] == "" {
			err = fmt.Errorf("it is not ready in time: %s", orText(w.server.Readiness(live).Message, "it is gone"))
		}
		f := Failure{Object: id, Err: err}
		if len(failed.Failures) < explained {
			f.Details, f.Unread = w.details(ctx, live)
		}
		failed.Failures = append(failed.Failures, f)
	}
	return failed
}

// explained is of how many objects the pods, events and logs are shown.
const explained = 5

var (
	pods   = Resource{Version: "v1", Kind: "Pod", Name: "pods", Namespaced: true}
	events = Resource{Version: "v1", Kind: "Event", Name: "events", Namespaced: true}
)

// detailLimit is how long may be looked for reasons.
const detailLimit = 10 * time.Second

// details look for why an object is not ready: its events, and of its pods the states and
// last words of containers, and their events. What may not be read is left out, and unread is
// set.
func (e *execution) details(ctx context.Context, live value.Value) (lines []string, unread bool) {
	if live.IsNull() {
		return nil, false
	}
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), detailLimit)
	defer cancel()
	lines, eventsErr := e.eventsOf(limited, live)
	unready, podsErr := e.podsOf(limited, live)
	for _, pod := range unready {
		lines = append(lines, e.podDetails(limited, pod)...)
	}
	return lines, IsForbidden(eventsErr) || IsForbidden(podsErr)
}

const (
	someEvents = 3
	somePods   = 2
	someLines  = 10
)

// eventsOf are the newest warnings about an object, the newest last.
func (e *execution) eventsOf(ctx context.Context, v value.Value) ([]string, error) {
	metadata := v.Get("metadata")
	list, err := e.server.List(ctx, events, metadata.Get("namespace").Str(), ListOptions{Fields: "involvedObject.uid=" + metadata.Get("uid").Str()})
	if err != nil {
		return nil, err
	}
	var out []string
	for _, event := range list.Items {
		if event.Get("type").Str() == "Warning" {
			out = append(out, fmt.Sprintf("event: %s: %s", event.Get("reason").Str(), event.Get("message").Str()))
		}
	}
	return out[max(0, len(out)-someEvents):], nil
}

// podsOf are the pods of a workload that are not ready, a few of them.
func (e *execution) podsOf(ctx context.Context, v value.Value) ([]value.Value, error) {
	if v.Get("kind").Str() == "Pod" {
		return []value.Value{v}, nil
	}
	selector := selectorText(v.Get("spec", "selector"))
	if selector == "" {
		return nil, nil
	}
	list, err := e.server.List(ctx, pods, v.Get("metadata", "namespace").Str(), ListOptions{Labels: selector})
	if err != nil {
		return nil, err
	}
	unready := slices.DeleteFunc(list.Items, func(pod value.Value) bool {
		return conditionOf(pod, "Ready") || pod.Get("status", "phase").Str() == "Succeeded"
	})
	return unready[:min(somePods, len(unready))], nil
}

// selectorText writes the labels that a workload selects its pods by.
func selectorText(selector value.Value) string {
	labels := selector.Get("matchLabels")
	if labels.IsNull() && !selector.Has("matchExpressions") {
		labels = selector // of a ReplicationController
	}
	var parts []string
	for _, f := range labels.Fields() {
		parts = append(parts, f.Name+"="+f.Value.Str())
	}
	return strings.Join(parts, ",")
}

// podDetails tell about one pod.
func (e *execution) podDetails(ctx context.Context, pod value.Value) []string {
	name := pod.Get("metadata", "name").Str()
	var out []string
	for _, c := range pod.Get("status", "conditions").Items() {
		if c.Get("type").Str() == "PodScheduled" && c.Get("status").Str() == "False" {
			out = append(out, fmt.Sprintf("pod %s: %s: %s", name, c.Get("reason").Str(), c.Get("message").Str()))
		}
	}
	for _, list := range []string{"initContainerStatuses", "containerStatuses"} {
		for _, status := range pod.Get("status", list).Items() {
			out = append(out, e.containerDetails(ctx, pod, status)...)
		}
	}
	lines, _ := e.eventsOf(ctx, pod) // who may not list them has been told so about the pod's owner
	return append(out, lines...)
}

func (e *execution) containerDetails(ctx context.Context, pod, status value.Value) []string {
	name, container := pod.Get("metadata", "name").Str(), status.Get("name").Str()
	waiting, ended := status.Get("state", "waiting"), status.Get("state", "terminated")
	if ended.IsNull() {
		ended = status.Get("lastState", "terminated")
	}
	var out []string
	if !waiting.IsNull() {
		out = append(out, fmt.Sprintf("pod %s, container %s: %s %s", name, container, waiting.Get("reason").Str(), waiting.Get("message").Str()))
	}
	if ended.IsNull() || ended.Get("exitCode").Float() == 0 {
		return out
	}
	out = append(out, fmt.Sprintf("pod %s, container %s: ended with code %d, %s", name, container, int(ended.Get("exitCode").Float()), ended.Get("reason").Str()))
	text, err := e.server.Logs(ctx, pod.Get("metadata", "namespace").Str(), name, container, someLines, status.Get("state", "terminated").IsNull())
	if err != nil {
		return out
	}
	for line := range strings.Lines(text) {
		out = append(out, "  | "+strings.TrimRight(line, "\n"))
	}
	return out
}
