package schema

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/value"
	"github.com/couplet-k8s/couplet/schemas"
)

// customTime is the end of what a custom resource's date-time may be.
var customTime = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^[0-9-]{10}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$`)
})

// ruleSet holds the rules of a custom resource's schemas.
type ruleSet map[*schemas.Schema]*rules

// rules are what a custom resource's schema says beyond types and members.
type rules struct {
	minimum, maximum, multipleOf       *float64
	exclusiveMinimum, exclusiveMaximum bool
	length, items, properties          limits
	pattern                            *regexp.Regexp
	enum                               []value.Value
	allOf, anyOf, oneOf                []*schemas.Schema
	not                                *schemas.Schema
	// fallback is the default; null where there is none.
	fallback    value.Value
	description string
}

// limits are the least and the greatest number of something; nil for no limit.
type limits struct{ least, most *float64 }

// apply checks a value of the right type against the rules.
func (w *walker) apply(r *rules, v value.Value) {
	switch v.Kind() {
	case value.KindNumber:
		w.numberRules(r, v)
	case value.KindString:
		w.limits(r.length, v, utf8.RuneCountInString(v.Str()), "character")
		if r.pattern != nil && !r.pattern.MatchString(v.Str()) {
			w.violates(v, fmt.Sprintf("want text that matches %s, found %s", r.pattern, quote(v.Str())), "")
		}
	case value.KindArray:
		w.limits(r.items, v, len(v.Items()), "element")
	case value.KindObject:
		w.limits(r.properties, v, len(v.Fields()), "field")
	}
	if r.enum != nil && !slices.ContainsFunc(r.enum, func(e value.Value) bool { return sameValue(e, v) }) {
		w.add(diag.NotInEnum, v, "want "+oneOfValues(r.enum)+"; found "+describe(v), "")
	}
	w.alternatives(r, v)
}

// violates reports a broken rule.
func (w *walker) violates(v value.Value, text, hint string) {
	w.add(diag.RuleBroken, v, text, hint)
}

func (w *walker) numberRules(r *rules, v value.Value) {
	f := v.Float()
	if m := r.minimum; m != nil && (f < *m || r.exclusiveMinimum && f == *m) {
		w.violates(v, fmt.Sprintf("want %s %s, found %s", atLeast(r.exclusiveMinimum), floatText(*m), numberText(v)), "")
	}
	if m := r.maximum; m != nil && (f > *m || r.exclusiveMaximum && f == *m) {
		w.violates(v, fmt.Sprintf("want %s %s, found %s", atMost(r.exclusiveMaximum), floatText(*m), numberText(v)), "")
	}
	if m := r.multipleOf; m != nil && *m > 0 {
		if q := f / *m; math.Abs(q-math.Round(q)) > 1e-9*math.Max(1, math.Abs(q)) {
			w.violates(v, fmt.Sprintf("want a multiple of %s, found %s", floatText(*m), numberText(v)), "")
		}
	}
}

func atLeast(exclusive bool) string {
	if exclusive {
		return "more than"
	}
	return "at least"
}

func atMost(exclusive bool) string {
	if exclusive {
		return "less than"
	}
	return "at most"
}

func (w *walker) limits(l limits, v value.Value, n int, what string) {
	if l.least != nil && float64(n) < *l.least {
		w.violates(v, fmt.Sprintf("want at least %s, found %d", count(int(*l.least), what), n), "")
	}
	if l.most != nil && float64(n) > *l.most {
		w.violates(v, fmt.Sprintf("want at most %s, found %d", count(int(*l.most), what), n), "")
	}
}

// alternatives checks allOf, anyOf, oneOf and not.
func (w *walker) alternatives(r *rules, v value.Value) {
	for _, s := range r.allOf {
		w.value(s, v)
	}
	if reasons, matched := w.try(r.anyOf, v); r.anyOf != nil && matched == 0 {
		w.violates(v, "want it to match one of several alternatives, found none that fits", reasons)
	}
	reasons, matched := w.try(r.oneOf, v)
	switch {
	case r.oneOf != nil && matched == 0:
		w.violates(v, "want it to match one of several alternatives, found none that fits", reasons)
	case matched > 1:
		w.violates(v, fmt.Sprintf("want it to match just one of several alternatives, found %d that fit", matched), "")
	}
	if r.not != nil {
		if _, matched := w.try([]*schemas.Schema{r.not}, v); matched > 0 {
			w.violates(v, "found what the schema excludes (`not`)", "")
		}
	}
}

// try counts the alternatives that a value matches, and gives each failure's first
// reason.
func (w *walker) try(alternatives []*schemas.Schema, v value.Value) (reasons string, matched int) {
	var why []string
	for _, s := range alternatives {
		inner := walker{rules: w.rules, steps: slices.Clone(w.steps)}
		inner.value(s, v)
		if len(inner.found) == 0 {
			matched++
		} else if reason := inner.found[0].Message; !slices.Contains(why, reason) {
			why = append(why, reason)
		}
	}
	return strings.Join(why, "; or "), matched
}

// sameValue compares a value with one of an enumeration; numbers by their value.
func sameValue(a, b value.Value) bool {
	if a.Kind() == value.KindNumber && b.Kind() == value.KindNumber {
		return a.Float() == b.Float()
	}
	return value.Equal(a, b)
}

func oneOfValues(list []value.Value) string {
	const few = 12
	var out []string
	for i, v := range list {
		if i == few {
			out = append(out, "...")
			break
		}
		out = append(out, describe(v))
	}
	return "one of " + strings.Join(out, ", ")
}
