package decode

import (
	"fmt"
	"strconv"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// deepest is how many containers may stand in one another. The text of so deep a value
// grows with the square of its depth.
const deepest = 1000

// reporter collects the findings about one file.
type reporter struct {
	file  *source.File
	found diag.List
}

func (r *reporter) span(start, end int) source.Span {
	return source.Span{File: r.file, Start: start, End: end}
}

func (r *reporter) fail(code diag.Code, span source.Span, hint, format string, args ...any) {
	r.found.Add(diag.Diagnostic{Code: code, Span: span, Message: fmt.Sprintf(format, args...), Hint: hint})
}

func (r *reporter) warn(code diag.Code, span source.Span, hint, format string, args ...any) {
	r.found.Add(diag.Diagnostic{
		Code: code, Severity: diag.Warning, Span: span, Message: fmt.Sprintf(format, args...), Hint: hint,
	})
}

func (r *reporter) duplicate(name string, second, first source.Span) {
	r.found.Add(diag.Diagnostic{
		Code: diag.DuplicateField, Span: second,
		Message: fmt.Sprintf("the field `%s` is there twice", name),
		Hint:    "remove one: programs differ about which of them counts",
		Related: []diag.Related{{Span: first, Message: "the first one is here"}},
	})
}

// notUTF8 reports a text in another encoding.
func (r *reporter) notUTF8(code diag.Code, at int) {
	r.fail(code, r.span(at, at+1), "save the file as UTF-8", "the file is not UTF-8")
}

func (r *reporter) tooDeep(span source.Span) {
	r.fail(diag.TooDeep, span, "", "more than %d values stand in one another", deepest)
}

// inexact warns of a number that keeps its digits beside a float64.
func (r *reporter) inexact(v value.Value, span source.Span) {
	if v.Digits() == "" {
		return
	}
	nearest := decimalOf(strconv.FormatFloat(v.Float(), 'e', -1, 64))
	if v.IsInteger() {
		nearest = decimalOf(strconv.FormatFloat(v.Float(), 'f', 0, 64))
	}
	r.warn(diag.InexactNumber, span,
		"couplet keeps the digits here, jsonnet and most programs round them; write it as a string if it is an identifier",
		"a double does not hold the number %s; the nearest is %s", v.Digits(), nearest.text())
}
