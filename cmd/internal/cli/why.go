package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/couplet-k8s/couplet/compiler"
	"github.com/couplet-k8s/couplet/compiler/bundle"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/emit"
	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// WhyOptions choose what why explains.
type WhyOptions struct {
	JsonnetOptions
	Environment string
	Query       string
	Output      string
}

// WhyReport is one entry of the JSON output of why.
type WhyReport struct {
	Environment string          `json:"environment"`
	Object      string          `json:"object"`
	Path        string          `json:"path"`
	Value       json.RawMessage `json:"value"`
	Steps       []WhyStep       `json:"steps"`
	Members     []WhyMember     `json:"members"`
}

// WhyStep is one expression on a value's way, oldest first.
type WhyStep struct {
	Kind   string            `json:"kind"`
	Text   string            `json:"text"`
	Field  string            `json:"field,omitempty"`
	Layer  int               `json:"layer,omitempty"`
	Place  *diag.ReportPlace `json:"place,omitempty"`
	Source string            `json:"source,omitempty"`
}

// WhyMember is a member of the value, and the expression that made it.
type WhyMember struct {
	Path  string            `json:"path"`
	Place *diag.ReportPlace `json:"place,omitempty"`
}

func newWhy(p *Process) *cobra.Command {
	var o WhyOptions
	cmd := &cobra.Command{
		Use:   "why ENV|PATH KIND/NAME[:FIELD]",
		Short: "Tell where a value comes from",
		Long: `Print the way of one value of an object, oldest step first: the expression that made it,
earlier definitions that were overridden, and the fields that it was given to, each with
its line in the source. Of a computed value the operands are shown, too.

FIELD is a path that starts with a dot: .spec.template.spec.containers[0].image. A name
with dots or slashes stands in brackets and quotes:
  '.metadata.labels["app.kubernetes.io/name"]'
Without FIELD the object itself is explained; of an object or a list the members are
listed with their places.

KIND/NAME is read as by show -t: a regular expression for the whole, without regard to
case. Only objects that it selects are evaluated.`,
		Example: `  couplet why prod deployment/web:.spec.replicas
  couplet why prod 'deployment/web:.metadata.labels["app.kubernetes.io/name"]'
  couplet why prod service/web
  couplet why prod 'deployment/.*:.spec.replicas' -o json`,
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: p.completeWhy(&o),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usageError{message: "give an environment or a path, and an object", hint: "`couplet why prod deployment/web:.spec.replicas` is an example"}
			}
			o.Environment, o.Query = args[0], args[1]
			return runWhy(cmd.Context(), o, p)
		},
	}
	o.JsonnetOptions.bind(cmd, p)
	outputFlag(cmd, &o.Output, "text", "json")
	return cmd
}

// splitQuery parts KIND/NAME from the path behind it: names may have colons, but a path
// begins with a dot or a bracket.
func splitQuery(query string) (target, field string) {
	for i := range len(query) - 1 {
		if query[i] == ':' && (query[i+1] == '.' || query[i+1] == '[') {
			return query[:i], query[i+1:]
		}
	}
	return query, ""
}

func runWhy(ctx context.Context, o WhyOptions, p *Process) error {
	target, field := splitQuery(o.Query)
	path, err := value.ParsePath(field)
	if err != nil {
		return usageError{message: err.Error(), hint: "write a path such as .spec.replicas or .metadata.labels[\"a.b/c\"]"}
	}
	opts, err := o.compile(SelectOptions{Targets: []string{target}}, p)
	if err != nil {
		return err
	}
	if !compiler.Traces(opts.Engine) {
		return usagef("the engine %s does not know where values come from", opts.Engine.Name())
	}
	opts.Provenance = true
	env, found := p.environment(ctx, o.Environment, opts)
	if err := found.Err(); err != nil {
		return err
	}
	b, found := compiler.Compile(ctx, p.Files, env, opts)
	if err := found.Err(); err != nil {
		return err
	}
	p.report(found)
	all, err := explain(b, path)
	if err != nil {
		return err
	}
	if o.Output == "json" {
		return p.writeJSON(whyReports(b, all))
	}
	return p.write([]byte(whyText(all, diag.TextOptions{Color: p.color(p.OutTerminal)})))
}

// explain explains the path in each object that has it; one must.
func explain(b *bundle.Bundle, path *value.Path) ([]bundle.Explanation, error) {
	var all []bundle.Explanation
	var missing diag.List
	for _, o := range b.Objects {
		e, found := bundle.Explain(o, path)
		if len(found) > 0 {
			missing.Add(found...)
			continue
		}
		all = append(all, e)
	}
	if len(all) == 0 {
		return nil, missing.Sorted()
	}
	return all, nil
}

