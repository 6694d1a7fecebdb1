package rules

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apiserver/pkg/authentication/user"
	genericapirequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/apiserver/pkg/warning"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	strictjson "sigs.k8s.io/json"
)

// Verdict is what the rules say about one object.
type Verdict struct {
	// Causes are what the server would reject the object for; none if it takes it.
	Causes []Cause `json:"causes,omitempty"`
	// Warnings are what the server would warn of, and what would befall the pods that a
	// workload makes.
	Warnings []Cause `json:"warnings,omitempty"`
	// Unknown tells that there are no rules for the object's kind.
	Unknown bool `json:"unknown,omitempty"`
}

// Cause is one thing that is against an object.
type Cause struct {
	// Rule is the kind of the rule: a cause type of the API such as FieldValueInvalid, or
	// one of the constants of this package.
	Rule string `json:"rule"`
	// Field is the path of the field, as the server gives it: spec.containers[0].name; ""
	// where the cause is about the whole object.
	Field string `json:"field,omitempty"`
	// Message says what is wrong.
	Message string `json:"message"`
	// Policy names the admission policy that denies the object, if one does.
	Policy string `json:"policy,omitempty"`
}

// The rules that are no cause types of the API.
const (
	RuleDecode      = "Decode"      // the object is not of its kind's form
	RuleStrict      = "Strict"      // a field is unknown or stands twice
	RuleForbidden   = "Forbidden"   // the whole object is refused
	RulePolicy      = "Policy"      // an admission policy denies it
	RulePodSecurity = "PodSecurity" // its namespace's Pod Security level denies it
	RuleLimitRange  = "LimitRange"  // a limit range of its namespace denies it
	RuleDeprecated  = "Deprecated"  // a warning of the server
	RuleInternal    = "Internal"    // the rules themselves failed
)

// judge applies the rules to the object of index i, and never panics.
func (b *bundle) judge(i int) (v Verdict) {
	defer func() {
		if p := recover(); p != nil {
			v = Verdict{Causes: []Cause{{Rule: RuleInternal, Message: fmt.Sprintf("the rules failed: %v\n%s", p, debug.Stack())}}}
		}
	}()
	return b.verdict(b.objects[i])
}

func (b *bundle) verdict(raw Raw) Verdict {
	gvk := raw.kind()
	if c := b.custom[gvk.GroupKind()]; c != nil {
		return b.customVerdict(c, raw)
	}
	s, known := b.strategies[gvk.GroupKind()]
	if !known || !legacyscheme.Scheme.Recognizes(gvk) {
		return Verdict{Unknown: true}
	}
	r := b.request(raw, s)
	obj, causes := b.decode(raw, gvk)
	if obj == nil {
		return Verdict{Causes: causes}
	}
	var err error
	var old runtime.Object
	if given, ok := b.given[raw.key()]; ok {
		obj, old, err = b.update(r, s, given, raw)
	} else {
		err = create(r.ctx, s, obj)
	}
	v := Verdict{Causes: append(append(causes, managed(raw)...), causesOf(err)...), Warnings: r.warnings}
	if err == nil {
		b.admit(r, obj, old, &v)
	}
	return v
}

// managed says what a server-side apply says of an object that was taken from a cluster as it
// is there.
func managed(raw Raw) []Cause {
	if !raw.managed {
		return nil
	}
	return []Cause{{Rule: RuleForbidden, Field: "metadata.managedFields", Message: "must be nil: a server-side apply refuses an object that has them"}}
}

// request is what a strategy may ask about the request that brings an object.
type request struct {
	ctx       context.Context
	gvk       schema.GroupVersionKind
	namespace string
	name      string
	warnings  []Cause
}

// AddWarning makes a request the recorder of its own warnings.
func (r *request) AddWarning(_, text string) {
	field, message, ok := strings.Cut(text, ": ")
	if !ok || strings.Contains(field, " ") {
		field, message = "", text
	}
	r.warnings = append(r.warnings, Cause{Rule: RuleDeprecated, Field: field, Message: message})
}

// administrator sends all requests: what a user may not do is nothing that a compiler
// can know.
var administrator = &user.DefaultInfo{Name: "couplet", Groups: []string{user.SystemPrivilegedGroup, user.AllAuthenticated}}

