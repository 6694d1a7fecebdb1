package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/schema"
	"github.com/couplet-k8s/couplet/schemas"
)

// SchemaOptions choose what schema list and schema show print.
type SchemaOptions struct {
	Kubernetes string
	Query      string
	Output     string
}

// KindReport is one entry of the JSON output of schema list.
type KindReport struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Plural     string `json:"plural"`
	Namespaced bool   `json:"namespaced"`
}

// SchemaReport is the JSON output of schema show.
type SchemaReport struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	// Others are further apiVersions of the kind.
	Others      []string      `json:"others"`
	Path        string        `json:"path"`
	Type        string        `json:"type"`
	Required    bool          `json:"required"`
	Enum        []string      `json:"enum"`
	Description string        `json:"description"`
	Fields      []FieldReport `json:"fields"`
}

// FieldReport is one field of a SchemaReport.
type FieldReport struct {
	Name     string   `json:"name"`
	Type     string   `json:"type"`
	Required bool     `json:"required"`
	Enum     []string `json:"enum"`
	Summary  string   `json:"summary"`
}

func newSchema(p *Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "schema",
		Short: "Look at the schemas of Kubernetes and of couplet.yaml",
		Args:  cobra.ArbitraryArgs,
		RunE:  needsSubcommand,
	}
	cmd.AddCommand(newSchemaList(p), newSchemaShow(p), newSchemaApp(p))
	return cmd
}

func (o *SchemaOptions) bind(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.Kubernetes, "kubernetes", schemas.Newest(), "use the schemas of the Kubernetes `MINOR`")
	_ = cmd.RegisterFlagCompletionFunc("kubernetes", fixed(schemas.Minors()...))
	outputFlag(cmd, &o.Output, "text", "json")
}

func (o *SchemaOptions) catalog() (*schema.Catalog, error) {
	catalog, err := schema.New(o.Kubernetes)
	if err != nil {
		return nil, usageError{
			message: fmt.Sprintf("this build has no schemas of Kubernetes %s", o.Kubernetes),
			hint:    "embedded: " + strings.Join(schemas.Minors(), ", "),
		}
	}
	return catalog, nil
}

func newSchemaList(p *Process) *cobra.Command {
	var o SchemaOptions
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the kinds that have a schema",
		Example: "  couplet schema list",
		Args:    cobra.NoArgs,
		RunE:    func(*cobra.Command, []string) error { return runSchemaList(o, p) },
	}
	o.bind(cmd)
	return cmd
}

func runSchemaList(o SchemaOptions, p *Process) error {
	catalog, err := o.catalog()
	if err != nil {
		return err
	}
	reports := []KindReport{}
	for _, k := range catalog.Kinds() {
		reports = append(reports, KindReport{APIVersion: k.APIVersion(), Kind: k.Kind, Plural: k.Plural, Namespaced: k.Namespaced})
	}
	if o.Output == "json" {
		return p.writeJSON(reports)
	}
	return p.table("APIVERSION\tKIND\tPLURAL\tNAMESPACED", len(reports), func(i int) string {
		r := reports[i]
		return fmt.Sprintf("%s\t%s\t%s\t%t", r.APIVersion, r.Kind, r.Plural, r.Namespaced)
	})
}

func newSchemaShow(p *Process) *cobra.Command {
	var o SchemaOptions
	cmd := &cobra.Command{
		Use:   "show KIND[.PATH]",
		Short: "Explain a kind or one of its fields",
		Long: `Explain a kind, or the field that a path leads to: its type, whether it is required, its
allowed values and what is inside. The kind may be a plural and may carry its group or
apiVersion. A path passes through lists to their elements.`,
		Example: `  couplet schema show deployment.spec.strategy
  couplet schema show pod.spec.containers.ports
  couplet schema show networking.k8s.io/v1/Ingress`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{message: "give one KIND[.PATH]", hint: "`couplet schema list` shows the kinds"}
			}
			return nil
		},
		ValidArgsFunction: completeKinds,
		RunE: func(_ *cobra.Command, args []string) error {
			o.Query = args[0]
			return runSchemaShow(o, p)
		},
	}
	o.bind(cmd)
	return cmd
}

