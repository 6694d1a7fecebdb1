package schema

import (
	"encoding/base64"
	"math"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/quantity"
	"github.com/couplet-k8s/couplet/compiler/value"
	"github.com/couplet-k8s/couplet/schemas"
)

// formatNames say what a format wants.
var formatNames = [...]string{
	schemas.FormatInt32:           "a 32-bit integer",
	schemas.FormatInt64:           "a 64-bit integer",
	schemas.FormatByte:            "base64 text",
	schemas.FormatDateTime:        "a time such as 2006-01-02T15:04:05Z",
	schemas.FormatMicroTime:       "a time such as 2006-01-02T15:04:05.000000Z",
	schemas.FormatQuantity:        "a quantity such as 500m, 1.5 or 2Gi",
	schemas.FormatIntOrString:     "an integer or a string",
	schemas.FormatSchemaOrArray:   "a schema or a list of schemas",
	schemas.FormatSchemaOrBool:    "a schema or a boolean",
	schemas.FormatSchemaOrStrings: "a schema or a list of strings",
	schemas.FormatDate:            "a date such as 2006-01-02",
	schemas.FormatUUID:            "a UUID",
	schemas.FormatIPv4:            "an IPv4 address",
	schemas.FormatIPv6:            "an IPv6 address",
	schemas.FormatCIDR:            "an IP range such as 10.0.0.0/8",
}

// special checks a value whose schema wants no one JSON type.
func (w *walker) special(s *schemas.Schema, v value.Value) bool {
	ok := true
	switch s.Format {
	case schemas.FormatQuantity, schemas.FormatIntOrString:
		ok = v.Kind() == value.KindString || v.Kind() == value.KindNumber
	case schemas.FormatSchemaOrArray, schemas.FormatSchemaOrStrings:
		ok = v.Kind() == value.KindObject || v.Kind() == value.KindArray
	case schemas.FormatSchemaOrBool:
		ok = v.Kind() == value.KindObject || v.Kind() == value.KindBool
	default:
		return true
	}
	if !ok {
		w.wrongType(v, formatNames[s.Format], "")
		return false
	}
	return !w.jsonSchema(s, v)
}

// jsonSchema checks the parts of a JSON Schema that have two forms, and tells whether
// the value is one.
func (w *walker) jsonSchema(s *schemas.Schema, v value.Value) bool {
	if s.Elem == nil {
		return false
	}
	if v.Kind() == value.KindObject {
		w.value(s.Elem.Resolve(), v)
		return true
	}
	elem := s.Elem
	if s.Format == schemas.FormatSchemaOrStrings {
		elem = &schemas.Schema{Type: schemas.String}
	}
	w.array(&schemas.Schema{Type: schemas.Array, Elem: elem}, v)
	return true
}

// number checks a number where an integer is wanted.
func (w *walker) number(s *schemas.Schema, v value.Value) {
	if s.Format == schemas.FormatQuantity && quantity.Endless(v.Digits()) {
		w.badFormat(s.Format, value.String(v.Digits()).WithOrigin(v.Origin()))
		return
	}
	if s.Type != schemas.Integer && s.Format != schemas.FormatIntOrString {
		return
	}
	narrow := s.Format == schemas.FormatInt32 || s.Format == schemas.FormatIntOrString && w.rules == nil
	whole, fits := asInt64(v)
	switch {
	case !whole:
		w.add(diag.BadNumber, v, "want an integer, found "+w.shownNumber(v), "")
	case !fits && !narrow:
		w.add(diag.BadNumber, v, "want a 64-bit integer, found "+w.shownNumber(v), "")
	case narrow && (!fits || math.Abs(v.Float()+0.5) > math.MaxInt32+0.5):
		w.add(diag.BadNumber, v, "want a 32-bit integer (-2147483648 to 2147483647), found "+w.shownNumber(v), "")
	}
}

func (w *walker) shownNumber(v value.Value) string {
	if w.isSecret() {
		return "another number"
	}
	return numberText(v)
}

// asInt64 tells whether a number is an integer, and whether an int64 holds it.
func asInt64(v value.Value) (whole, fits bool) {
	if digits := v.Digits(); digits != "" && !strings.ContainsAny(digits, ".eE") {
		_, err := strconv.ParseInt(digits, 10, 64)
		return true, err == nil
	}
	f := v.Float()
	return v.IsInteger(), f >= -(1<<63) && f < 1<<63
}

