package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/spf13/cobra"

	"github.com/couplet-k8s/couplet/compiler/diag"
)

// ExplainReport is the JSON output of explain.
type ExplainReport struct {
	Codes []ExplainedCode `json:"codes"`
}

// ExplainedCode is one code.
type ExplainedCode struct {
	Code    string `json:"code"`
	Title   string `json:"title"`
	Explain string `json:"explain"`
	// Example is a txtar archive: a command line, and the files of its folder.
	Example string `json:"example,omitempty"`
}

// ExplainOptions choose the form of explain.
type ExplainOptions struct{ Output string }

func newExplain(p *Process) *cobra.Command {
	var o ExplainOptions
	cmd := &cobra.Command{
		Use:   "explain CODE",
		Short: "Explain the code of a diagnostic, with an example",
		Long: `Explain what a code such as CP5003 means, why it is reported and what to do, with an
example that produces it. Without a code, list all.`,
		Example: `  couplet explain CP5003
  couplet explain`,
		Args: cobra.MaximumNArgs(1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var names []string
			for _, info := range diag.Codes() {
				names = append(names, string(info.Code)+"\t"+info.Title)
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error { return runExplain(o, args, p) },
	}
	outputFlag(cmd, &o.Output, "text", "json")
	return cmd
}

func runExplain(o ExplainOptions, args []string, p *Process) error {
	codes := diag.Codes()
	if len(args) == 1 {
		i := slices.IndexFunc(codes, func(info diag.Info) bool { return strings.EqualFold(string(info.Code), args[0]) })
		if i < 0 {
			var names []string
			for _, info := range codes {
				names = append(names, string(info.Code))
			}
			return usageError{message: fmt.Sprintf("there is no code `%s`", args[0]), hint: cmp.Or(diag.DidYouMean(strings.ToUpper(args[0]), names), "`couplet explain` lists all")}
		}
		if o.Output == "json" {
			return p.writeJSON(explainReport(codes[i : i+1]))
		}
		return p.write([]byte(p.explanation(codes[i])))
	}
	if o.Output == "json" {
		return p.writeJSON(explainReport(codes))
	}
	var text strings.Builder
	for _, info := range codes {
		fmt.Fprintf(&text, "%s  %s\n", info.Code, info.Title)
	}
	return p.write([]byte(text.String()))
}

func explainReport(codes []diag.Info) ExplainReport {
	r := ExplainReport{Codes: make([]ExplainedCode, len(codes))}
	for i, info := range codes {
		r.Codes[i] = ExplainedCode{Code: string(info.Code), Title: info.Title, Explain: info.Explain, Example: info.Example}
	}
	return r
}

// explanation is the text about a code.
func (p *Process) explanation(info diag.Info) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n%s\n", diag.Bold(fmt.Sprintf("%s: %s", info.Code, info.Title), diag.TextOptions{Color: p.color(p.OutTerminal)}), wrapped(info.Explain))
	if info.Example == "" {
		return b.String()
	}
	archive := txtar.Parse([]byte(info.Example))
	b.WriteString("\nFor example, with")
	for i, f := range archive.Files {
		if i > 0 {
			b.WriteString("and")
		}
		fmt.Fprintf(&b, " %s:\n\n%s\n", f.Name, indented(string(f.Data)))
	}
	if len(archive.Files) == 0 {
		b.WriteString(":\n\n")
	} else {
		b.WriteString("this gives it:\n\n")
	}
	b.WriteString(indented("$ " + string(archive.Comment)))
	return b.String()
}

// wrapped breaks a text into lines of at most 88 characters.
func wrapped(text string) string {
	const most = 88
	var b strings.Builder
	length := 0
	for word := range strings.FieldsSeq(text) {
		switch {
		case length == 0:
		case length+1+len(word) > most:
			b.WriteByte('\n')
			length = 0
		default:
			b.WriteByte(' ')
			length++
		}
		b.WriteString(word)
		length += len(word)
	}
	return b.String()
}

func indented(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString("    " + line)
	}
	return b.String()
}
