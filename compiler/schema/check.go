package schema

import (
	"fmt"
	"slices"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/value"
	"github.com/couplet-k8s/couplet/schemas"
)

// Check gives everything that the object's schema has against it, in the order of the
// object; nil where there is nothing. A kind without a schema gives one warning of
// the code [diag.NoSchema].
func (c *Catalog) Check(obj value.Value) []Finding {
	w := &walker{}
	if obj.Kind() != value.KindObject {
		w.wrongType(obj, "an object", "")
		return w.found
	}
	version, kind := w.identity(obj, "apiVersion"), w.identity(obj, "kind")
	if len(w.found) > 0 {
		return w.found
	}
	group, version := splitAPIVersion(version)
	t, known := c.find(group, version, kind)
	switch {
	case !known:
		return []Finding{c.unknownKind(obj, group, version, kind)}
	case t.schema == nil:
		return []Finding{noSchema(obj, group, version, kind, "its CustomResourceDefinition gives none")}
	}
	w.rules, w.looseStatus = t.rules, t.looseStatus
	w.subdomain = subdomainNamed[kind] && t.rules == nil
	w.secret = group == "" && kind == "Secret"
	if t.defaults {
		obj, _ = t.rules.withDefaults(t.schema, obj)
	}
	w.value(t.schema, obj)
	return w.found
}

// identity reads apiVersion or kind, without which there is nothing to check against.
func (w *walker) identity(obj value.Value, name string) string {
	w.push(step{name: name, index: -1})
	defer w.pop()
	v := obj.Get(name)
	switch {
	case v.IsNull():
		w.missing(obj, obj.Has(name))
	case v.Kind() != value.KindString:
		w.wrongType(v, "a string", "")
	case v.Str() == "":
		w.add(diag.FieldMissing, v, "want a value, found an empty string", "")
	}
	return v.Str()
}

// splitAPIVersion takes apps/v1 apart; the group of v1 is "".
func splitAPIVersion(text string) (group, version string) {
	if group, version, ok := strings.Cut(text, "/"); ok {
		return group, version
	}
	return "", text
}

// unknownKind says that a kind is unknown. It is an error where that is certain: in
// the groups of Kubernetes itself, and for a version that the kind's definition in
// the bundle lacks. Elsewhere the cluster may know more than the bundle.
func (c *Catalog) unknownKind(obj value.Value, group, version, kind string) Finding {
	kinds := c.Kinds()
	var groups, near []string
	var same, others []string // the apiVersions of this kind, in this group and in others
	for _, k := range kinds {
		groups = append(groups, k.Group)
		switch {
		case k.Kind == kind && k.Group == group:
			same = append(same, k.APIVersion())
		case k.Kind == kind:
			others = append(others, k.APIVersion())
		case k.Group == group:
			near = append(near, k.Kind)
		}
	}
	builtin := !strings.Contains(group, ".") || c.isBuiltin(group)
	switch {
	case len(same) > 0:
		return c.noSuchKind(obj, group, version, kind, useVersion(same))
	case c.isOff(group, version, kind):
		return c.noSuchKind(obj, group, version, kind,
			fmt.Sprintf("if the cluster serves it, add `%s` to the environment's `apis` in couplet.yaml", apiVersion(group, version)))
	case c.elsewhere(group, version, kind) != "":
		return c.noSuchKind(obj, group, version, kind, "set the environment's `kubernetes` to the minor that the cluster runs")
	case builtin && len(others) > 0:
		return c.noSuchKind(obj, group, version, kind, useVersion(others))
	case builtin:
		return c.noSuchKind(obj, group, version, kind, c.nearKind(kind, sortedSet(near)))
	}
	if meant := c.misspelt(group, kind); meant != "" {
		return kindFinding(obj, Finding{
			Code: diag.KindUnknown, Severity: diag.Error, Hint: fmt.Sprintf("did you mean `%s`?", meant),
			Message: fmt.Sprintf("there is no kind %s in %s: its CustomResourceDefinition has %s", printable(kind), printable(apiVersion(group, version)), meant),
		})
	}
	f := noSchema(obj, group, version, kind, "it is not checked")
	switch nearGroup := diag.Suggest(group, groups); {
	case diag.Suggest(kind, near) != "":
		f.Hint = diag.DidYouMean(kind, near)
	case len(others) > 0 && nearGroup != "":
		f.Hint = fmt.Sprintf("did you mean the group `%s`?", nearGroup)
	}
	return f
}

