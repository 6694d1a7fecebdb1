package nametemplate

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/template/parse"
)

// run is one execution.
type run struct {
	template  *Template
	functions map[string]Function
	vars      []variable // the innermost last
	depth     int        // how many templates are being called
	loop      parse.NodeType
	out       strings.Builder
}

type variable struct {
	name  string
	value any
}

// failure is how an error travels.
type failure struct{ error }

func fail(format string, args ...any) { panic(failure{fmt.Errorf(format, args...)}) }

// maxDepth is how many templates may call one another.
const maxDepth = 1000

// call runs a template by its name, with variables of its own.
func (r *run) call(name string, dot any) {
	tree := r.template.trees[name]
	if tree == nil {
		fail("template %q is not defined", name)
	}
	if r.depth++; r.depth > maxDepth {
		fail("templates call one another more than %d deep", maxDepth)
	}
	outer := r.vars
	r.vars = []variable{{"$", dot}}
	r.node(dot, tree.Root)
	r.vars = outer
	r.depth--
}

// node runs a node, unless a break or continue is on its way to the loop.
func (r *run) node(dot any, n parse.Node) {
	switch n := n.(type) {
	case *parse.ActionNode:
		if v := r.pipe(dot, n.Pipe); len(n.Pipe.Decl) == 0 {
			r.out.WriteString(written(v))
		}
	case *parse.TextNode:
		r.out.Write(n.Text)
	case *parse.ListNode:
		for _, child := range n.Nodes {
			if r.loop == 0 {
				r.node(dot, child)
			}
		}
	case *parse.IfNode:
		r.branch(dot, &n.BranchNode, false)
	case *parse.WithNode:
		r.branch(dot, &n.BranchNode, true)
	case *parse.RangeNode:
		r.repeat(dot, n)
	case *parse.BreakNode, *parse.ContinueNode:
		r.loop = n.Type()
	case *parse.TemplateNode:
		r.call(n.Name, r.pipe(dot, n.Pipe))
	}
}

func (r *run) branch(dot any, n *parse.BranchNode, with bool) {
	outer := len(r.vars)
	v := r.pipe(dot, n.Pipe)
	inner := dot
	if with {
		inner = v
	}
	switch {
	case truth(v):
		r.node(inner, n.List)
	case n.ElseList != nil:
		r.node(dot, n.ElseList)
	}
	r.vars = r.vars[:outer]
}

// repeat runs a range over the elements of an array, the members of an object in the
// order of their names, or the numbers below one.
func (r *run) repeat(dot any, n *parse.RangeNode) {
	outer := len(r.vars)
	over := r.pipe(dot, &parse.PipeNode{Cmds: n.Pipe.Cmds})
	runs := 0
	each := func(key, v any) bool {
		runs++
		mark := len(r.vars)
		r.loopVariables(n.Pipe, key, v)
		r.node(v, n.List)
		r.vars = r.vars[:mark]
		done := r.loop == parse.NodeBreak
		r.loop = 0
		return !done
	}
	switch over := over.(type) {
	case nil:
	case []any:
		for i, v := range over {
			if !each(i, v) {
				break
			}
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(over)) {
			if !each(key, over[key]) {
				break
			}
		}
	case int:
		for i := range over {
			if !each(i, i) {
				break
			}
		}
	default:
		fail("range can't iterate over %v", over)
	}
	if runs == 0 && n.ElseList != nil {
		r.node(dot, n.ElseList)
	}
	r.vars = r.vars[:outer]
}

// loopVariables sets what a range names: the value, or the key and the value.
func (r *run) loopVariables(pipe *parse.PipeNode, key, v any) {
	values := []any{key, v}
	if len(pipe.Decl) == 1 {
		values = values[1:]
	}
	for i, decl := range pipe.Decl {
		r.set(decl.Ident[0], values[i], pipe.IsAssign)
	}
}

