package std

import (
	"strings"

	"github.com/couplet-k8s/couplet/compiler/emit"
	"github.com/couplet-k8s/couplet/compiler/eval"
)

// escapeBuiltins take a value of any type, which they write as std.toString does.
func escapeBuiltins() []*eval.Builtin {
	return []*eval.Builtin{
		unary("escapeStringJson", "str_", escapeJSON),
		unary("escapeStringPython", "str", escapeJSON),
		unary("escapeStringBash", "str_", escapeBash),
		unary("escapeStringDollars", "str_", escapeDollars),
		unary("escapeStringXML", "str_", escapeXML),
	}
}

func escapeJSON(m *eval.Machine, v eval.Value) eval.Value {
	s := m.ToString(v).Text()
	m.Allocate(len(s) + 2)
	return eval.TextOf(emit.AppendString(nil, s))
}

func escapeBash(m *eval.Machine, v eval.Value) eval.Value {
	s := replaceAll(m, m.ToString(v).Text(), "'", `'"'"'`)
	m.Allocate(len(s) + 2)
	return eval.String("'" + s + "'")
}

func escapeDollars(m *eval.Machine, v eval.Value) eval.Value {
	v = m.ToString(v)
	return part(v, replaceAll(m, v.Text(), "$", "$$"))
}

var xmlEscapes = [128]string{'<': "&lt;", '>': "&gt;", '&': "&amp;", '"': "&quot;", '\'': "&apos;"}

func escapeXML(m *eval.Machine, v eval.Value) eval.Value {
	v = m.ToString(v)
	s := v.Text()
	if !strings.ContainsAny(s, `<>&"'`) {
		return v
	}
	b := make([]byte, 0, len(s)+len(s)/8)
	start := 0
	for i := range len(s) {
		if c := s[i]; c < 128 && xmlEscapes[c] != "" {
			b = append(append(b, s[start:i]...), xmlEscapes[c]...)
			start = i + 1
		}
	}
	m.Allocate(len(b))
	return eval.TextOf(append(b, s[start:]...))
}
