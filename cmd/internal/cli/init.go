package cli

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/lib"
	"github.com/couplet-k8s/couplet/schemas"
)

// initTemplate is the app that init writes, with NAME and MINOR to be filled in.
//
//go:embed template
var initTemplate embed.FS

// InitOptions choose what init makes.
type InitOptions struct {
	Name string
	Dir  string
}

func newInit(p *Process) *cobra.Command {
	var o InitOptions
	cmd := &cobra.Command{
		Use:   "init NAME",
		Short: "Make a new app",
		Long: `Make a new app in the folder NAME: couplet.yaml, a component, the environments dev and
prod, and a copy of the component library in lib/couplet. Nothing that is there already
is overwritten.`,
		Example: `  couplet init shop
  cd shop && couplet show dev`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("give one name for the app")
			}
			return nil
		},
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(_ *cobra.Command, args []string) error {
			o.Name = args[0]
			return runInit(o, p)
		},
	}
	cmd.Flags().StringVar(&o.Dir, "dir", "", "make it in `DIR` instead of a folder of its name")
	return cmd
}

func runInit(o InitOptions, p *Process) error {
	if o.Dir == "" {
		o.Dir = o.Name
	}
	files := newApp(o.Name)
	// The app's own reader says what is wrong with a name.
	if _, found := app.Parse(source.NewFile(app.FileName, files[app.FileName])); found.HasErrors() {
		return usageError{
			message: fmt.Sprintf("%q cannot be the name of an app", o.Name),
			hint:    "a name has lower-case letters, digits and `-`, at most 63 in all",
		}
	}
	var names []string
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range append([]string{app.FileName}, names...) {
		if _, err := os.Lstat(filepath.Join(o.Dir, name)); err == nil {
			return alreadyThere(path.Join(filepath.ToSlash(o.Dir), name))
		}
	}
	if err := writeNew(o.Dir, names, files); err != nil {
		return err
	}
	return p.write(fmt.Appendf(nil, "made app %s: %s in %s\n", o.Name, plural(len(names), "file"), filepath.ToSlash(o.Dir)))
}

func alreadyThere(name string) diag.List {
	return diag.List{{
		Code: diag.AlreadyThere, Span: source.NewFile(name, "").Whole(),
		Message: fmt.Sprintf("`%s` is there already", name), Hint: "choose another name, or --dir",
	}}
}

// newApp gives the files of a new app by name.
func newApp(name string) map[string]string {
	files := map[string]string{}
	add := func(fsys fs.FS, root, to string) {
		_ = fs.WalkDir(fsys, root, func(p string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			text, err := fs.ReadFile(fsys, p)
			files[path.Join(to, strings.TrimPrefix(p, root+"/"))] = string(text)
			return err
		})
	}
	add(initTemplate, "template", ".")
	add(lib.Files, "couplet", "lib/couplet")
	fill := strings.NewReplacer("NAME", name, "MINOR", schemas.Newest())
	files[app.FileName] = fill.Replace(files[app.FileName])
	return files
}

// writeNew writes couplet.yaml last, so that an interrupted init leaves no app.
func writeNew(dir string, names []string, files map[string]string) error {
	names = slices.DeleteFunc(names, func(name string) bool { return name == app.FileName })
	for _, name := range append(names, app.FileName) {
		target := filepath.Join(dir, name)
		if err := makeDir(filepath.Dir(target)); err != nil {
			return err
		}
		if err := writeFile(target, []byte(files[name])); err != nil {
			return err
		}
	}
	return nil
}
