package nametemplate

import (
	"maps"
	"text/template/parse"
)

// Template is a parsed template. It never changes.
type Template struct {
	name  string
	trees map[string]*parse.Tree
}

// Function is what a template can call by a name.
type Function func(args []any) (any, error)

// Record is data whose members are known: another name is an error.
type Record map[string]string

// Parse reads a template. It may call the functions named, beside those of text/template.
func Parse(name, text string, functions ...string) (*Template, error) {
	known := map[string]any{"and": true, "or": true}
	for name := range builtins {
		known[name] = true
	}
	for _, name := range functions {
		known[name] = true
	}
	trees, err := parse.Parse(name, text, "", "", known)
	if err != nil {
		return nil, err
	}
	return &Template{name: name, trees: trees}, nil
}

// Execute gives the text that the template makes of data: nil, bool, float64, string,
// []any and map[string]any. What is not there is written as <no value>.
func (t *Template) Execute(data any, functions map[string]Function) (text string, err error) {
	all := maps.Clone(builtins)
	maps.Copy(all, functions)
	r := &run{template: t, functions: all}
	defer func() {
		switch failed := recover().(type) {
		case nil:
		case failure:
			err = failed
		default:
			panic(failed)
		}
	}()
	r.call(t.name, data)
	return r.out.String(), nil
}