func (b *bundle) request(raw Raw, s rest.NamespaceScopedStrategy) *request {
	r := &request{gvk: raw.kind(), name: raw.Name}
	if s.NamespaceScoped() {
		if r.namespace = raw.Namespace; r.namespace == "" {
			r.namespace = metav1.NamespaceDefault
		}
	}
	ctx := genericapirequest.WithNamespace(genericapirequest.NewContext(), r.namespace)
	ctx = genericapirequest.WithUser(ctx, administrator)
	plural, _ := meta.UnsafeGuessKindToResource(r.gvk)
	ctx = genericapirequest.WithRequestInfo(ctx, &genericapirequest.RequestInfo{
		IsResourceRequest: true, Verb: "create", APIPrefix: "apis", APIGroup: r.gvk.Group, APIVersion: r.gvk.Version,
		Namespace: r.namespace, Resource: plural.Resource, Name: r.name,
	})
	r.ctx = warning.WithWarningRecorder(ctx, r)
	return r
}

// decode reads an object into the internal version of its kind, with defaults. Causes
// without an object mean that it is not of its kind's form.
func (b *bundle) decode(raw Raw, gvk schema.GroupVersionKind) (runtime.Object, []Cause) {
	versioned, err := legacyscheme.Scheme.New(gvk)
	if err != nil {
		return nil, []Cause{{Rule: RuleDecode, Message: err.Error()}}
	}
	strict, err := strictjson.UnmarshalStrict(raw.JSON, versioned)
	if err != nil {
		return nil, []Cause{decodeCause(err)}
	}
	legacyscheme.Scheme.Default(versioned)
	obj, err := internal(versioned, gvk)
	if err != nil {
		return nil, []Cause{{Rule: RuleDecode, Message: err.Error()}}
	}
	return obj, b.strictCauses(strict)
}

func internal(versioned runtime.Object, gvk schema.GroupVersionKind) (runtime.Object, error) {
	return legacyscheme.Scheme.UnsafeConvertToVersion(versioned, schema.GroupVersion{Group: gvk.Group, Version: runtime.APIVersionInternal})
}

// strictCauses is for unknown and duplicate fields: those of the newest minor only, for
// other minors know other fields.
func (b *bundle) strictCauses(strict []error) []Cause {
	if b.older {
		return nil
	}
	var causes []Cause
	for _, err := range strict {
		c := Cause{Rule: RuleStrict, Message: err.Error()}
		if _, quoted, ok := strings.Cut(c.Message, ` field "`); ok {
			c.Field = strings.TrimSuffix(quoted, `"`)
		}
		causes = append(causes, c)
	}
	return causes
}

func decodeCause(err error) Cause {
	c := Cause{Rule: RuleDecode, Message: err.Error()}
	var wrongType *json.UnmarshalTypeError
	if errors.As(err, &wrongType) {
		c.Field = wrongType.Field
	}
	return c
}

// create prepares and validates a new object, which is changed.
func create(ctx context.Context, s rest.RESTCreateStrategy, obj runtime.Object) error {
	m, err := meta.Accessor(obj)
	if err != nil {
		return err
	}
	prepareMeta(m)
	prepareService(obj, nil)
	if err := preparePod(obj); err != nil {
		return err
	}
	return rest.BeforeCreate(s, ctx, obj)
}

// epoch stands in for the time of creation: what is judged must not depend on the clock.
var epoch = metav1.Unix(1, 0)

const uid = types.UID("00000000-0000-4000-8000-000000000000")

// prepareMeta fills in what the server makes.
func prepareMeta(m metav1.Object) {
	m.SetCreationTimestamp(epoch)
	m.SetUID(uid)
	m.SetSelfLink("")
	m.SetResourceVersion("")
	if m.GetName() == "" && m.GetGenerateName() != "" {
		m.SetName(m.GetGenerateName() + "00000")
	}
}

// causesOf takes an error of the server apart.
func causesOf(err error) []Cause {
	if err == nil {
		return nil
	}
	status, ok := err.(apierrors.APIStatus)
	if !ok {
		return []Cause{{Rule: RuleForbidden, Message: err.Error()}}
	}
	s := status.Status()
	if s.Details == nil || len(s.Details.Causes) == 0 {
		return []Cause{{Rule: RuleForbidden, Message: s.Message}}
	}
	causes := make([]Cause, 0, len(s.Details.Causes))
	for _, c := range s.Details.Causes {
		field := c.Field
		if field == "<nil>" {
			field = ""
		}
		causes = append(causes, Cause{Rule: string(c.Type), Field: field, Message: c.Message})
	}
	return causes
}