// misspelt gives the kind of a definition that an object means for certain: its plural, or
// another case of its letters. Of other names another definition may be in the cluster.
func (c *Catalog) misspelt(group, kind string) string {
	for id, d := range c.custom {
		if id.group == group && (strings.EqualFold(kind, id.kind) || strings.EqualFold(kind, d.plural)) {
			return id.kind
		}
	}
	return ""
}

func (c *Catalog) isBuiltin(group string) bool {
	return slices.ContainsFunc(c.minor.Kinds(), func(k schemas.Kind) bool { return k.Group == group })
}

// nearKind suggests a kind: one of the same group, else one of any.
func (c *Catalog) nearKind(kind string, group []string) string {
	if diag.Suggest(kind, group) != "" {
		return diag.DidYouMean(kind, group)
	}
	var all []string
	for _, k := range c.Kinds() {
		all = append(all, k.Kind)
	}
	near := diag.Suggest(kind, all)
	for _, k := range c.Kinds() {
		if k.Kind == near {
			return fmt.Sprintf("did you mean `%s` of apiVersion %s?", near, k.APIVersion())
		}
	}
	return diag.DidYouMean(kind, group)
}

func useVersion(known []string) string {
	slices.SortStableFunc(known, compareAPIVersions)
	return "use apiVersion: " + strings.Join(known, " or ")
}

func (c *Catalog) noSuchKind(obj value.Value, group, version, kind, hint string) Finding {
	of := printable(kind) + " in " + printable(apiVersion(group, version))
	message := fmt.Sprintf("Kubernetes %s has no kind %s%s", c.Minor(), of, c.elsewhere(group, version, kind))
	if c.isOff(group, version, kind) {
		message = fmt.Sprintf("Kubernetes %s serves %s only if it is told to", c.Minor(), of)
	}
	return kindFinding(obj, Finding{Code: diag.KindUnknown, Severity: diag.Error, Message: message, Hint: hint})
}

// elsewhere says which minors serve a kind that this one does not.
func (c *Catalog) elsewhere(group, version, kind string) string {
	serving := schemas.Serving(group, version, kind)
	switch {
	case len(serving) == 0:
		return ""
	case newer(serving[0], c.Minor()):
		return ": it came with " + serving[0]
	}
	return ": " + serving[len(serving)-1] + " was the last that had it"
}

// isOff tells whether the minor has a kind and does not serve it.
func (c *Catalog) isOff(group, version, kind string) bool {
	k, ok := c.minor.Lookup(group, version, kind)
	return ok && !c.serves(k)
}

// newer compares two minors.
func newer(a, b string) bool {
	all := schemas.Minors()
	return slices.Index(all, a) > slices.Index(all, b)
}

func noSchema(obj value.Value, group, version, kind, why string) Finding {
	return kindFinding(obj, Finding{
		Code:     diag.NoSchema,
		Severity: diag.Warning,
		Message:  fmt.Sprintf("no schema for %s of %s: %s", printable(kind), printable(apiVersion(group, version)), why),
		Hint:     "put its CustomResourceDefinition into the bundle, or into crds/",
	})
}

func kindFinding(obj value.Value, f Finding) Finding {
	var root *value.Path
	f.Path = root.Member("kind")
	f.Origin = obj.Get("kind").Origin()
	return f
}

// printable is a name as it is, or in quotes where it is long or no name.
func printable(name string) string {
	if quoted := quote(name); quoted != `"`+name+`"` || strings.ContainsAny(name, " \t") {
		return quoted
	}
	return name
}
