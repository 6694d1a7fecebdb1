// Package admission turns what the API server's own rules say about objects into
// findings.
//
// The rules themselves are far too large to be part of couplet: a [Judge] applies them
// elsewhere and gives a [Verdict] for each object. [Findings] looks in the object for the
// field that a cause names, so that the finding has the place of the value concerned, and
// leaves out what the object's schema has said already, and better.
package admission

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/schema"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// Judge applies the API server's rules.
type Judge interface {
	// Judge gives a verdict for each object, by the features of a Kubernetes minor such as
	// 1.34. What is given is what the cluster holds: older versions of the objects,
	// definitions, namespaces, policies. An error means that the rules could not be applied.
	Judge(ctx context.Context, kubernetes string, given, objects []value.Value) ([]Verdict, error)
	// Rules names the rules: the Kubernetes release that they are of. It is known after the
	// first verdict.
	Rules() string
}

// Verdict is what the rules say about one object.
type Verdict struct {
	// Causes are why the server would reject the object; none where it would not.
	Causes []Cause `json:"causes"`
	// Warnings are what the server would only warn of, or do later.
	Warnings []Cause `json:"warnings"`
	// Unknown tells that the object's kind has no rules.
	Unknown bool `json:"unknown"`
}

// Cause is one thing that the rules have against an object. Docs/companion.md describes
// its fields.
type Cause struct {
	Rule    string `json:"rule"`
	Field   string `json:"field"`
	Message string `json:"message"`
	Policy  string `json:"policy"`
}

// codes are those of the rules that are about more than a field's value.
var codes = map[string]diag.Code{
	"Policy": diag.PolicyDenies, "PodSecurity": diag.PodSecurityDenies, "LimitRange": diag.LimitRangeDenies,
	"Deprecated": diag.ServerWarns, "Internal": diag.RulesFailed,
	"FieldValueRequired": diag.FieldMissing, "FieldValueNotSupported": diag.NotInEnum, "FieldValueDuplicate": diag.DuplicateElement,
}

// Findings gives what a verdict has against an object, less what is known of it already.
func Findings(v Verdict, obj value.Value, known []schema.Finding) []schema.Finding {
	said := map[string]bool{} // the paths of errors that are known
	for _, f := range known {
		if f.Severity == diag.Error {
			said[f.Path.String()] = true
		}
	}
	var out []schema.Finding
	for _, c := range v.Causes {
		// An object that is not of its kind's form has been looked at by its schema, which
		// says more, and the server says no more than that.
		if len(said) > 0 && (c.Rule == "Decode" || c.Rule == "Strict") || follows(c) {
			continue
		}
		if f := finding(c, obj, diag.Error); !said[f.Path.String()] || f.Path == nil {
			out = append(out, f)
		}
	}
	for _, c := range v.Warnings {
		out = append(out, finding(c, obj, diag.Warning))
	}
	return out
}

// follows tells whether a cause only says that others have stopped the validation.
func follows(c Cause) bool {
	return strings.Contains(c.Message, "some validation rules were not checked")
}

func finding(c Cause, obj value.Value, severity diag.Severity) schema.Finding {
	path, at := locate(obj, c.Field)
	code, known := codes[c.Rule]
	if !known {
		code = diag.ServerRejects
	}
	message := sentence(c.Message)
	switch {
	case path != nil:
		message = path.String() + ": " + message
	case c.Field != "":
		message = c.Field + ": " + message
	}
	return schema.Finding{Code: code, Severity: severity, Message: message, Path: path, Origin: at.Origin()}
}

// sentence is a message of the server's as one line without a full stop, and without the
// values of many parts that it repeats: internal ones, with names that no user knows.
func sentence(text string) string {
	if what, rest, ok := strings.Cut(text, " value: "); ok && rest != "" && (rest[0] == '{' || rest[0] == '[') {
		decoder := json.NewDecoder(strings.NewReader(rest))
		var part json.RawMessage
		if decoder.Decode(&part) == nil {
			after := strings.TrimPrefix(rest[decoder.InputOffset():], ": ")
			text = strings.TrimSuffix(what+" value: "+after, ": ")
		}
	}
	return strings.TrimSuffix(strings.Join(strings.Fields(text), " "), ".")
}
