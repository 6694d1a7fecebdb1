package jsonschema

import (
	"math/big"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// formats are those of draft 7 that are checked; any other name is taken for a comment.
var formats = map[string]func(string) bool{
	"date":         func(s string) bool { return isTime(time.DateOnly, s) },
	"date-time":    func(s string) bool { return isTime(time.RFC3339, strings.ToUpper(s)) },
	"time":         func(s string) bool { return isTime(time.TimeOnly, s) || isTime("15:04:05Z07:00", s) },
	"email":        form(`^[^\s@]+@[^\s@]+$`),
	"idn-email":    form(`^[^\s@]+@[^\s@]+$`),
	"hostname":     isHostname,
	"ipv4":         func(s string) bool { a, err := netip.ParseAddr(s); return err == nil && a.Is4() },
	"ipv6":         func(s string) bool { a, err := netip.ParseAddr(s); return err == nil && a.Is6() && a.Zone() == "" },
	"uri":          func(s string) bool { return isURL(s, true) },
	"iri":          func(s string) bool { return isURL(s, true) },
	"uri-template": func(s string) bool { return isURL(s, false) && isTemplate(s) },

	"uri-reference": func(s string) bool { return isURL(s, false) },
	"iri-reference": func(s string) bool { return isURL(s, false) },
	"uuid":          form(`^(?i)[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}$`),
	"regex":         func(s string) bool { _, err := regexp.Compile(s); return err == nil },

	"json-pointer":          form(`^(?:/(?:[^~/]|~0|~1)*)*$`),
	"relative-json-pointer": form(`^(?:0|[1-9][0-9]*)(?:#|(?:/(?:[^~/]|~0|~1)*)*)$`),
}

var (
	isHostForm = form(`^(?i:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.(?i:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?))*$`)
	isTemplate = form(`^([^{}]*({[^{}]*})?)*$`)
)

// form gives a format that is an expression, which is compiled when it is first asked.
func form(expression string) func(string) bool {
	re := sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
	return func(s string) bool { return re().MatchString(s) }
}

func isTime(layout, s string) bool {
	_, err := time.Parse(layout, s)
	return err == nil
}

func isHostname(s string) bool { return len(s) < 256 && isHostForm(s) }

func isURL(s string, absolute bool) bool {
	u, err := url.Parse(s)
	return err == nil && !strings.Contains(s, `\`) && (u.IsAbs() || !absolute)
}

func isNumber(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}

// isMultiple divides the numbers as they are written in decimals.
func isMultiple(f, of float64) bool {
	x, ok := decimal(f)
	y, also := decimal(of)
	return ok && also && x.Quo(x, y).IsInt()
}

func decimal(f float64) (*big.Rat, bool) {
	return new(big.Rat).SetString(strconv.FormatFloat(f, 'g', -1, 64))
}
