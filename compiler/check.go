package compiler

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/admission"
	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/bundle"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/quantity"
	"github.com/couplet-k8s/couplet/compiler/schema"
	"github.com/couplet-k8s/couplet/compiler/value"
	"github.com/couplet-k8s/couplet/schemas"
)

// Checked counts what Check held against a schema.
type Checked struct {
	// Objects is the number of all objects, Valid of those that a schema accepts, and
	// Unknown of those whose kind has no schema.
	Objects, Valid, Unknown int
	// Kubernetes is the minor whose schemas were used.
	Kubernetes string
	// Rules is the Kubernetes release whose own rules were applied; "" where none were.
	Rules string
}

// Check holds a bundle against the schemas of its environment's Kubernetes version,
// and custom resources against the definitions that the bundle itself holds.
func Check(b *bundle.Bundle) (Checked, diag.List) {
	return check(b, nil, nil)
}

// Kinds lists the kinds that a bundle's objects can have: those of its environment's
// Kubernetes version, and those of the bundle's Definitions.
func Kinds(b *bundle.Bundle) []schema.Kind { return openCatalog(b.Environment, b.Definitions).Kinds() }

// check is Check with what the cluster holds, and with verdicts on the objects, nil where
// there are none.
func check(b *bundle.Bundle, given []value.Value, verdicts []admission.Verdict) (Checked, diag.List) {
	catalog := openCatalog(b.Environment, b.Definitions)
	for _, v := range given {
		if isDefinition(v) {
			catalog.AddCRD(v)
		}
	}
	checked, found := checkObjects(b.Environment, catalog, b.Objects, verdicts, b.Embedded)
	if b.Environment.Kubernetes != "" && b.Environment.Kubernetes != checked.Kubernetes {
		found.Add(otherMinor(b.Environment, checked.Kubernetes))
	}
	return checked, found.Sorted()
}

// judge asks for the verdicts on a bundle's objects; nil with a finding where there are
// none to be had.
func judge(ctx context.Context, b *bundle.Bundle, opts Options) ([]admission.Verdict, diag.List) {
	if opts.Judge == nil || len(b.Objects) == 0 {
		return nil, nil
	}
	var objects []value.Value
	var at []int
	for i, o := range b.Objects {
		if !hasEndless(o.Value) || len(openCatalog(b.Environment, b.Definitions).Check(o.Value)) == 0 {
			objects, at = append(objects, o.Value), append(at, i)
		}
	}
	judged, err := opts.Judge.Judge(ctx, minorOf(b.Environment), slices.Concat(opts.Base, opts.Given, leftOut(b)), objects)
	if err != nil {
		return nil, diag.List{{
			Code: diag.RulesFailed, Severity: diag.Error, Environment: b.Environment.Name,
			Message: "the API server's rules could not be applied: " + err.Error(),
			Hint:    "`--rules schema` checks against the schemas only",
		}}
	}
	verdicts := make([]admission.Verdict, len(b.Objects))
	for k, i := range at {
		verdicts[i] = judged[k]
	}
	return verdicts, nil
}

// hasEndless tells whether there is a number in a value that the server's rules would reckon
// with for ever, if it is one where it stands. An object with such a finding is rejected, and
// the rules are not asked.
func hasEndless(v value.Value) bool {
	return quantity.Endless(v.Str()) || quantity.Endless(v.Digits()) || slices.ContainsFunc(v.Items(), hasEndless) ||
		slices.ContainsFunc(v.Fields(), func(f value.Field) bool { return hasEndless(f.Value) })
}

// leftOut are the definitions of a bundle that are not among its objects.
func leftOut(b *bundle.Bundle) []value.Value {
	var out []value.Value
	for _, d := range b.Definitions {
		if !slices.ContainsFunc(b.Objects, func(o object.Object) bool { return o.Identity() == d.Identity() }) {
			out = append(out, d.Value)
		}
	}
	return out
}

// openCatalog gives the schemas for an environment: the embedded minor, with
// CustomResourceDefinitions.
func openCatalog(env *app.Environment, definitions []object.Object) *schema.Catalog {
	catalog, err := schema.New(minorOf(env))
	if err != nil {
		panic("the embedded schemas cannot be read: " + err.Error())
	}
	catalog.Serve(env.APIs)
	for _, o := range definitions {
		catalog.AddCRD(o.Value)
	}
	return catalog
}

