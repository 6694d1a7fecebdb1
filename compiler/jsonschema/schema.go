package jsonschema

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"
	"sync"

	"github.com/couplet-k8s/couplet/compiler/decode"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// Schema is a JSON Schema with the files that it refers to.
type Schema struct {
	root     *document
	open     func(name string) (*source.File, error)
	docs     map[string]*document
	patterns map[string]func() *regexp.Regexp // compiled when they are needed
	refs     map[ref]node
	verified map[location]bool
	found    diag.List
}

// document is one file of a schema.
type document struct {
	file *source.File
	root value.Value
}

// node is a schema in its document.
type node struct {
	in *document
	value.Value
}

func (n node) get(name string) node { return node{n.in, n.Get(name)} }

// ref is a reference as it stands in a document.
type ref struct {
	in   *document
	text string
}

// location is a part of a document.
type location struct {
	in     *document
	origin uint32
}

// Load reads a schema and the files that it refers to, which open gives by their paths. A
// schema with errors must not be used.
func Load(file *source.File, open func(name string) (*source.File, error)) (*Schema, diag.List) {
	s := &Schema{open: open, docs: map[string]*document{}, patterns: map[string]func() *regexp.Regexp{}, refs: map[ref]node{}, verified: map[location]bool{}}
	s.root = s.document(file)
	return s, s.found.Sorted()
}

// Root is the schema as a value.
func (s *Schema) Root() value.Value { return s.root.root }

// document reads a file, and checks that what stands in it is a schema.
func (s *Schema) document(file *source.File) *document {
	if doc := s.docs[file.Name()]; doc != nil {
		return doc
	}
	root, found := decode.JSON(file)
	doc := &document{file, root}
	s.docs[file.Name()] = doc
	s.found.Add(found...)
	if !found.HasErrors() {
		s.verify(node{doc, root})
	}
	return doc
}

// problem reports what is wrong in the schema itself.
func (s *Schema) problem(n node, hint, format string, args ...any) {
	span := n.in.file.Whole()
	if n.Origin() != 0 {
		span = n.in.file.At(int(n.Origin()) - 1)
	}
	s.found.Add(diag.Diagnostic{Code: diag.SchemaInvalid, Span: span, Message: fmt.Sprintf(format, args...), Hint: hint})
}

// verify looks through a schema and all that stand in it.
func (s *Schema) verify(n node) {
	at := location{n.in, n.Origin()}
	if n.Kind() == value.KindBool || s.verified[at] {
		return
	}
	s.verified[at] = true
	if n.Kind() != value.KindObject {
		s.problem(n, "", "a schema is an object, true or false, not %s", n.Kind().Article())
		return
	}
	for _, f := range n.Fields() {
		k, known := keywords[f.Name]
		at := node{n.in, f.Value}
		switch {
		case !known:
			s.unknownKeyword(n, f)
			continue
		case !k.takes(f.Value):
			s.problem(at, "", "`%s` of a schema wants %s", f.Name, k.wants)
			continue
		case f.Name == "$ref":
			s.refs[ref{n.in, f.Value.Str()}] = s.resolve(at)
		case f.Name == "pattern":
			s.compile(at, f.Value.Str())
		case f.Name == "patternProperties":
			for _, member := range f.Value.Fields() {
				s.compile(at, member.Name)
			}
		}
		for _, part := range k.parts(f.Value) {
			s.verify(node{n.in, part})
		}
	}
}

// unknownKeyword warns of what has no meaning, and so would check nothing.
func (s *Schema) unknownKeyword(n node, f value.Field) {
	if strings.HasPrefix(f.Name, "x-") || strings.HasPrefix(f.Name, "$") {
		return
	}
	names := make([]string, 0, len(keywords))
	for name := range keywords {
		names = append(names, name)
	}
	at := node{n.in, f.Value.WithOrigin(f.Origin)}
	before := len(s.found)
	s.problem(at, diag.DidYouMean(f.Name, names), "`%s` is no keyword of JSON Schema draft 7, and checks nothing", f.Name)
	s.found[before].Severity = diag.Warning
}

func (s *Schema) compile(n node, pattern string) {
	if s.patterns[pattern] != nil {
		return
	}
	if _, err := syntax.Parse(pattern, syntax.Perl); err != nil {
		s.problem(n, "the syntax is that of Go's regexp, which knows no lookahead and no backreferences", "%q is no regular expression: %v", pattern, err)
		return
	}
	s.patterns[pattern] = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

// resolve finds what a reference refers to.
func (s *Schema) resolve(n node) node {
	doc, fragment, err := s.target(n)
	if err == nil {
		var found value.Value
		if found, err = follow(doc.root, fragment); err == nil {
			s.verify(node{doc, found})
			return node{doc, found}
		}
	}
	hint := ""
	if errors.Is(err, errRemote) {
		hint = "a reference is never fetched: keep a copy of that schema beside this one, and refer to the file"
	}
	s.problem(n, hint, "the reference `%s` %v", n.Str(), err)
	return node{n.in, value.Bool(true)}
}

var errRemote = errors.New("leads to another host")

// target is the document that a reference leads into, and where in it.
func (s *Schema) target(n node) (*document, string, error) {
	name, fragment, _ := strings.Cut(n.Str(), "#")
	own := strings.TrimSuffix(n.in.root.Get("$id").Str(), "#")
	if name == "" || name == own {
		return n.in, fragment, nil
	}
	u, err := url.Parse(name)
	switch {
	case err != nil:
		return nil, "", errors.New("is no path")
	case u.Scheme != "" || u.Host != "" || path.IsAbs(name):
		return nil, "", errRemote
	case s.open == nil:
		return nil, "", errors.New("leads to another file")
	}
	file, err := s.open(path.Join(path.Dir(n.in.file.Name()), u.Path))
	if err != nil {
		return nil, "", fmt.Errorf("leads to a file that cannot be read: %w", err)
	}
	return s.document(file), fragment, nil
}

// follow finds a part of a schema by a JSON pointer, or by a name that its $id gives it.
func follow(v value.Value, fragment string) (value.Value, error) {
	pointer, err := url.PathUnescape(fragment)
	if err != nil || pointer != "" && pointer[0] != '/' {
		if named, ok := findID(v, "#"+fragment); ok {
			return named, nil
		}
		return v, errors.New("leads nowhere")
	}
	for _, step := range strings.Split(pointer, "/")[1:] {
		step = strings.NewReplacer("~1", "/", "~0", "~").Replace(step)
		next, ok := v.Field(step)
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(v.Items()) {
			next, ok = value.Field{Value: v.Items()[i]}, true
		}
		if !ok {
			return v, fmt.Errorf("leads nowhere: there is no `%s`", step)
		}
		v = next.Value
	}
	return v, nil
}

func findID(v value.Value, id string) (value.Value, bool) {
	if v.Get("$id").Str() == id {
		return v, true
	}
	for _, item := range v.Items() {
		if found, ok := findID(item, id); ok {
			return found, true
		}
	}
	for _, f := range v.Fields() {
		if found, ok := findID(f.Value, id); ok {
			return found, true
		}
	}
	return v, false
}