func whyText(all []bundle.Explanation, opts diag.TextOptions) string {
	var b strings.Builder
	for i, e := range all {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintln(&b, diag.Bold(whyTitle(e), opts))
		if len(e.Steps) == 0 {
			fmt.Fprintln(&b, "\nwhere it comes from is not known: it was given from outside, or made by a native function")
		}
		for _, s := range e.Steps {
			fmt.Fprintf(&b, "\n%s\n%s", diag.Printable(s.Text), diag.Excerpt(s.Span, opts))
		}
		writeMembers(&b, e.Members)
	}
	return b.String()
}

// whyTitle names the value, and shows it where it is short.
func whyTitle(e bundle.Explanation) string {
	title := e.Object.Identity().String()
	if e.Path != nil {
		title += " " + dotted(e.Path)
	}
	return title + ": " + short(e.Value)
}

// dotted writes a path as the command line takes it.
func dotted(path *value.Path) string {
	text := path.String()
	if strings.HasPrefix(text, "[") {
		return text
	}
	return "." + text
}

// short shows a value in a few words.
func short(v value.Value) string {
	switch v.Kind() {
	case value.KindObject:
		return "an object of " + plural(len(v.Fields()), "field")
	case value.KindArray:
		return "a list of " + plural(len(v.Items()), "element")
	}
	const limit = 60
	text := string(emit.AppendJSON(nil, v, emit.Compact))
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	return string([]rune(text)[:limit]) + "..."
}

func writeMembers(b *strings.Builder, members []bundle.Member) {
	if len(members) == 0 {
		return
	}
	paths, values := make([]string, len(members)), make([]string, len(members))
	var first, second int
	for i, m := range members {
		paths[i], values[i] = diag.Printable(dotted(m.Path)), diag.Printable(short(m.Value))
		first = max(first, utf8.RuneCountInString(paths[i]))
		second = max(second, utf8.RuneCountInString(values[i]))
	}
	b.WriteString("\nmembers:\n")
	for i, m := range members {
		line := fmt.Sprintf("  %-*s  %-*s  %s", first, paths[i], second, values[i], memberPlace(m))
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}

func memberPlace(m bundle.Member) string {
	text := ""
	if m.Span.HasPlace() {
		text = diag.Location(m.Span)
	}
	if object.Added(m.Value.Origin()) != "" {
		text = strings.TrimSpace(text + " (set by couplet)")
	}
	return text
}

func whyReports(b *bundle.Bundle, all []bundle.Explanation) []WhyReport {
	reports := make([]WhyReport, len(all))
	for i, e := range all {
		r := WhyReport{
			Environment: b.Environment.Name, Object: e.Object.Identity().String(), Path: e.Path.String(),
			Value: emit.AppendJSON(nil, e.Value, emit.Compact), Steps: []WhyStep{}, Members: []WhyMember{},
		}
		for _, s := range e.Steps {
			r.Steps = append(r.Steps, WhyStep{
				Kind: s.Kind, Text: s.Text, Field: s.Field, Layer: s.Layer, Place: diag.NewPlace(s.Span), Source: firstLine(s.Span),
			})
		}
		for _, m := range e.Members {
			r.Members = append(r.Members, WhyMember{Path: m.Path.String(), Place: diag.NewPlace(m.Span)})
		}
		reports[i] = r
	}
	return reports
}

// firstLine is the line of the source on which a span starts.
func firstLine(s source.Span) string {
	if !s.HasPlace() {
		return ""
	}
	return s.File.Line(s.File.Position(s.Start).Line)
}

// completeWhy completes an environment, then an object of it, then a path in that.
func (p *Process) completeWhy(o *WhyOptions) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
		switch len(args) {
		case 0:
			return p.completeEnvironments(cmd, args, word)
		case 1:
			return p.completeObjects(cmd.Context(), *o, args[0], word), cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveNoFileComp
		}
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
}

func (p *Process) completeObjects(ctx context.Context, o WhyOptions, environment, word string) []string {
	target, field := splitQuery(word)
	opts, err := o.compile(SelectOptions{}, p)
	if err != nil {
		return nil
	}
	opts.Trace, opts.KeepGoing = nil, true
	env, found := p.environment(ctx, environment, opts)
	if found.HasErrors() {
		return nil
	}
	b, _ := compiler.Compile(ctx, p.Files, env, opts)
	if b == nil {
		return nil
	}
	var words []string
	for _, object := range b.Objects {
		name := strings.ToLower(object.Kind()) + "/" + object.Name()
		if field == "" {
			words = append(words, name)
		} else if name == strings.ToLower(target) {
			words = append(words, completePaths(object.Value, target, field)...)
		}
	}
	return words
}

// completePaths gives the members of the value to which a path leads without its last,
// unfinished step.
func completePaths(v value.Value, target, field string) []string {
	path, err := value.ParsePath(field[:max(strings.LastIndexAny(field, ".["), 0)])
	if err != nil {
		return nil
	}
	v, at, whole := v.Follow(path)
	if !whole {
		return nil
	}
	var words []string
	for _, f := range v.Fields() {
		words = append(words, target+":"+dotted(at.Member(f.Name)))
	}
	for i := range v.Items() {
		words = append(words, target+":"+dotted(at.Item(i)))
	}
	return words
}
