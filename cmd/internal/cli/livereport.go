package cli

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/couplet-k8s/couplet/cmd/internal/cluster"
	"github.com/couplet-k8s/couplet/compiler/decode"
	"github.com/couplet-k8s/couplet/compiler/diff"
	"github.com/couplet-k8s/couplet/compiler/emit"
	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// PlanReport is the JSON output of diff, apply and drift about a cluster; its schema is
// docs/schemas/plan.json.
type PlanReport struct {
	Environment string `json:"environment"`
	// Cluster is the identity of the cluster, and Server its URL.
	Cluster string `json:"cluster"`
	Server  string `json:"server"`
	// Approximate tells that the server was not asked for want of rights.
	Approximate bool `json:"approximate"`
	Create      int  `json:"create"`
	Update      int  `json:"update"`
	Replace     int  `json:"replace"`
	Refuse      int  `json:"refuse"`
	// Unread counts objects that may not be read, and so are not compared.
	Unread    int `json:"unread"`
	Unchanged int `json:"unchanged"`
	// Own counts objects whose values stay: couplet becomes a manager of more of their fields.
	Own    int `json:"own"`
	Delete int `json:"delete"`
	// Kept counts what is no longer in the source, and stays even if that is pruned.
	Kept int `json:"kept"`
	// Pruning tells that what is no longer in the source is deleted; else it stays.
	Pruning bool         `json:"pruning"`
	Objects []PlanObject `json:"objects"`
}

// PlanObject is one object that is not as the bundle says.
type PlanObject struct {
	Object string `json:"object"`
	// Op is create, update, replace, refuse, unread or delete.
	Op      string                `json:"op"`
	Changes []diff.DocumentChange `json:"changes,omitempty"`
	// Managers counts the fields of other managers.
	Managers  map[string]int `json:"managers,omitempty"`
	Conflicts []PlanConflict `json:"conflicts,omitempty"`
	Notes     []string       `json:"notes,omitempty"`
}

// PlanConflict is a field that another manager holds.
type PlanConflict struct {
	Field   string `json:"field"`
	Manager string `json:"manager"`
}

// planView is a plan as it is shown.
type planView struct {
	report PlanReport
	diff   diff.Report
}

// view prepares what is shown of a plan. Deletions are those of --prune, or what it would do.
func (t *target) view(plan *cluster.Plan, pruning bool, because map[object.Identity]string) planView {
	v := planView{report: PlanReport{
		Environment: t.env.Name, Cluster: t.identity.String(), Server: t.server.URL(), Approximate: plan.Approximate, Pruning: pruning, Objects: []PlanObject{},
	}}
	var objects []diff.ObjectDiff
	for _, a := range plan.Actions {
		v.count(a.Op)
		if a.IsDifference() || a.Op == cluster.Unread {
			objects = append(objects, actionDiff(a))
		}
	}
	for _, d := range plan.Deletions {
		if d.IsGone() || d.Foreign {
			continue
		}
		if d.Kept != "" {
			v.report.Kept++
		} else {
			v.report.Delete++
		}
		objects = append(objects, deletionDiff(d, pruning, because[d.Entry.Identity()]))
	}
	v.diff = diff.NewKeyedReport("cluster", t.env.Name, []diff.Environment{{Objects: objects}}, plan.Inventory.Fingerprint())
	v.objects(plan, objects)
	return v
}

func (v *planView) count(op cluster.Op) {
	r := &v.report
	switch op {
	case cluster.Create:
		r.Create++
	case cluster.Update:
		r.Update++
	case cluster.Replace:
		r.Replace++
	case cluster.Refuse:
		r.Refuse++
	case cluster.Unread:
		r.Unread++
	case cluster.Own:
		r.Own++
	default:
		r.Unchanged++
	}
}

func actionDiff(a cluster.Action) diff.ObjectDiff {
	id := a.Object.Identity()
	o := diff.ObjectDiff{Key: id.String(), Title: id.String(), Group: id.String(), Op: diff.Replace, Old: a.Live, New: a.Object.Value, Changes: a.Changes}
	if a.Live.IsNull() {
		o.Op = diff.Add
	}
	switch {
	case a.Op == cluster.Unread:
		o.Op, o.Old = diff.Replace, a.Object.Value
		o.Notes = append(o.Notes, "not compared: "+a.Unchecked)
	case a.Op == cluster.Replace && a.IsHook():
		o.Notes = append(o.Notes, "a hook: the Job is run again")
	case a.Op == cluster.Replace && a.Unchecked != "":
		o.Notes = append(o.Notes, a.Unchecked)
	case a.Op == cluster.Replace:
		o.Notes = append(o.Notes, "it cannot be updated: it is deleted and made again")
	case a.Unchecked != "":
		o.Notes = append(o.Notes, "new, checked offline: "+a.Unchecked)
	}
	if a.Adopted != nil {
		o.Notes = append(o.Notes, "adopted: the fields of "+strings.Join(a.Adopted, " and ")+" become couplet's")
	}
	if a.Force && a.Adopted == nil {
		o.Notes = append(o.Notes, "taken over: "+(&cluster.ConflictError{Conflicts: a.Conflicts}).Error())
	}
	if a.Problem != nil {
		o.Notes = append(o.Notes, "refused: "+a.Problem.Error())
	}
	return withOthers(o, a.Others)
}

