package compiler

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/bundle"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/relations"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// relate checks what the objects of a whole bundle say about each other.
func relate(b *bundle.Bundle, given []value.Value) diag.List {
	if b.Partial {
		return nil
	}
	catalog := openCatalog(b.Environment, b.Definitions)
	in := relations.Input{
		Given: given, External: b.Environment.External, Namespace: b.Environment.Destination.Namespace,
		Namespaced: func(apiVersion, kind string) bool {
			group, version := object.GroupVersion(apiVersion)
			namespaced, known := catalog.Scope(group, version, kind)
			return namespaced || !known
		},
	}
	for _, o := range b.Objects {
		in.Objects = append(in.Objects, o.Value)
	}
	var found diag.List
	for _, f := range relations.Check(in) {
		found.Add(located(b.Environment, b.Objects[f.Object], f.Finding))
	}
	return found
}

// allowed leaves out the warnings that the environment or a comment beside them allows,
// and reports comments that allow nothing.
func allowed(env *app.Environment, found diag.List) diag.List {
	var out diag.List
	for _, d := range found {
		comment, text := allowComment(d.Span)
		codes, reason, ok := parseAllow(text)
		switch {
		case d.Severity == diag.Warning && allowedByApp(env, d):
			continue
		case comment.File == nil:
		case ok && reason != "" && slices.Contains(codes, string(d.Code)) && d.Severity == diag.Warning:
			continue
		case ok && reason == "" && slices.Contains(codes, string(d.Code)):
			out.Add(allowProblem(comment, d, "couplet:allow gives no reason", "write `couplet:allow "+string(d.Code)+" because ...`"))
		case ok && d.Severity == diag.Error && slices.Contains(codes, string(d.Code)):
			out.Add(allowProblem(comment, d, string(d.Code)+" is an error, and cannot be allowed", "only warnings can"))
		case !ok:
			out.Add(allowProblem(comment, d, "couplet:allow names no code", "write `couplet:allow "+string(d.Code)+" because ...`"))
		}
		out.Add(d)
	}
	return out
}

func allowProblem(at source.Span, d diag.Diagnostic, message, hint string) diag.Diagnostic {
	return diag.Diagnostic{
		Code: diag.AllowInvalid, Severity: diag.Warning, Span: at, Environment: d.Environment,
		Message: message, Hint: hint,
	}
}

func allowedByApp(env *app.Environment, d diag.Diagnostic) bool {
	return slices.ContainsFunc(env.Allow, func(a app.Allow) bool {
		if a.Code != string(d.Code) {
			return false
		}
		re, err := regexp.Compile("(?i)^(?:" + a.Object + ")$")
		return a.Object == "" || err == nil && re.MatchString(kindName(d.Object))
	})
}

// kindName is what -t sees of an object such as "Deployment.apps shop/web": deployment/web.
func kindName(identity string) string {
	kind, name, _ := strings.Cut(identity, " ")
	kind, _, _ = strings.Cut(kind, ".")
	return fmt.Sprintf("%s/%s", kind, name[strings.LastIndexByte(name, '/')+1:])
}

const allowMark = "couplet:allow"

// allowComment finds the comment with an allowance on the line of a place, or on the line
// above, where that is nothing but a comment; the zero Span where there is none.
func allowComment(at source.Span) (source.Span, string) {
	if !at.HasPlace() {
		return source.Span{}, ""
	}
	line := at.File.Position(at.Start).Line
	for _, n := range []int{line, line - 1} {
		text := at.File.Line(n)
		before, after, ok := strings.Cut(text, allowMark)
		comment := strings.TrimSpace(before)
		isComment := strings.HasSuffix(comment, "//") || strings.HasSuffix(comment, "#") || strings.HasSuffix(comment, "/*")
		if !ok || !isComment || n != line && strings.Trim(comment, "/#*") != "" {
			continue
		}
		start := at.File.Offset(source.Position{Line: n, Column: 1}) + len(before)
		return source.Span{File: at.File, Start: start, End: start + len(allowMark) + len(after)}, after
	}
	return source.Span{}, ""
}

var allowForm = regexp.MustCompile(`^((?:\s*,?\s*CP[0-9]{4})+)\s*(?:because\s+(.*?))?\s*(?:\*/)?\s*$`)

// parseAllow takes an allowance apart: CP7001, CP7003 because nobody needs it.
func parseAllow(text string) (codes []string, reason string, ok bool) {
	m := allowForm.FindStringSubmatch(text)
	if m == nil {
		return nil, "", false
	}
	codes = strings.FieldsFunc(m[1], func(r rune) bool { return r == ',' || r == ' ' || r == '\t' })
	return codes, m[2], true
}
