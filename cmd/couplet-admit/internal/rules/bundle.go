package rules

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"sync"

	corev1 "k8s.io/api/core/v1"
	nodev1 "k8s.io/api/node/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	typedcorev1 "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
)

// Raw is an object as it came.
type Raw struct {
	APIVersion, Kind, Namespace, Name string
	JSON                              []byte
	// managed is set where it has managed fields.
	managed bool
}

// AddGiven adds an object that the cluster holds, from its JSON.
func (b *Bundle) AddGiven(text []byte) error {
	raw, err := newRaw(text)
	b.Given = append(b.Given, raw)
	return err
}

// AddObject adds an object to judge, from its JSON.
func (b *Bundle) AddObject(text []byte) error {
	raw, err := newRaw(text)
	b.Objects = append(b.Objects, raw)
	return err
}

// newRaw reads of an object what tells which it is. What is no text there counts as
// absent: decoding tells of it later.
func newRaw(text []byte) (Raw, error) {
	var head struct {
		APIVersion any `json:"apiVersion"`
		Kind       any `json:"kind"`
		Metadata   any `json:"metadata"`
	}
	if json.Unmarshal(text, &head) != nil {
		return Raw{}, errors.New("no object")
	}
	raw := Raw{JSON: text}
	raw.APIVersion, _ = head.APIVersion.(string)
	raw.Kind, _ = head.Kind.(string)
	if metadata, ok := head.Metadata.(map[string]any); ok {
		raw.Namespace, _ = metadata["namespace"].(string)
		raw.Name, _ = metadata["name"].(string)
		raw.managed = metadata["managedFields"] != nil
	}
	return raw, nil
}

func (r Raw) kind() schema.GroupVersionKind {
	return schema.FromAPIVersionAndKind(r.APIVersion, r.Kind)
}

// key identifies an object in a cluster, whatever its version. One without a namespace is
// in the default one, or in none.
type key struct {
	schema.GroupKind
	namespace, name string
}

func (r Raw) key() key { return key{r.kind().GroupKind(), namespaceOf(r), r.Name} }

// Bundle is what is judged together.
type Bundle struct {
	// Given are objects that the cluster holds: older versions of those that are judged,
	// definitions of custom resources, namespaces, limit ranges, admission policies.
	Given []Raw
	// Objects are judged. What they say about each other holds too, before what is given.
	Objects []Raw
}

// bundle is a Bundle with what its objects know of each other.
type bundle struct {
	*Judge
	given      map[key]Raw
	objects    []Raw
	strategies map[schema.GroupKind]strategy
	custom     map[schema.GroupKind]*customKind
	namespaces map[string]*corev1.Namespace
	limits     map[string][]*corev1.LimitRange
	priorities map[string]int32 // of classes
	runtimes   map[string]*nodev1.RuntimeClass
	policies   *policies
}

// Check judges the objects of a bundle, as many at once as there are processors, and
// tells of each in their order. It ends early when the context does.
func (j *Judge) Check(ctx context.Context, in Bundle, each func(i int, v Verdict)) {
	b := j.open(in)
	verdicts := make([]chan Verdict, len(b.objects))
	for i := range verdicts {
		verdicts[i] = make(chan Verdict, 1)
	}
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(b.objects)) {
		workers.Go(func() {
			for i := range next {
				verdicts[i] <- b.judge(i)
			}
		})
	}
	go func() {
		defer close(next)
		for i := range b.objects {
			select {
			case next <- i:
			case <-ctx.Done():
				return
			}
		}
	}()
	for i := range verdicts {
		select {
		case v := <-verdicts[i]:
			each(i, v)
		case <-ctx.Done():
		}
	}
	workers.Wait()
}

// open reads what the objects of a bundle say about each other.
func (j *Judge) open(in Bundle) *bundle {
	b := &bundle{
		Judge: j, objects: in.Objects, given: map[key]Raw{}, custom: map[schema.GroupKind]*customKind{},
		namespaces: map[string]*corev1.Namespace{}, limits: map[string][]*corev1.LimitRange{},
		priorities: map[string]int32{}, runtimes: map[string]*nodev1.RuntimeClass{},
	}
	b.strategies = builtin(namespaceGetter{b: b})
	for _, raw := range in.Given {
		b.given[raw.key()] = raw
	}
	all := append(append([]Raw{}, in.Given...), in.Objects...)
	var policyObjects []Raw
	for _, raw := range all {
		switch raw.kind().GroupKind() {
		case schema.GroupKind{Group: "apiextensions.k8s.io", Kind: "CustomResourceDefinition"}:
			b.define(raw)
		case schema.GroupKind{Kind: "Namespace"}:
			if ns, err := decodeAs[corev1.Namespace](raw); err == nil {
				b.namespaces[raw.Name] = ns
			}
		case schema.GroupKind{Kind: "LimitRange"}:
			if l, err := decodeAs[corev1.LimitRange](raw); err == nil {
				legacyscheme.Scheme.Default(l)
				b.limits[namespaceOf(raw)] = append(b.limits[namespaceOf(raw)], l)
			}
		case schema.GroupKind{Group: "scheduling.k8s.io", Kind: "PriorityClass"}:
			if class, err := decodeAs[schedulingv1.PriorityClass](raw); err == nil {
				b.priorities[raw.Name] = class.Value
			}
		case schema.GroupKind{Group: "node.k8s.io", Kind: "RuntimeClass"}:
			if class, err := decodeAs[nodev1.RuntimeClass](raw); err == nil {
				b.runtimes[raw.Name] = class
			}
		case schema.GroupKind{Group: "admissionregistration.k8s.io", Kind: "ValidatingAdmissionPolicy"},
			schema.GroupKind{Group: "admissionregistration.k8s.io", Kind: "ValidatingAdmissionPolicyBinding"}:
			policyObjects = append(policyObjects, raw)
		}
	}
	b.policies = b.openPolicies(policyObjects, all)
	return b
}

func decodeAs[T any](raw Raw) (*T, error) {
	out := new(T)
	return out, json.Unmarshal(raw.JSON, out)
}

func namespaceOf(raw Raw) string {
	if raw.Namespace == "" {
		return metav1.NamespaceDefault
	}
	return raw.Namespace
}

// namespaceGetter finds namespaces in a bundle. It is a client for those who want one; of
// its methods there is only the one that they call.
type namespaceGetter struct {
	typedcorev1.NamespaceInterface
	b *bundle
}

// Get gives a namespace; one that the bundle lacks has no labels.
func (g namespaceGetter) Get(_ context.Context, name string, _ metav1.GetOptions) (*corev1.Namespace, error) {
	return g.b.namespace(name), nil
}

func (b *bundle) namespace(name string) *corev1.Namespace {
	if ns := b.namespaces[name]; ns != nil {
		return ns
	}
	return &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}}
}

// unresolved knows no resources: only the checks of a user's rights ask it.
type unresolved struct{}

// Resolve finds nothing.
func (unresolved) Resolve(gvk schema.GroupVersionKind) (schema.GroupVersionResource, error) {
	return schema.GroupVersionResource{}, apierrors.NewInternalError(fmt.Errorf("%s is not resolved", gvk))
}
