package schema

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// Finding is one thing that an object's schema has against it. What only the caller
// knows is missing: where the object stands, and what it is called.
type Finding struct {
	Code     diag.Code
	Severity diag.Severity
	// Message is one sentence that starts with the path inside the object.
	Message string
	// Hint says what to do; "" where nothing useful can be said.
	Hint string
	// Path leads from the object to the value concerned; for a missing field, to where
	// it should be.
	Path *value.Path
	// Origin is that of the value concerned, of the name of an unknown field, or, for a
	// missing field, of the object that lacks it.
	Origin uint32
}

// Diagnostic is the finding as a diagnostic, for an object that stands at a path of
// the environment's data. The caller adds the place and the object's name.
func (f Finding) Diagnostic(base string) diag.Diagnostic {
	return diag.Diagnostic{
		Code: f.Code, Severity: f.Severity, Message: f.Message, Hint: f.Hint,
		Path: joinPath(base, f.Path.String()),
	}
}

func joinPath(base, inner string) string {
	if base == "" || inner == "" || inner[0] == '[' {
		return base + inner
	}
	return base + "." + inner
}

// describe names a value in a message: its kind, and itself where it is short.
func describe(v value.Value) string {
	switch v.Kind() {
	case value.KindNull:
		return "null"
	case value.KindBool:
		return "the boolean " + strconv.FormatBool(v.Bool())
	case value.KindNumber:
		return "the number " + numberText(v)
	case value.KindString:
		return "the string " + quote(v.Str())
	case value.KindArray:
		return "a list of " + count(len(v.Items()), "element")
	}
	return "an object of " + count(len(v.Fields()), "field")
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// quote writes a text in quotes, cut where it is long.
func quote(s string) string {
	const limit = 60
	if len(s) <= limit {
		return strconv.Quote(s)
	}
	cut := strings.ToValidUTF8(s[:limit], "")
	return strconv.Quote(cut) + "..."
}

// numberText writes a number as a person would: exact digits where it has them,
// integers without an exponent.
func numberText(v value.Value) string {
	if digits := v.Digits(); digits != "" {
		return digits
	}
	return floatText(v.Float())
}

func floatText(f float64) string {
	if f == math.Trunc(f) && math.Abs(f) < 1e21 {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return strconv.FormatFloat(f, 'g', -1, 64)
}
