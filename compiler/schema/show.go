package schema

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/schemas"
)

// Doc explains a kind, or a field of one.
type Doc struct {
	Kind Kind
	// Others are the other apiVersions that have a kind of this name.
	Others []string
	// Path leads from the kind to the field: spec.strategy; "" for the kind itself.
	Path string
	// Type is the field's type, as [FieldDoc.Type].
	Type string
	// Description is the published text; "" where there is none.
	Description string
	// Required tells whether the field must be there.
	Required bool
	// Enum lists the allowed values, where only some are.
	Enum []string
	// Fields are what is inside, of a list what is inside each element.
	Fields []FieldDoc
}

// FieldDoc is one field in short.
type FieldDoc struct {
	Name string
	// Type names the type: string, integer, quantity, DeploymentStrategy, []Container,
	// map of string.
	Type     string
	Required bool
	Enum     []string
	// Summary is the first sentence of the description.
	Summary string
}

// Show explains KIND or KIND.PATH, such as deployment.spec.strategy. The kind may be
// given in any case, as a plural, and more exactly with its group or apiVersion:
// apps/v1/Deployment, deployments.apps, deployments.v1.apps. Without these the most
// stable version is taken. A path passes through lists and maps to their elements.
func (c *Catalog) Show(query string) (*Doc, diag.List) {
	kind, path, others, problem := c.parseQuery(query)
	if problem != nil {
		return nil, diag.List{*problem}
	}
	t, _ := c.find(kind.Group, kind.Version, kind.Kind)
	doc := &Doc{Kind: kind, Others: others, Path: strings.Join(path, ".")}
	if t.schema == nil {
		return doc, nil
	}
	s := shown{c: c, rules: t.rules, schema: t.schema}
	doc.Description = s.about(t.schema, "")
	for i, name := range path {
		holder := inner(s.schema)
		field := holder.Property(name)
		if field == nil {
			return nil, diag.List{noSuchField(kind, path[:i], name, holder)}
		}
		doc.Description = s.property(holder, name)
		doc.Required = holder.Requires(name)
		s.schema = field
	}
	doc.Type, doc.Enum = typeText(s.schema), enumOf(s.schema)
	doc.Fields = s.fields(inner(s.schema))
	return doc, nil
}

func noSuchField(kind Kind, path []string, name string, holder *schemas.Schema) diag.Diagnostic {
	where := strings.Join(append([]string{kind.Kind}, path...), ".")
	return diag.Diagnostic{
		Code:    diag.NoSuchField,
		Message: fmt.Sprintf("%s has no field `%s`", where, name),
		Hint:    diag.DidYouMean(name, holder.Names()),
	}
}

// inner passes from lists and maps to what they hold.
func inner(s *schemas.Schema) *schemas.Schema {
	for s.Elem != nil && (s.Members == nil || len(s.Members.Properties) == 0) {
		s = s.Elem.Resolve()
	}
	return s
}

// shown reads descriptions along a path.
type shown struct {
	c      *Catalog
	rules  ruleSet
	schema *schemas.Schema
}

func (s shown) fields(holder *schemas.Schema) []FieldDoc {
	var out []FieldDoc
	for _, name := range holder.Names() {
		field := holder.Property(name)
		out = append(out, FieldDoc{
			Name: name, Type: typeText(field), Required: holder.Requires(name),
			Enum: enumOf(field), Summary: firstSentence(s.property(holder, name)),
		})
	}
	return out
}

// property is the description of a field: its own, else its type's.
func (s shown) property(holder *schemas.Schema, name string) string {
	return s.about(holder.Property(name), s.published(holder, name))
}

func (s shown) published(holder *schemas.Schema, name string) string {
	texts, err := s.c.texts()
	if err != nil {
		return ""
	}
	return texts.Property(holder, name)
}

// about is the description of a type, if there is none nearer.
func (s shown) about(t *schemas.Schema, nearer string) string {
	if r := s.rules[t]; nearer == "" && r != nil {
		return r.description
	}
	if texts, err := s.c.texts(); nearer == "" && err == nil {
		return texts.Of(t)
	}
	return nearer
}

// enumOf is the enumeration of a schema or of its elements.
func enumOf(s *schemas.Schema) []string { return inner(s).Enum }