// set gives a variable a value, a new one unless it is assigned to.
func (r *run) set(name string, v any, assign bool) {
	if !assign {
		r.vars = append(r.vars, variable{name, v})
		return
	}
	r.variable(name).value = v
}

// variable finds a variable; the parser knows that it is there.
func (r *run) variable(name string) *variable {
	for i := len(r.vars) - 1; i > 0; i-- {
		if r.vars[i].name == name {
			return &r.vars[i]
		}
	}
	return &r.vars[0]
}

// pipe gives the value of a pipeline; each command has the value of the one before it as
// its last argument.
func (r *run) pipe(dot any, pipe *parse.PipeNode) any {
	if pipe == nil {
		return nil
	}
	var v any
	for i, cmd := range pipe.Cmds {
		args := cmd.Args[1:]
		if i == 0 {
			v = r.command(dot, cmd.Args[0], args)
		} else {
			v = r.command(dot, cmd.Args[0], args, v)
		}
	}
	for _, decl := range pipe.Decl {
		r.set(decl.Ident[0], v, pipe.IsAssign)
	}
	return v
}

// command applies what a command begins with to its arguments; only a function takes any.
func (r *run) command(dot any, first parse.Node, args []parse.Node, last ...any) any {
	if name, ok := first.(*parse.IdentifierNode); ok {
		return r.function(dot, name.Ident, args, last...)
	}
	if len(args)+len(last) > 0 {
		fail("can't give argument to non-function %s", first)
	}
	if _, ok := first.(*parse.NilNode); ok {
		fail("nil is not a command")
	}
	return r.value(dot, first)
}

func (r *run) function(dot any, name string, args []parse.Node, last ...any) any {
	if name == "and" || name == "or" {
		return r.shortcut(dot, name == "or", args, last)
	}
	values := make([]any, 0, len(args)+len(last))
	for _, arg := range args {
		values = append(values, r.value(dot, arg))
	}
	v, err := r.functions[name](append(values, last...))
	if err != nil {
		fail("error calling %s: %w", name, err)
	}
	return v
}

// shortcut is and, or or: the first argument that decides, or the last.
func (r *run) shortcut(dot any, decides bool, args []parse.Node, last []any) any {
	var v any
	for _, arg := range args {
		if v = r.value(dot, arg); truth(v) == decides {
			return v
		}
	}
	switch {
	case len(last) > 0:
		v = last[0]
	case len(args) == 0:
		fail("wrong number of args for and, or: want at least 1")
	}
	return v
}

// value gives the value of an operand.
func (r *run) value(dot any, n parse.Node) any {
	switch n := n.(type) {
	case *parse.DotNode:
		return dot
	case *parse.FieldNode:
		return fields(dot, n.Ident)
	case *parse.VariableNode:
		return fields(r.variable(n.Ident[0]).value, n.Ident[1:])
	case *parse.ChainNode:
		return fields(r.value(dot, n.Node), n.Field)
	case *parse.PipeNode:
		return r.pipe(dot, n)
	case *parse.IdentifierNode:
		return r.function(dot, n.Ident, nil)
	case *parse.BoolNode:
		return n.True
	case *parse.StringNode:
		return n.Text
	case *parse.NumberNode:
		return number(n)
	}
	return nil // a NilNode
}

// fields follows names into members.
func fields(v any, names []string) any {
	for _, name := range names {
		switch object := v.(type) {
		case nil:
			fail("nothing holds the field %s", name)
		case map[string]any:
			v = object[name]
		case Record:
			member, ok := object[name]
			if !ok {
				fail("there is no field %s; there are %s", name, strings.Join(slices.Sorted(maps.Keys(object)), ", "))
			}
			v = member
		default:
			fail("can't evaluate field %s in %v", name, v)
		}
	}
	return v
}

func number(n *parse.NumberNode) any {
	switch {
	case n.IsInt:
		return int(n.Int64)
	case n.IsFloat:
		return n.Float64
	}
	fail("%s is too large a number", n)
	return nil
}
