package cli

import (
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/eval/gojsonnet"
	"github.com/couplet-k8s/couplet/compiler/source"
)

// FmtOptions choose what fmt does.
type FmtOptions struct {
	Paths []string
	Test  bool
}

func newFmt(p *Process) *cobra.Command {
	var o FmtOptions
	cmd := &cobra.Command{
		Use:   "fmt PATH...",
		Short: "Format jsonnet files in place",
		Long: `Bring jsonnet files into the canonical form of go-jsonnet's formatter, in place. Of a
folder every .jsonnet and .libsonnet file is taken, those below vendor and hidden
folders excepted. "-" formats standard input to standard output.

The files that were changed are listed.`,
		Example: `  couplet fmt .
  couplet fmt --test .       # change nothing, fail if there is something to change
  couplet fmt - < web.jsonnet`,
		Args: atLeastOnePath,
		RunE: func(_ *cobra.Command, args []string) error {
			o.Paths = args
			return runFmt(o, p)
		},
	}
	cmd.Flags().BoolVar(&o.Test, "test", false, "change nothing; fail where something would be changed")
	return cmd
}

func atLeastOnePath(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usageError{message: "give files or folders", hint: "`.` takes the whole working folder"}
	}
	return nil
}

func runFmt(o FmtOptions, p *Process) error {
	if slices.Contains(o.Paths, "-") {
		if len(o.Paths) > 1 {
			return usagef("- stands alone: standard input cannot be formatted together with files")
		}
		return p.fmtInput(o)
	}
	files, found := p.jsonnetFiles(o.Paths)
	var changed strings.Builder
	for _, f := range files {
		text, problems := gojsonnet.Format(f)
		found.Add(problems...)
		if problems.HasErrors() || text == f.Text() {
			continue
		}
		if o.Test {
			found.Add(notFormatted(f))
			continue
		}
		if err := writeFile(f.Name(), []byte(text)); err != nil {
			found.Add(diag.AsList(err)...)
			continue
		}
		changed.WriteString(f.Name() + "\n")
	}
	if err := p.write([]byte(changed.String())); err != nil {
		return err
	}
	return found.Err()
}

func notFormatted(f *source.File) diag.Diagnostic {
	return diag.Diagnostic{
		Code: diag.NotFormatted, Span: f.Whole(),
		Message: fmt.Sprintf("`%s` is not formatted", f.Name()), Hint: "run `couplet fmt " + f.Name() + "`",
	}
}

func (p *Process) fmtInput(o FmtOptions) error {
	text, err := io.ReadAll(p.In)
	if err != nil {
		return diag.List{{Code: diag.Unreadable, Message: "cannot read standard input: " + source.Reason(err)}}
	}
	f := source.NewFile("<stdin>", string(text))
	formatted, found := gojsonnet.Format(f)
	if err := found.Err(); err != nil {
		return err
	}
	if o.Test {
		if formatted != f.Text() {
			return diag.List{notFormatted(f)}
		}
		return nil
	}
	return p.write([]byte(formatted))
}

// jsonnetFiles lists the jsonnet files that paths name, each once, in order.
func (p *Process) jsonnetFiles(paths []string) ([]*source.File, diag.List) {
	var names []string
	var found diag.List
	for _, arg := range paths {
		info, err := p.Files.FS().Stat(arg)
		switch {
		case err != nil && source.IsMissing(err):
			found.Add(diag.Diagnostic{Code: diag.NotFound, Message: fmt.Sprintf("there is no file or folder `%s`", arg)})
		case err != nil:
			found.Add(diag.CannotRead(arg, err))
		case info.IsDir():
			p.walkJsonnet(path.Clean(arg), &names, &found)
		default:
			names = append(names, path.Clean(arg))
		}
	}
	slices.Sort(names)
	var files []*source.File
	for _, name := range slices.Compact(names) {
		f, err := p.Files.Load(name)
		if err != nil {
			found.Add(diag.CannotRead(name, err))
			continue
		}
		files = append(files, f)
	}
	return files, found
}

func (p *Process) walkJsonnet(dir string, names *[]string, found *diag.List) {
	entries, err := p.Files.FS().ReadDir(dir)
	if err != nil {
		found.Add(diag.CannotRead(dir, err))
		return
	}
	for _, e := range entries {
		name := path.Join(dir, e.Name())
		switch {
		case strings.HasPrefix(e.Name(), ".") || e.Name() == "vendor":
		case e.IsDir():
			p.walkJsonnet(name, names, found)
		case path.Ext(name) == ".jsonnet" || path.Ext(name) == ".libsonnet":
			*names = append(*names, name)
		}
	}
}
