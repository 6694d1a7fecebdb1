package app

import (
	"fmt"
	"slices"

	"github.com/couplet-k8s/couplet/compiler/decode"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// Settings are what an edit says about an environment. A nil member leaves what is
// there; an empty one removes it.
type Settings struct {
	Path, Kubernetes           *string
	Server, Context, Namespace *string
	Cluster                    *string
	// Labels are set or removed in their order.
	Labels []LabelSetting
	Stage  *int
	// Targets replace all the targets that are there.
	Targets *[]string
}

// LabelSetting sets one label, or removes it.
type LabelSetting struct {
	Key, Value string
	Remove     bool
}

// AddEnvironment gives the app with one more environment, the last of the file. As
// with all edits, the new text is that of File in what is given, it differs from the
// old one only in the lines that it must, and nothing is written.
func (a *App) AddEnvironment(name string, s Settings) (*App, diag.List) {
	if a.File == nil {
		return nil, diag.List{a.noFile()}
	}
	if env, ok := a.Environment(name); ok {
		return nil, diag.List{{
			Code: diag.AlreadyThere, Span: env.Span,
			Message: fmt.Sprintf("environment `%s` is there already", name),
			Hint:    fmt.Sprintf("`couplet env set %s` changes it", name),
		}}
	}
	if found := checkNames(name, s); found.HasErrors() {
		return nil, found
	}
	return a.edit(func(e *editor) {
		e.set(value.Object(), "environments", name)
		e.settings(name, s)
	})
}

// SetEnvironment gives the app with an environment changed. Setting the server of its
// destination removes the context, and the reverse.
func (a *App) SetEnvironment(name string, s Settings) (*App, diag.List) {
	if found := a.mustHave(name); found.HasErrors() {
		return nil, found
	}
	if found := checkNames(name, s); found.HasErrors() {
		return nil, found
	}
	return a.edit(func(e *editor) { e.settings(name, s) })
}

// RemoveEnvironment gives the app without an environment. The comment lines directly
// above its name go with it.
func (a *App) RemoveEnvironment(name string) (*App, diag.List) {
	if found := a.mustHave(name); found.HasErrors() {
		return nil, found
	}
	return a.edit(func(e *editor) { e.remove("environments", name) })
}

func (a *App) mustHave(name string) diag.List {
	if a.File == nil {
		return diag.List{a.noFile()}
	}
	if _, ok := a.Environment(name); ok {
		return nil
	}
	return diag.List{{
		Code: diag.NotFound, Span: a.File.Whole(),
		Message: fmt.Sprintf("app %s has no environment `%s`", a.Name, name),
		Hint:    diag.DidYouMean(name, a.Names()),
	}}
}

func (a *App) noFile() diag.Diagnostic {
	return diag.Diagnostic{
		Code:    diag.EditRefused,
		Message: fmt.Sprintf("there is no %s here: the environments are files of a Tanka tree", FileName),
		Hint:    "edit main.jsonnet and spec.json in an environment's folder, or add and remove folders",
	}
}

// checkNames checks what becomes keys of couplet.yaml. The schema would call a wrong
// one an unknown key.
func checkNames(name string, s Settings) diag.List {
	var found diag.List
	schema := appSchema()
	environments := []string{"properties", "environments"}
	if !schema.Takes(name, environments...) {
		found.Add(diag.Diagnostic{
			Code:    diag.AppInvalid,
			Message: fmt.Sprintf("%q cannot be the name of an environment", name),
			Hint:    schema.UnknownHint(name, environments...),
		})
	}
	labels := []string{"definitions", "environment", "properties", "labels"}
	for _, label := range s.Labels {
		if !label.Remove && !schema.Takes(label.Key, labels...) {
			found.Add(diag.Diagnostic{
				Code:    diag.AppInvalid,
				Message: fmt.Sprintf("%q cannot be the key of a label", label.Key),
				Hint:    schema.UnknownHint(label.Key, labels...),
			})
		}
	}
	return found
}

// edit makes the edits of one command and reads the result as any couplet.yaml.
func (a *App) edit(changes func(e *editor)) (*App, diag.List) {
	doc, found := decodeOne(a.File)
	if found.HasErrors() {
		return nil, found
	}
	e := &editor{before: a.File, was: doc, file: a.File, doc: doc}
	changes(e)
	if e.found.HasErrors() {
		return nil, e.found
	}
	edited, found := Parse(e.file)
	if found.HasErrors() {
		return nil, withoutPlaces(found)
	}
	return edited, nil
}

// withoutPlaces is for findings about a text that is on no disk: it is the command
// line that was wrong.
func withoutPlaces(found diag.List) diag.List {
	out := slices.Clone(found)
	for i := range out {
		out[i].Span, out[i].Related = source.Span{}, nil
	}
	return out
}

// editor makes edits one after another, each on the text that the one before it left.
// Each says what the text shall mean, makes it by lines, and reads it back; where that
// gives something else, this and all later edits are refused.
type editor struct {
	before *source.File // the file on disk, and what it says
	was    value.Value
	file   *source.File // the text so far, and what it says
	doc    value.Value
	found  diag.List
}

// settings makes the edits that lead to an environment's settings.
func (e *editor) settings(name string, s Settings) {
	env := []string{"environments", name}
	at := func(names ...string) []string { return slices.Concat(env, names) }
	e.text(s.Path, at("path"))
	e.text(s.Kubernetes, at("kubernetes"))
	e.cluster(s, at("destination"))
	e.text(s.Namespace, at("destination", "namespace"))
	e.text(s.Cluster, at("destination", "cluster"))
	for _, label := range s.Labels {
		e.label(name, label)
	}
	if s.Stage != nil {
		e.set(value.Number(float64(*s.Stage)), at("stage")...)
	}
	if s.Targets != nil {
		e.targets(*s.Targets, at("targets"))
	}
}

// text sets a member that is a text, or removes it.
func (e *editor) text(to *string, path []string) {
	switch {
	case to == nil:
	case *to != "":
		e.set(value.String(*to), path...)
	case e.has(path...):
		e.remove(path...)
	}
}

// cluster sets the server or the context. The one takes the place of the other.
func (e *editor) cluster(s Settings, destination []string) {
	if s.Server != nil && s.Context != nil && *s.Server != "" && *s.Context != "" {
		e.found.Add(diag.Diagnostic{
			Code: diag.AppInvalid, Message: "a destination has a server or a context, not both",
		})
		return
	}
	for _, one := range []struct {
		to          *string
		name, other string
	}{{s.Server, "server", "context"}, {s.Context, "context", "server"}} {
		path, other := append(slices.Clone(destination), one.name), append(slices.Clone(destination), one.other)
		if one.to != nil && *one.to != "" && e.has(other...) {
			if e.has(path...) {
				e.remove(other...)
			} else {
				e.rename(one.name, other...)
			}
		}
		e.text(one.to, path)
	}
}

func (e *editor) label(name string, label LabelSetting) {
	labels := []string{"environments", name, "labels"}
	path := append(labels, label.Key)
	switch {
	case !label.Remove:
		e.set(value.String(label.Value), path...)
	case e.has(path...):
		e.remove(path...)
	default:
		e.found.Add(diag.Diagnostic{
			Code: diag.NotFound, Span: locate(e.before, e.was, labels),
			Message: fmt.Sprintf("environment %s has no label `%s`", name, label.Key),
			Hint:    diag.DidYouMean(label.Key, memberNames(e.doc.Get(labels...))),
		})
	}
}

func memberNames(v value.Value) []string {
	var names []string
	for _, f := range v.Fields() {
		names = append(names, f.Name)
	}
	return names
}

func (e *editor) targets(to []string, path []string) {
	items := make([]value.Value, len(to))
	for i, target := range to {
		items[i] = value.String(target)
	}
	switch {
	case len(items) > 0:
		e.set(value.Array(items...), path...)
	case e.has(path...):
		e.remove(path...)
	}
}

// has tells whether there is a member at a path.
func (e *editor) has(path ...string) bool {
	last := len(path) - 1
	return e.doc.Get(path[:last]...).Has(path[last])
}

// set makes the member at path a text, a number, an array of texts or an empty object.
// Objects on the way are made where they are missing.
func (e *editor) set(to value.Value, path ...string) {
	if e.has(path...) && value.Equal(e.doc.Get(path...), to) {
		return
	}
	e.apply(edit{
		verb: "set", path: path, byHand: written(path[len(path)-1], to),
		want: with(e.doc, path, to),
		make: func(p *page) bool { return p.set(path, to) },
	})
}

// remove takes the member at path away, and with the last label or the last part of a
// destination the whole of it.
func (e *editor) remove(path ...string) {
	for len(path) > 3 && len(e.doc.Get(path[:len(path)-1]...).Fields()) == 1 {
		path = path[:len(path)-1]
	}
	e.apply(edit{
		verb: "remove", path: path,
		want: without(e.doc, path),
		make: func(p *page) bool { return p.remove(path) },
	})
}

// rename gives the member at path another name.
func (e *editor) rename(to string, path ...string) {
	as := append(slices.Clone(path[:len(path)-1]), to)
	e.apply(edit{
		verb: "replace", path: path, byHand: to,
		want: with(without(e.doc, path), as, e.doc.Get(path...)),
		make: func(p *page) bool { return p.rename(path, to) },
	})
}

// edit is one change of a text.
type edit struct {
	verb string
	path []string
	// byHand is what would have to be written, "" for nothing.
	byHand string
	// want is what the text shall mean afterwards.
	want value.Value
	// make changes the lines; false where it cannot.
	make func(p *page) bool
}

func (e *editor) apply(one edit) {
	if e.found.HasErrors() {
		return
	}
	p := newPage(e.file, e.doc)
	if one.make(p) {
		file := source.NewFile(e.file.Name(), p.text())
		docs, found := decode.YAML(file)
		if !found.HasErrors() && len(docs) == 1 && value.Equal(docs[0], one.want) {
			e.file, e.doc = file, docs[0]
			return
		}
	}
	e.found.Add(e.refused(one))
}

func (e *editor) refused(one edit) diag.Diagnostic {
	var at *value.Path
	for _, name := range one.path {
		at = at.Member(name)
	}
	hint := "edit it by hand"
	if one.byHand != "" {
		hint = fmt.Sprintf("write `%s` by hand", one.byHand)
	}
	return diag.Diagnostic{
		Code: diag.EditRefused, Span: locate(e.before, e.was, one.path),
		Message: fmt.Sprintf("cannot %s `%s` without changing other parts of %s", one.verb, at, FileName),
		Hint:    hint + ": couplet edits whole lines, which anchors, and braces around members, do not allow",
	}
}

// with gives v with the member at a path set.
func with(v value.Value, path []string, to value.Value) value.Value {
	if len(path) == 0 {
		return to
	}
	return v.With(path[0], with(v.Get(path[0]), path[1:], to))
}

// without gives v without the member at a path.
func without(v value.Value, path []string) value.Value {
	if len(path) == 1 {
		return v.Without(path[0])
	}
	return v.With(path[0], without(v.Get(path[0]), path[1:]))
}