// text checks a string: its enumeration and its format.
func (w *walker) text(s *schemas.Schema, v value.Value) {
	text := v.Str()
	if s.Enum != nil && !slices.Contains(s.Enum, text) && !w.loose() && !w.mayBeEmpty(text) {
		w.notInEnum(s.Enum, v)
		return
	}
	valid := true
	switch s.Format {
	case schemas.FormatNone, schemas.FormatIntOrString:
		return
	case schemas.FormatQuantity:
		_, err := quantity.Parse(strings.TrimSpace(text))
		valid = err == nil && !quantity.Endless(text)
	default:
		valid = w.validFormat(s.Format, text)
	}
	if !valid {
		w.badFormat(s.Format, v)
	}
}

// mayBeEmpty: to the server an empty text is an absent one, except where the field is
// required or the kind is a custom one.
func (w *walker) mayBeEmpty(text string) bool {
	if text != "" || w.rules != nil || len(w.steps) == 0 {
		return false
	}
	last := w.steps[len(w.steps)-1]
	return last.holder != nil && !last.holder.Requires(last.name)
}

func (w *walker) validFormat(f schemas.Format, text string) bool {
	switch f {
	case schemas.FormatByte:
		_, err := base64.StdEncoding.DecodeString(text)
		return err == nil
	case schemas.FormatDateTime:
		if w.rules != nil {
			return customTime().MatchString(text) && isTime(text[:len(time.DateOnly)], time.DateOnly)
		}
		return isTime(text, time.RFC3339)
	case schemas.FormatMicroTime:
		return isTime(text, "2006-01-02T15:04:05.000000Z07:00")
	case schemas.FormatDate:
		return isTime(text, time.DateOnly)
	case schemas.FormatUUID:
		return uuid().MatchString(text)
	case schemas.FormatIPv4:
		return isAddress(text) && strings.Contains(text, ".")
	case schemas.FormatIPv6:
		return isAddress(text) && strings.Contains(text, ":")
	case schemas.FormatCIDR:
		_, err := netip.ParsePrefix(text)
		return err == nil
	}
	return true
}

var uuid = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$`)
})

func isAddress(text string) bool {
	addr, err := netip.ParseAddr(text)
	return err == nil && addr.Zone() == ""
}

func isTime(text, layout string) bool {
	_, err := time.Parse(layout, text)
	return err == nil
}

func (w *walker) badFormat(f schemas.Format, v value.Value) {
	found, hint := quote(v.Str()), ""
	if f == schemas.FormatQuantity && quantity.Endless(v.Str()) {
		w.add(diag.BadFormat, v, "want "+formatNames[f]+", found a number of more digits than the server can reckon with", "")
		return
	}
	if f == schemas.FormatByte || w.isSecret() {
		found = "other text" // it may be a secret
	}
	switch {
	case f == schemas.FormatQuantity:
		hint = "the suffixes are n, u, m, k, M, G, T, P, E and Ki, Mi, Gi, Ti, Pi, Ei"
	case f == schemas.FormatByte && w.secret:
		hint = "plain text goes into `stringData`"
	case f == schemas.FormatByte:
		hint = "in jsonnet, std.base64 encodes plain text"
	}
	w.add(diag.BadFormat, v, "want "+formatNames[f]+", found "+found, hint)
}

func (w *walker) notInEnum(allowed []string, v value.Value) {
	const few = 12
	want := "want one of " + strings.Join(allowed, ", ")
	if len(allowed) > few {
		want = "want one of " + strings.Join(allowed[:few], ", ") + ", ..."
	}
	hint := ""
	if near := diag.Suggest(v.Str(), allowed); near != "" {
		hint = "did you mean `" + near + "`?"
	}
	w.add(diag.NotInEnum, v, want+"; found "+quote(v.Str()), hint)
}

// convertHint says how to write a scalar as the kind that is wanted.
func convertHint(wanted value.Kind, v value.Value) string {
	switch {
	case wanted == value.KindString && v.Kind() == value.KindNumber,
		wanted == value.KindString && v.Kind() == value.KindBool:
		return "put it in quotes"
	case wanted == value.KindNumber && v.Kind() == value.KindString:
		if _, err := strconv.ParseFloat(v.Str(), 64); err == nil {
			return "leave the quotes out"
		}
	case wanted == value.KindBool && (v.Str() == "true" || v.Str() == "false"):
		return "leave the quotes out"
	case wanted == value.KindArray:
		return "put it into a list"
	}
	return ""
}
