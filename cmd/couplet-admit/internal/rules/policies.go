package rules

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/plugin/cel"
	"k8s.io/apiserver/pkg/admission/plugin/policy/generic"
	"k8s.io/apiserver/pkg/admission/plugin/policy/matching"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	"k8s.io/apiserver/pkg/admission/plugin/webhook/matchconditions"
	"k8s.io/apiserver/pkg/authorization/authorizerfactory"
	"k8s.io/apiserver/pkg/cel/environment"
	corelisters "k8s.io/client-go/listers/core/v1"
	"k8s.io/client-go/tools/cache"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
)

// policies are the ValidatingAdmissionPolicies of a bundle, ready to be asked.
type policies struct {
	hooks      []validating.PolicyHook
	dispatcher generic.Dispatcher[validating.PolicyHook]
}

// openPolicies compiles the policies that have bindings; their parameters are among all
// objects. Nil where there are none.
func (b *bundle) openPolicies(raws, all []Raw) *policies {
	bindings := map[string][]*validating.PolicyBinding{}
	var found []*validating.Policy
	for _, raw := range raws {
		if raw.Kind == "ValidatingAdmissionPolicy" {
			if p, err := policyOf[validating.Policy](raw); err == nil {
				found = append(found, p)
			}
			continue
		}
		if bound, err := policyOf[validating.PolicyBinding](raw); err == nil {
			bindings[bound.Spec.PolicyName] = append(bindings[bound.Spec.PolicyName], bound)
		}
	}
	p := &policies{dispatcher: validating.NewDispatcher(
		authorizerfactory.NewAlwaysAllowAuthorizer(),
		generic.NewPolicyMatcher(matching.NewMatcher(namespaceLister{b}, nil)),
	)}
	for _, policy := range found {
		bound := bindings[policy.Name]
		if len(bound) == 0 {
			continue
		}
		hook := validating.PolicyHook{Policy: policy, Bindings: bound, Evaluator: compile(policy)}
		if kind := policy.Spec.ParamKind; kind != nil {
			hook.ParamInformer, hook.ParamScope = b.parameters(schema.FromAPIVersionAndKind(kind.APIVersion, kind.Kind), all)
		}
		p.hooks = append(p.hooks, hook)
	}
	if len(p.hooks) == 0 {
		return nil
	}
	slices.SortFunc(p.hooks, func(a, b validating.PolicyHook) int { return strings.Compare(a.Policy.Name, b.Policy.Name) })
	return p
}

// policyOf decodes a policy or a binding of any version, with defaults, as version 1.
func policyOf[T any, P interface {
	*T
	runtime.Object
}](raw Raw) (*T, error) {
	versioned, err := legacyscheme.Scheme.New(raw.kind())
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(raw.JSON, versioned); err != nil {
		return nil, err
	}
	legacyscheme.Scheme.Default(versioned)
	hub, err := internal(versioned, raw.kind())
	if err != nil {
		return nil, err
	}
	out := P(new(T))
	return out, legacyscheme.Scheme.Convert(hub, out, nil)
}

// compile makes of a policy what evaluates it.
func compile(policy *validating.Policy) validating.Validator {
	hasParams := policy.Spec.ParamKind != nil
	all := cel.OptionalVariableDeclarations{HasParams: hasParams, HasAuthorizer: true}
	messages := cel.OptionalVariableDeclarations{HasParams: hasParams}
	fail := policy.Spec.FailurePolicy
	compiler, err := cel.NewCompositedCompiler(environment.MustBaseEnvSet(environment.DefaultCompatibilityVersion()))
	if err != nil {
		return validating.NewValidator(nil, nil, nil, nil, fail, err)
	}
	var variables []cel.NamedExpressionAccessor
	for _, v := range policy.Spec.Variables {
		variables = append(variables, &validating.Variable{Name: v.Name, Expression: v.Expression})
	}
	compiler.CompileAndStoreVariables(variables, all, environment.StoredExpressions)
	var matcher matchconditions.Matcher
	if len(policy.Spec.MatchConditions) > 0 {
		conditions := expressions(policy.Spec.MatchConditions, func(c admissionregistrationv1.MatchCondition) cel.ExpressionAccessor {
			return (*matchconditions.MatchCondition)(&c)
		})
		matcher = matchconditions.NewMatcher(compiler.CompileCondition(conditions, all, environment.StoredExpressions), fail, "policy", "validate", policy.Name)
	}
	validations := expressions(policy.Spec.Validations, func(v admissionregistrationv1.Validation) cel.ExpressionAccessor {
		return &validating.ValidationCondition{Expression: v.Expression, Message: v.Message, Reason: v.Reason}
	})
	texts := expressions(policy.Spec.Validations, func(v admissionregistrationv1.Validation) cel.ExpressionAccessor {
		if v.MessageExpression == "" {
			return nil
		}
		return &validating.MessageExpressionCondition{MessageExpression: v.MessageExpression}
	})
	annotations := expressions(policy.Spec.AuditAnnotations, func(a admissionregistrationv1.AuditAnnotation) cel.ExpressionAccessor {
		return &validating.AuditAnnotationCondition{Key: a.Key, ValueExpression: a.ValueExpression}
	})
	return validating.NewValidator(
		compiler.CompileCondition(validations, all, environment.StoredExpressions), matcher,
		compiler.CompileCondition(annotations, all, environment.StoredExpressions),
		compiler.CompileCondition(texts, messages, environment.StoredExpressions), fail, nil)
}

