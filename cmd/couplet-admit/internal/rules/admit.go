package rules

import (
	"errors"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/core"
	scheduling "k8s.io/kubernetes/pkg/apis/scheduling/v1"
	"k8s.io/kubernetes/plugin/pkg/admission/limitranger"
	podsecurity "k8s.io/pod-security-admission/admission"
	securityapi "k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

// admit does what the server's admission plugins do with an object of which its strategy
// approves: old is nil on creation.
func (b *bundle) admit(r *request, obj, old runtime.Object, v *Verdict) {
	if pod, ok := obj.(*core.Pod); ok && old == nil {
		v.Causes = append(v.Causes, b.classes(pod)...)
	}
	b.limitRanges(r, obj, old, v)
	b.podSecurity(r, obj, old, v)
	resource, _ := meta.UnsafeGuessKindToResource(r.gvk)
	v.Causes = append(v.Causes, policyCauses(b.policies.validate(r, obj, old, resource))...)
}

// preparePod does for a new pod what the admission plugins do that come before its
// validation, as far as it matters there: it has a service account, an overhead only with
// a runtime class, and its priority is that of its class. Which classes there are only the cluster knows, but for the two that
// each has.
func preparePod(obj runtime.Object) error {
	pod, ok := obj.(*core.Pod)
	if !ok {
		return nil
	}
	if pod.Spec.ServiceAccountName == "" {
		pod.Spec.ServiceAccountName = "default"
		//lint:ignore SA1019 the server keeps the older name of the field the same
		pod.Spec.DeprecatedServiceAccount = "default"
	}
	if pod.Spec.Overhead != nil && pod.Spec.RuntimeClassName == nil {
		return errors.New("pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead")
	}
	priority, known := int32(0), pod.Spec.PriorityClassName == ""
	for _, class := range scheduling.SystemPriorityClasses() {
		if class.Name == pod.Spec.PriorityClassName {
			priority, known = class.Value, true
		}
	}
	if known && pod.Spec.Priority != nil && *pod.Spec.Priority != priority {
		return fmt.Errorf("the integer value of priority (%d) must not be provided in pod spec; priority admission controller computed %d from the given PriorityClass name",
			*pod.Spec.Priority, priority)
	}
	return nil
}

// classes holds a new pod against the priority and runtime class that it names, where the
// bundle or what is given has them.
func (b *bundle) classes(pod *core.Pod) []Cause {
	var causes []Cause
	forbid := func(format string, args ...any) {
		causes = append(causes, Cause{Rule: RuleForbidden, Message: fmt.Sprintf(format, args...)})
	}
	if value, known := b.priorities[pod.Spec.PriorityClassName]; known && pod.Spec.Priority != nil && *pod.Spec.Priority != value {
		forbid("the integer value of priority (%d) must not be provided in pod spec; priority admission controller computed %d from the given PriorityClass name",
			*pod.Spec.Priority, value)
	}
	if pod.Spec.RuntimeClassName == nil || pod.Spec.Overhead == nil {
		return causes
	}
	class, known := b.runtimes[*pod.Spec.RuntimeClassName]
	switch {
	case known && class.Overhead == nil:
		forbid("pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead")
	case known && !sameAmounts(class.Overhead.PodFixed, pod.Spec.Overhead):
		forbid("pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead")
	}
	return causes
}

func sameAmounts(a corev1.ResourceList, b core.ResourceList) bool {
	if len(a) != len(b) {
		return false
	}
	for name, amount := range a {
		if other, ok := b[core.ResourceName(name)]; !ok || amount.Cmp(other) != 0 {
			return false
		}
	}
	return true
}

// limitRanges holds pods and claims against the limit ranges of their namespace, with the
// defaults that these give.
func (b *bundle) limitRanges(r *request, obj, old runtime.Object, v *Verdict) {
	var resource string
	switch obj.(type) {
	case *core.Pod:
		resource = "pods"
	case *core.PersistentVolumeClaim:
		resource = "persistentvolumeclaims"
	default:
		return
	}
	if old != nil && resource == "pods" {
		return
	}
	actions := &limitranger.DefaultLimitRangerActions{}
	for _, l := range b.limits[r.namespace] {
		if err := actions.MutateLimit(l, resource, obj); err != nil {
			v.Causes = append(v.Causes, Cause{Rule: RuleLimitRange, Message: err.Error()})
		}
	}
	for _, l := range b.limits[r.namespace] {
		if err := actions.ValidateLimit(l, resource, obj); err != nil {
			v.Causes = append(v.Causes, Cause{Rule: RuleLimitRange, Message: fmt.Sprintf("limit range %s: %v", l.Name, err)})
		}
	}
}

// podSecurity holds pods against the level that their namespace enforces. For what makes
// pods the server itself only warns; its pods would not come to be.
func (b *bundle) podSecurity(r *request, obj, old runtime.Object, v *Verdict) {
	if ns, ok := obj.(*core.Namespace); ok {
		_, problems := securityapi.PolicyToEvaluate(ns.Labels, privileged)
		for _, p := range problems {
			v.Causes = append(v.Causes, Cause{Rule: RulePodSecurity, Field: p.Field, Message: p.ErrorBody()})
		}
		return
	}
	ns := b.namespaces[r.namespace]
	if ns == nil {
		return
	}
	levels, _ := securityapi.PolicyToEvaluate(ns.Labels, privileged)
	if levels.Enforce.Level == securityapi.LevelPrivileged {
		return
	}
	versioned, err := legacyscheme.Scheme.ConvertToVersion(obj, r.gvk.GroupVersion())
	if err != nil {
		return
	}
	metadata, spec := podOf(versioned)
	if spec == nil {
		return
	}
	result := policy.AggregateCheckResults(b.security.EvaluatePod(levels.Enforce, metadata, spec))
	if result.Allowed {
		return
	}
	c := Cause{Rule: RulePodSecurity, Message: fmt.Sprintf("violates PodSecurity %q: %s", levels.Enforce.String(), result.ForbiddenDetail())}
	_, isPod := obj.(*core.Pod)
	switch {
	case !isPod:
		c.Message = "its pods would be refused: " + c.Message
		v.Warnings = append(v.Warnings, c)
	case old == nil || samePod(old, obj):
		v.Causes = append(v.Causes, c)
	}
}

// samePod is for updates of pods: only those of what the levels are about are judged.
func samePod(old, obj runtime.Object) bool {
	before, ok := old.(*core.Pod)
	after, ok2 := obj.(*core.Pod)
	return ok && ok2 && len(before.Spec.Containers) != len(after.Spec.Containers)
}

var privileged = securityapi.Policy{
	Enforce: securityapi.LevelVersion{Level: securityapi.LevelPrivileged, Version: securityapi.LatestVersion()},
	Audit:   securityapi.LevelVersion{Level: securityapi.LevelPrivileged, Version: securityapi.LatestVersion()},
	Warn:    securityapi.LevelVersion{Level: securityapi.LevelPrivileged, Version: securityapi.LatestVersion()},
}

func podOf(obj runtime.Object) (*metav1.ObjectMeta, *corev1.PodSpec) {
	metadata, spec, err := podsecurity.DefaultPodSpecExtractor{}.ExtractPodSpec(obj)
	if err != nil {
		return nil, nil
	}
	return metadata, spec
}