// minorOf is the embedded minor that an environment is checked against.
func minorOf(env *app.Environment) string {
	if slices.Contains(schemas.Minors(), env.Kubernetes) {
		return env.Kubernetes
	}
	return schemas.Newest()
}

// definitions are the CustomResourceDefinitions among objects.
func definitions(objects []object.Object) []object.Object {
	return slices.DeleteFunc(slices.Clone(objects), func(o object.Object) bool { return !isDefinition(o.Value) })
}

func isDefinition(v value.Value) bool {
	group, _ := object.GroupVersion(v.Get("apiVersion").Str())
	return group == "apiextensions.k8s.io" && v.Get("kind").Str() == "CustomResourceDefinition"
}

func otherMinor(env *app.Environment, used string) diag.Diagnostic {
	return diag.Diagnostic{
		Code: diag.KubernetesVersion, Severity: diag.Warning, Span: env.Span, Environment: env.Name,
		Message: fmt.Sprintf("checked against Kubernetes %s: this build has no schemas of %s", used, env.Kubernetes),
		Hint:    "embedded: " + strings.Join(schemas.Minors(), ", "),
	}
}

func checkObjects(env *app.Environment, catalog *schema.Catalog, objects []object.Object, verdicts []admission.Verdict, embedded map[string]string) (Checked, diag.List) {
	checked := Checked{Objects: len(objects), Kubernetes: catalog.Minor()}
	var found diag.List
	var unknown unknownKinds
	all := findingsOf(catalog, objects)
	for i, o := range objects {
		findings := all[i]
		if i < len(verdicts) && !slices.ContainsFunc(findings, func(f schema.Finding) bool { return f.Code == diag.KindUnknown }) {
			findings = append(findings, admission.Findings(verdicts[i], o.Value, findings)...)
		}
		admission.Lenient(findings, kindOf(o), catalog.Minor())
		switch {
		case slices.ContainsFunc(findings, isUnknownKind):
			checked.Unknown++
			unknown.add(located(env, o, findings[0]))
			continue
		case !slices.ContainsFunc(findings, func(f schema.Finding) bool { return f.Severity == diag.Error }):
			checked.Valid++
		}
		before := len(found)
		for _, f := range findings {
			found.Add(located(env, o, f))
		}
		embeddedHint(found[before:], embedded[kindOf(o)])
	}
	return checked, append(found, unknown.list()...)
}

// findingsOf holds objects against their schemas, many at a time.
func findingsOf(catalog *schema.Catalog, objects []object.Object) [][]schema.Finding {
	const together = 64
	out := make([][]schema.Finding, len(objects))
	InOrder((len(objects)+together-1)/together, func(n int) {
		for i := n * together; i < min((n+1)*together, len(objects)); i++ {
			out[i] = catalog.Check(objects[i].Value)
		}
	}, func(int) {})
	return out
}

// kindOf is an object's kind with its group: Deployment.apps.
func kindOf(o object.Object) string {
	kind, _, _ := strings.Cut(o.Identity().String(), " ")
	return kind
}

func isUnknownKind(f schema.Finding) bool { return f.Code == diag.NoSchema }

// unknownKinds turns the warnings about objects without a schema into one a kind.
type unknownKinds struct {
	first diag.List // of each kind, told apart by the message
	count []int
}

func (u *unknownKinds) add(d diag.Diagnostic) {
	i := slices.IndexFunc(u.first, func(f diag.Diagnostic) bool { return f.Message == d.Message })
	if i < 0 {
		i = len(u.first)
		u.first, u.count = append(u.first, d), append(u.count, 0)
	}
	u.count[i]++
}

func (u *unknownKinds) list() diag.List {
	for i, n := range u.count {
		if n > 1 {
			u.first[i].Message += fmt.Sprintf(" (%d objects, this is the first)", n)
		}
	}
	return u.first
}

// located adds to a finding what the schema cannot know: the object and its place.
func located(env *app.Environment, o object.Object, f schema.Finding) diag.Diagnostic {
	d := f.Diagnostic(o.Path)
	d.Object = o.Identity().String()
	switch {
	case !o.Source.Traces():
		d.Span = o.Span
	case f.Code == diag.FieldUnknown:
		d.Span, d.Related = o.Source.NamePlace(f.Origin)
	default:
		d.Span, d.Related = o.Source.Place(f.Origin)
	}
	if env.Layout != app.Bare {
		d.Environment = env.Name
	}
	return d
}