func expressions[T any](list []T, accessor func(T) cel.ExpressionAccessor) []cel.ExpressionAccessor {
	out := make([]cel.ExpressionAccessor, len(list))
	for i, x := range list {
		out[i] = accessor(x)
	}
	return out
}

// validate asks the policies about an object of a versioned or an internal kind.
func (p *policies) validate(r *request, obj, old runtime.Object, resource schema.GroupVersionResource) error {
	if p == nil {
		return nil
	}
	operation := admission.Create
	if old != nil {
		operation = admission.Update
	}
	attributes := admission.NewAttributesRecord(obj, old, r.gvk, r.namespace, r.name, resource, "", operation, nil, true, administrator)
	return p.dispatcher.Dispatch(r.ctx, attributes, admission.NewObjectInterfacesFromScheme(legacyscheme.Scheme), p.hooks)
}

// policyCauses says which policy denied an object. The server gives the name in its text.
func policyCauses(err error) []Cause {
	causes := causesOf(err)
	for i := range causes {
		causes[i].Rule = RulePolicy
		if _, rest, ok := strings.Cut(causes[i].Message, "ValidatingAdmissionPolicy '"); ok {
			causes[i].Policy, _, _ = strings.Cut(rest, "'")
		}
	}
	return causes
}

// namespaceLister lists the namespaces of a bundle.
type namespaceLister struct{ b *bundle }

var _ corelisters.NamespaceLister = namespaceLister{}

// List is not asked for by policies.
func (l namespaceLister) List(labels.Selector) ([]*corev1.Namespace, error) {
	return nil, fmt.Errorf("namespaces are not listed")
}

// Get gives a namespace; one that the bundle lacks has the label of its name only.
func (l namespaceLister) Get(name string) (*corev1.Namespace, error) {
	ns := l.b.namespace(name).DeepCopy()
	if ns.Labels == nil {
		ns.Labels = map[string]string{}
	}
	ns.Labels[corev1.LabelMetadataName] = name
	return ns, nil
}

// parameters gives policies the objects of one kind.
func (b *bundle) parameters(gvk schema.GroupVersionKind, all []Raw) (parameterInformer, meta.RESTScope) {
	indexer := cache.NewIndexer(cache.MetaNamespaceKeyFunc, cache.Indexers{cache.NamespaceIndex: cache.MetaNamespaceIndexFunc})
	for _, raw := range all {
		if raw.kind() != gvk {
			continue
		}
		u := &unstructured.Unstructured{}
		if u.UnmarshalJSON(raw.JSON) != nil {
			continue
		}
		if b.namespaced(gvk.GroupKind()) {
			u.SetNamespace(namespaceOf(raw))
		}
		_ = indexer.Add(u)
	}
	resource, _ := meta.UnsafeGuessKindToResource(gvk)
	informer := parameterInformer{lister: cache.NewGenericLister(indexer, resource.GroupResource())}
	if b.namespaced(gvk.GroupKind()) {
		return informer, meta.RESTScopeNamespace
	}
	return informer, meta.RESTScopeRoot
}

func (b *bundle) namespaced(kind schema.GroupKind) bool {
	if c := b.custom[kind]; c != nil {
		return c.namespaced
	}
	s := b.strategies[kind]
	return s != nil && s.NamespaceScoped()
}

// parameterInformer informs of what is there from the start.
type parameterInformer struct {
	cache.SharedIndexInformer
	lister cache.GenericLister
}

// Informer gives itself.
func (i parameterInformer) Informer() cache.SharedIndexInformer { return i }

// Lister gives the objects.
func (i parameterInformer) Lister() cache.GenericLister { return i.lister }

// HasSynced is always true.
func (parameterInformer) HasSynced() bool { return true }
