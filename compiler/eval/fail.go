package eval

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/ir"
)

// failure is how an error of the evaluated program travels through the machine: as a
// panic, which runs through code that need not check for it. jsonnet has nothing that
// catches errors, so none is ever on the way to code that goes on.
type failure struct {
	node   *ir.Node
	diag   diag.Diagnostic // without places
	static diag.List       // errors of a file that cannot be run
}

func (m *Machine) fail(n *ir.Node, format string, args ...any) {
	m.raise(n, diag.Diagnostic{Code: diag.EvalError, Message: fmt.Sprintf(format, args...)})
}

func (m *Machine) raise(n *ir.Node, d diag.Diagnostic) { panic(&failure{node: n, diag: d}) }

// Raise ends the evaluation with a diagnostic that Try gave.
func (m *Machine) Raise(d diag.Diagnostic) { panic(&failure{node: outside, static: diag.List{d}}) }

// failUser raises what error was given.
func (m *Machine) failUser(n *ir.Node, text string) {
	if text == "" {
		text = "the program raised an error without a message"
	}
	m.raise(n, diag.Diagnostic{Code: diag.EvalError, Message: text})
}

func (m *Machine) failType(n *ir.Node, v Value, want ...Kind) {
	names := make([]string, len(want))
	for i, k := range want {
		names[i] = kindName(k)
	}
	m.fail(n, "expected a value of type %s, not %s", strings.Join(names, " or "), v.TypeName())
}

func kindName(k Kind) string {
	if k == NumberKind {
		return "number"
	}
	return Value{n: uint64(k) << tagShift}.TypeName()
}

// failMember tells that a field is not there, and which one may have been meant.
func (m *Machine) failMember(n *ir.Node, o *Object, name string) {
	d := diag.Diagnostic{Code: diag.EvalError, Message: "the field `" + name + "` does not exist"}
	if near := diag.Suggest(name, m.Names(o, true)); near != "" {
		d.Hint = "did you mean `" + near + "`?"
	}
	m.raise(n, d)
}

func (m *Machine) failIndex(n *ir.Node, v Value, name string) {
	if name != "" {
		m.fail(n, "a value of type %s has no field `%s`", v.TypeName(), name)
	}
	m.fail(n, "a value of type %s cannot be indexed", v.TypeName())
}

func (m *Machine) failParameter(n *ir.Node, name string, params []string) {
	d := diag.Diagnostic{
		Code:    diag.EvalError,
		Message: "the function has no parameter `" + name + "`: its parameters are " + list(params),
	}
	if near := diag.Suggest(name, params); near != "" {
		d.Hint = "did you mean `" + near + "`?"
	}
	m.raise(n, d)
}

func (m *Machine) tooDeep(n *ir.Node) {
	m.raise(n, diag.Diagnostic{
		Code:    diag.StackLimit,
		Message: "the evaluation nests deeper than the limit of " + strconv.Itoa(m.maxStack) + " stack frames",
		Hint:    "look for a function or a field that refers to itself without end",
	})
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