func completeKinds(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	catalog, err := schema.New("")
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for _, k := range catalog.Kinds() {
		names = append(names, strings.ToLower(k.Kind))
	}
	return names, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

func runSchemaShow(o SchemaOptions, p *Process) error {
	catalog, err := o.catalog()
	if err != nil {
		return err
	}
	doc, found := catalog.Show(o.Query)
	if err := found.Err(); err != nil {
		return err
	}
	if o.Output == "json" {
		return p.writeJSON(schemaReport(doc))
	}
	return p.write([]byte(schemaText(doc)))
}

func schemaReport(doc *schema.Doc) SchemaReport {
	r := SchemaReport{
		APIVersion: doc.Kind.APIVersion(), Kind: doc.Kind.Kind, Others: list(doc.Others), Path: doc.Path, Type: doc.Type,
		Required: doc.Required, Enum: list(doc.Enum), Description: doc.Description, Fields: []FieldReport{},
	}
	for _, f := range doc.Fields {
		r.Fields = append(r.Fields, FieldReport{Name: f.Name, Type: f.Type, Required: f.Required, Enum: list(f.Enum), Summary: f.Summary})
	}
	return r
}

// list makes an empty JSON list of a nil one.
func list(words []string) []string {
	if words == nil {
		return []string{}
	}
	return words
}

func schemaText(doc *schema.Doc) string {
	var b strings.Builder
	name := doc.Kind.Kind
	if doc.Path != "" {
		name += "." + doc.Path
	}
	fmt.Fprintf(&b, "%s  %s", name, doc.Type)
	if doc.Required {
		b.WriteString("  required")
	}
	fmt.Fprintf(&b, "\napiVersion: %s\n", doc.Kind.APIVersion())
	if len(doc.Others) > 0 {
		fmt.Fprintf(&b, "also in: %s\n", strings.Join(doc.Others, ", "))
	}
	if len(doc.Enum) > 0 {
		fmt.Fprintf(&b, "one of: %s\n", strings.Join(doc.Enum, ", "))
	}
	if doc.Description != "" {
		b.WriteString("\n" + wrap(doc.Description, 88, "") + "\n")
	}
	for i, f := range doc.Fields {
		if i == 0 {
			b.WriteString("\nFields:\n")
		}
		b.WriteString(fieldText(f))
	}
	return b.String()
}

func fieldText(f schema.FieldDoc) string {
	line := "  " + f.Name + "  " + f.Type
	if f.Required {
		line += "  required"
	}
	if len(f.Enum) > 0 {
		line += "  one of: " + strings.Join(f.Enum, ", ")
	}
	if f.Summary != "" {
		line += "\n" + wrap(f.Summary, 88, "      ")
	}
	return line + "\n"
}

// wrap breaks a text into lines of at most width characters behind an indentation;
// its own line breaks stay.
func wrap(text string, width int, indent string) string {
	var lines []string
	for paragraph := range strings.SplitSeq(text, "\n") {
		line := ""
		for _, word := range strings.Fields(paragraph) {
			if line != "" && len(indent)+len(line)+1+len(word) > width {
				lines, line = append(lines, indent+line), ""
			}
			line = strings.TrimPrefix(line+" "+word, " ")
		}
		lines = append(lines, strings.TrimRight(indent+line, " "))
	}
	return strings.Join(lines, "\n")
}

func newSchemaApp(p *Process) *cobra.Command {
	return &cobra.Command{
		Use:     "app",
		Short:   "Print the JSON Schema of couplet.yaml, for editors",
		Example: "  couplet schema app > couplet.schema.json",
		Args:    cobra.NoArgs,
		RunE:    func(*cobra.Command, []string) error { return p.write([]byte(app.Schema)) },
	}
}
