package cli

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// EvalOptions are the jsonnet command's flags.
type EvalOptions struct {
	JsonnetOptions
	Input             string
	Exec              bool
	OutputFile        string
	Multi             string
	CreateDirs        bool
	String            bool
	YAMLStream        bool
	MaxStack          int
	MaxTrace          int
	NoTrailingNewline bool
	// multi tells whether -m was given, be it with an empty folder.
	multi, outputFile bool
}

func newEval(p *Process) *cobra.Command {
	var o EvalOptions
	cmd := &cobra.Command{
		Use:   "eval FILE",
		Short: "Evaluate plain jsonnet, like the jsonnet command",
		Long: `Evaluate a jsonnet file, or standard input for "-", and print its value as JSON. It takes
the flags of the jsonnet command and gives its output and exit codes byte for byte;
only the error messages are couplet's. JSONNET_PATH is honoured.`,
		Example: `  couplet eval -J vendor example.jsonnet
  couplet eval -e '{ answer: 6 * 7 }'
  couplet eval -m out -c example.jsonnet      # one file per field`,
		Args: func(_ *cobra.Command, args []string) error {
			what := "file"
			if o.Exec {
				what = "piece of code"
			}
			if len(args) != 1 {
				return usagef("give one %s to evaluate, not %d", what, len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Input = args[0]
			o.multi = cmd.Flags().Changed("multi")
			o.outputFile = cmd.Flags().Changed("output-file")
			return runEval(cmd.Context(), o, p)
		},
	}
	o.bindProgram(cmd, p)
	f := cmd.Flags()
	f.BoolVarP(&o.Exec, "exec", "e", false, "take the argument as code")
	f.StringVarP(&o.OutputFile, "output-file", "o", "", "write to `FILE` instead of standard output")
	f.StringVarP(&o.Multi, "multi", "m", "", "write each field of the value to a file in `DIR`, and list the files")
	f.BoolVarP(&o.CreateDirs, "create-output-dirs", "c", false, "make missing folders of output files")
	f.BoolVarP(&o.String, "string", "S", false, "expect a string and print it as plain text")
	f.BoolVarP(&o.YAMLStream, "yaml-stream", "y", false, "expect an array and print a YAML stream of JSON documents")
	o.MaxStack, o.MaxTrace = 500, 20
	f.VarP((*decimalFlag)(&o.MaxStack), "max-stack", "s", "allow `N` stack frames")
	f.VarP((*decimalFlag)(&o.MaxTrace), "max-trace", "t", "show `N` frames of a trace; 0 shows all")
	f.BoolVar(&o.NoTrailingNewline, "no-trailing-newline", false, "print no newline at the end")
	return cmd
}

// decimalFlag is a number as jsonnet reads it: pflag's own would take 010 for 8, and
// 0x10 or 1_000 at all.
type decimalFlag int

// String implements pflag.Value.
func (d *decimalFlag) String() string { return strconv.Itoa(int(*d)) }

// Type implements pflag.Value.
func (d *decimalFlag) Type() string { return "int" }

// Set implements pflag.Value.
func (d *decimalFlag) Set(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil {
		return fmt.Errorf("%q is not a whole number", text)
	}
	*d = decimalFlag(n)
	return nil
}

func (o *EvalOptions) check() error {
	switch {
	case o.YAMLStream && o.NoTrailingNewline:
		return usagef("--no-trailing-newline and --yaml-stream exclude each other")
	case o.MaxStack < 1:
		return usagef("--max-stack takes a number from 1, not %d", o.MaxStack)
	case o.MaxTrace < 0:
		return usagef("--max-trace takes a number from 0, not %d", o.MaxTrace)
	case o.multi && o.Multi == "":
		return usagef("-m takes a folder")
	case o.outputFile && o.OutputFile == "":
		return usagef("-o takes a file")
	case slices.Contains(o.SearchPath, ""):
		return usagef("-J takes a folder")
	}
	return nil
}

func runEval(ctx context.Context, o EvalOptions, p *Process) error {
	if err := o.check(); err != nil {
		return err
	}
	engine, err := o.engine()
	if err != nil {
		return err
	}
	program, err := o.program(p)
	if err != nil {
		return err
	}
	out, found := eval.Texts(ctx, engine, program, eval.Form{Multi: o.multi, Stream: o.YAMLStream, String: o.String && !o.YAMLStream})
	if found.HasErrors() {
		return o.failed(found, p)
	}
	return o.print(out, program, p)
}

// failed shows errors with as many frames as -t asks for.
func (o *EvalOptions) failed(found diag.List, p *Process) error {
	opts := diag.TextOptions{Color: p.color(p.ErrTerminal), Frames: o.MaxTrace}
	if opts.Frames == 0 {
		opts.Frames = math.MaxInt
	}
	_ = diag.WriteText(p.Err, found, opts)
	return errSilent
}

func (o *EvalOptions) program(p *Process) (*eval.Program, error) {
	program := &eval.Program{
		Files: p.Files, ExtVars: o.ExtVars, TLAs: o.TLAs, MaxStack: o.MaxStack, Trace: p.Err,
		SearchPath: slices.Clone(o.SearchPath),
	}
	slices.Reverse(program.SearchPath)
	for i, dir := range program.SearchPath {
		program.SearchPath[i] = filepath.ToSlash(dir)
	}
	if list, ok := p.Getenv("JSONNET_PATH"); ok {
		program.SearchPath = append(program.SearchPath, filepath.SplitList(filepath.ToSlash(list))...)
	}
	switch {
	case o.Exec:
		program.Snippet = source.NewFile("<cmdline>", o.Input)
	case o.Input == "-":
		text, err := io.ReadAll(p.In)
		if err != nil {
			return nil, diag.List{{Code: diag.Unreadable, Message: "cannot read standard input: " + source.Reason(err)}}
		}
		program.Snippet = source.NewFile("<stdin>", string(text))
	default:
		program.Entry = filepath.ToSlash(o.Input)
		if _, err := p.Files.Load(program.Entry); err != nil {
			return nil, diag.List{diag.CannotRead(o.Input, err)}
		}
	}
	return program, nil
}

func (o *EvalOptions) print(out eval.Output, program *eval.Program, p *Process) error {
	wrong := func(format string, args ...any) error {
		name := program.Entry
		if program.Snippet != nil {
			name = program.Snippet.Name()
		}
		return diag.List{{Code: diag.OutputForm, Span: source.NewFile(name, "").Whole(), Message: fmt.Sprintf(format, args...)}}
	}
	switch {
	case o.multi:
		return o.printMulti(out, wrong, p)
	case o.YAMLStream && out.Kind != value.KindArray:
		return wrong("-y wants an array of documents, found %s", a(out.Kind))
	case o.YAMLStream:
		return o.writeOut(stream(out.Texts), false, p)
	case o.String && out.Kind != value.KindString:
		return wrong("-S wants a string, found %s", a(out.Kind))
	}
	return o.writeOut(o.file(out.Texts[0]), o.CreateDirs, p)
}

// stream is a YAML stream of JSON documents.
func stream(docs []eval.Text) [][]byte {
	var parts [][]byte
	for _, doc := range docs {
		parts = append(parts, []byte("---\n"))
		parts = append(parts, doc.Parts...)
		parts = append(parts, []byte("\n"))
	}
	if len(docs) > 0 {
		parts = append(parts, []byte("...\n"))
	}
	return parts
}

// a is a kind with its article.
func a(k value.Kind) string {
	switch k {
	case value.KindArray, value.KindObject:
		return "an " + k.String()
	case value.KindNull:
		return "null"
	}
	return "a " + k.String()
}

// file is a text with the newline at its end.
func (o *EvalOptions) file(t eval.Text) [][]byte {
	if o.NoTrailingNewline {
		return t.Parts
	}
	return append(t.Parts, []byte("\n"))
}

func (o *EvalOptions) writeOut(parts [][]byte, createDirs bool, p *Process) error {
	if o.OutputFile == "" {
		return p.write(parts...)
	}
	text := slices.Concat(parts...)
	if createDirs {
		if err := makeDir(filepath.Dir(o.OutputFile)); err != nil {
			return err
		}
	}
	if info, err := os.Lstat(o.OutputFile); err != nil || !info.Mode().IsRegular() {
		return writeFile(o.OutputFile, text)
	}
	root, err := os.OpenRoot(filepath.Dir(o.OutputFile))
	if err != nil {
		return writeFailed(o.OutputFile, err)
	}
	defer func() { _ = root.Close() }()
	if err := replaceIn(root, filepath.Base(o.OutputFile), text); err != nil {
		return writeFailed(o.OutputFile, err)
	}
	return nil
}