// withOthers folds what other managers hold into one note.
func withOthers(o diff.ObjectDiff, managers map[string]int) diff.ObjectDiff {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(managers)) {
		parts = append(parts, fmt.Sprintf("%s has %s", name, plural(managers[name], "field")))
	}
	if parts != nil {
		o.Notes = append(o.Notes, "other managers: "+strings.Join(parts, ", "))
	}
	return o
}

func deletionDiff(d cluster.Deletion, pruning bool, because string) diff.ObjectDiff {
	id := d.Entry.Identity()
	o := diff.ObjectDiff{Key: id.String(), Title: id.String(), Group: id.String(), Op: diff.Remove, Old: d.Live}
	switch {
	case d.Kept != "":
		o.Notes = append(o.Notes, "kept: "+d.Kept)
	case d.Adopted && !pruning:
		o.Notes = append(o.Notes, "left behind, not in the source: it is taken into the inventory, and `couplet apply --prune` deletes it")
	case d.Adopted:
		o.Notes = append(o.Notes, "left behind, not in the source")
	case !pruning:
		o.Notes = append(o.Notes, "no longer in the source: `couplet apply --prune` deletes it")
	}
	if because != "" {
		o.Notes = append(o.Notes, because)
	}
	return o
}

// objects fills in the objects of the report.
func (v *planView) objects(plan *cluster.Plan, objects []diff.ObjectDiff) {
	document := v.diff.Document()
	notes, ops, at := map[string][]string{}, map[string]string{}, map[string]cluster.Action{}
	for _, o := range objects {
		notes[o.Title] = o.Notes
		if o.Op == diff.Remove {
			ops[o.Title] = "delete"
		}
	}
	for _, a := range plan.Actions {
		title := a.Object.Identity().String()
		at[title] = a
		ops[title] = string(a.Op)
	}
	for _, d := range document.Differences {
		a := at[d.Object]
		o := PlanObject{Object: d.Object, Op: ops[d.Object], Changes: d.Changes, Managers: a.Others, Notes: notes[d.Object]}
		for _, c := range a.Conflicts {
			o.Conflicts = append(o.Conflicts, PlanConflict(c))
		}
		v.report.Objects = append(v.report.Objects, o)
	}
}

// gone says what becomes of objects that are no longer in the source.
func (r PlanReport) gone() string {
	if r.Pruning {
		return "to delete"
	}
	return "no longer in the source"
}

// counts is the plan in one line.
func (r PlanReport) counts() string {
	text := fmt.Sprintf("%d to create, %d to update", r.Create, r.Update)
	for _, part := range []struct {
		n    int
		what string
	}{{r.Replace, "to replace"}, {r.Refuse, "refused"}, {r.Unread, "not readable"}, {r.Own, "to own"}, {r.Delete, r.gone()}, {r.Kept, "kept"}} {
		if part.n > 0 {
			text += fmt.Sprintf(", %d %s", part.n, part.what)
		}
	}
	return text + fmt.Sprintf(", %d unchanged", r.Unchanged)
}

// planForms are the forms in which a plan is shown; text is the default.
var planForms = []string{"text", "json", "yaml", "markdown"}

// textOnly is the default form alone.
var textOnly = outputs{forms: planForms}

// writeView shows a plan in all the forms that are wanted.
func (p *Process) writeView(v planView, to outputs) error {
	for _, out := range to.all() {
		err := p.writeOutput(out, func(w io.Writer) error { return v.write(w, out.form, out.file == "" && p.color(p.OutTerminal)) })
		if err != nil {
			return err
		}
	}
	return nil
}

// write writes the plan in a form.
func (v planView) write(w io.Writer, form string, color bool) error {
	switch form {
	case "json":
		return writeJSON(w, v.report)
	case "yaml":
		var text strings.Builder
		if err := writeJSON(&text, v.report); err != nil {
			return err
		}
		document, found := decode.JSON(source.NewFile("plan", text.String()))
		if err := found.Err(); err != nil {
			return err
		}
		_, err := w.Write(emit.AppendYAML(nil, document))
		return err
	case "markdown":
		return v.diff.WriteMarkdown(w, diff.MarkdownOptions{})
	}
	if err := v.diff.WriteObjects(w, diff.TextOptions{Color: color}); err != nil {
		return err
	}
	if v.report.Approximate {
		fmt.Fprintln(w, "Reckoned by couplet: the rights do not suffice for a dry run on the server.")
	}
	_, err := fmt.Fprintln(w, v.report.counts())
	return err
}

// backupText is what a backup file holds.
func backupText(objects []value.Value) []byte {
	var text []byte
	for i, v := range objects {
		if i > 0 {
			text = emit.AppendYAMLSeparator(text)
		}
		text = emit.AppendYAML(text, cluster.Backup(v))
	}
	return text
}
