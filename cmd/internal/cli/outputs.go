package cli

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/couplet-k8s/couplet/compiler/diag"
)

// output is a form of a report, and the file that it goes to; "" is standard output.
type output struct{ form, file string }

// outputs are several forms at once: -o text -o sarif=report.sarif.
type outputs struct {
	forms []string
	list  []output
}

// outputsFlag declares a -o that may be given several times; the first form is the default.
func outputsFlag(cmd *cobra.Command, to *outputs, forms ...string) {
	to.forms = forms
	cmd.Flags().VarP(to, "output", "o", "print as `FORM`, or with FORM=FILE write a file: "+strings.Join(forms, ", ")+"; may be given several times")
	_ = cmd.RegisterFlagCompletionFunc("output", fixed(forms...))
}

// String implements pflag.Value.
func (o *outputs) String() string {
	if len(o.list) == 0 && len(o.forms) > 0 {
		return o.forms[0]
	}
	var texts []string
	for _, out := range o.list {
		texts = append(texts, strings.TrimSuffix(out.form+"="+out.file, "="))
	}
	return strings.Join(texts, ",")
}

// Type implements pflag.Value.
func (o *outputs) Type() string { return "FORM" }

// Set implements pflag.Value.
func (o *outputs) Set(text string) error {
	form, file, named := strings.Cut(text, "=")
	switch {
	case !slices.Contains(o.forms, form):
		return fmt.Errorf("it takes %s, not %q%s", strings.Join(o.forms, ", "), form, hinted(diag.DidYouMean(form, o.forms)))
	case named && file == "":
		return fmt.Errorf("%q names no file", text)
	case !named && slices.ContainsFunc(o.list, func(out output) bool { return out.file == "" }):
		return fmt.Errorf("one form goes to standard output: give the others files, as in %s=FILE", form)
	}
	o.list = append(o.list, output{form, file})
	return nil
}

func hinted(hint string) string {
	if hint == "" {
		return ""
	}
	return "; " + hint
}

// all are the outputs that are wanted: the default one where none is named.
func (o *outputs) all() []output {
	if len(o.list) == 0 {
		return []output{{form: o.forms[0]}}
	}
	return o.list
}

// writeOutput writes a report where it is to go: a file whole or not at all.
func (p *Process) writeOutput(out output, write func(io.Writer) error) error {
	if out.file == "" {
		return p.writeBy(write)
	}
	var text bytes.Buffer
	if err := write(&text); err != nil {
		return err
	}
	return writeFile(out.file, text.Bytes())
}