// typeText names a type in a few words.
func typeText(s *schemas.Schema) string {
	switch {
	case s.Type == schemas.Array && s.Elem != nil:
		return "[]" + typeText(s.Elem.Resolve())
	case s.Elem != nil && s.Members == nil && s.Type == schemas.Object:
		return "map of " + typeText(s.Elem.Resolve())
	case s.Name() != "":
		return s.Name()
	case showNames[s.Format] != "":
		return showNames[s.Format]
	case s.Type == schemas.Any:
		return "any"
	case s.Type == schemas.Array:
		return "list"
	}
	for _, name := range []string{"object", "string", "integer", "number", "boolean"} {
		if schemas.Types(name) == s.Type {
			return name
		}
	}
	return ""
}

var showNames = map[schemas.Format]string{
	schemas.FormatByte: "base64", schemas.FormatDateTime: "time", schemas.FormatMicroTime: "time",
	schemas.FormatQuantity: "quantity", schemas.FormatIntOrString: "integer or string",
	schemas.FormatSchemaOrArray:   "JSONSchemaProps or []JSONSchemaProps",
	schemas.FormatSchemaOrBool:    "JSONSchemaProps or boolean",
	schemas.FormatSchemaOrStrings: "JSONSchemaProps or []string",
}

// firstSentence cuts a description after its first sentence or line.
func firstSentence(text string) string {
	text, _, _ = strings.Cut(text, "\n")
	for i := 0; i+1 < len(text); i++ {
		if text[i] != '.' || text[i+1] != ' ' {
			continue
		}
		before := text[:i]
		if !strings.HasSuffix(before, "e.g") && !strings.HasSuffix(before, "i.e") && !strings.HasSuffix(before, "etc") {
			return text[:i+1]
		}
	}
	return strings.TrimSpace(text)
}

// parseQuery finds the kind that a query names, the path behind it, and the other
// apiVersions of the kind.
func (c *Catalog) parseQuery(query string) (kind Kind, path, others []string, problem *diag.Diagnostic) {
	prefix := ""
	if i := strings.LastIndexByte(query, '/'); i >= 0 {
		prefix, query = query[:i], query[i+1:]
	}
	parts := strings.Split(query, ".")
	named := c.named(parts[0])
	matching, path := narrow(named, prefix, parts[1:])
	if len(matching) == 0 {
		return Kind{}, nil, nil, c.noSuchKindToShow(prefix, parts[0], named)
	}
	for _, k := range named {
		if k != matching[0] {
			others = append(others, k.APIVersion())
		}
	}
	return matching[0], path, others, nil
}

// named lists the kinds of a name, the preferred one first.
func (c *Catalog) named(name string) []Kind {
	var out []Kind
	for _, k := range c.Kinds() {
		if strings.EqualFold(name, k.Kind) || strings.EqualFold(name, k.Plural) {
			out = append(out, k)
		}
	}
	slices.SortStableFunc(out, func(a, b Kind) int {
		return cmp.Or(compareVersions(a.Version, b.Version), strings.Compare(a.Group, b.Group))
	})
	return out
}

// narrow keeps the kinds that a qualifier allows: one before a slash, or one behind
// the kind, which is then taken off the path.
func narrow(named []Kind, prefix string, path []string) (matching []Kind, rest []string) {
	rest = path
	for _, k := range named {
		if prefix != "" && prefix != k.APIVersion() && prefix != k.Group && prefix != k.Version {
			continue
		}
		switch tail := strings.Join(path, ".") + "."; {
		case strings.HasPrefix(tail, k.Group+".") && k.Group != "":
			return []Kind{k}, path[strings.Count(k.Group, ".")+1:]
		case strings.HasPrefix(tail, k.Version+"."+k.Group+".") && k.Group != "":
			return []Kind{k}, path[strings.Count(k.Group, ".")+2:]
		}
		matching = append(matching, k)
	}
	return matching, rest
}

func (c *Catalog) noSuchKindToShow(prefix, name string, named []Kind) *diag.Diagnostic {
	d := &diag.Diagnostic{Code: diag.NoSuchKind, Message: fmt.Sprintf("Kubernetes %s has no kind `%s`", c.Minor(), name)}
	if len(named) > 0 {
		var known []string
		for _, k := range named {
			known = append(known, k.APIVersion())
		}
		d.Message += fmt.Sprintf(" in `%s`", prefix)
		d.Hint = "it is in " + strings.Join(known, ", ")
		return d
	}
	var known []string
	for _, k := range c.Kinds() {
		known = append(known, k.Kind, k.Plural)
	}
	d.Hint = cmp.Or(diag.DidYouMean(name, known), "`couplet schema list` lists all kinds")
	return d
}
