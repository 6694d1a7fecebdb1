package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/couplet-k8s/couplet/cmd/internal/cluster"
	"github.com/couplet-k8s/couplet/compiler"
	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/source"
)

// The exit codes.
const (
	exitDone        = 0
	exitDiagnostics = 1
	exitUsage       = 2
	exitDifferent   = 3
)

// errDifferent ends a command that found differences.
var errDifferent = errors.New("differences found")

// errSilent ends a command that failed and has already said why.
var errSilent = errors.New("failed")

// usageError is a mistake in the command line.
type usageError struct{ message, hint string }

func (e usageError) Error() string { return e.message }

func usagef(format string, args ...any) error {
	return usageError{message: fmt.Sprintf(format, args...)}
}

// Process is what a command sees of the process that it runs in.
type Process struct {
	In       io.Reader
	Out, Err io.Writer
	// Dir is the working folder, absolute and slash-separated.
	Dir string
	// Getenv looks up an environment variable.
	Getenv func(name string) (string, bool)
	// InTerminal, OutTerminal and ErrTerminal tell whether In, Out and Err are terminals.
	InTerminal, OutTerminal, ErrTerminal bool
	// Color is --color: auto, always or never.
	Color string
	// Files is the disk with the embedded library.
	Files *source.Set
	// CacheDir is where results are kept unless the environment says otherwise; "" keeps none.
	CacheDir string
	// Companion is the path of couplet-admit; "" where it is to be looked for.
	Companion string
	// Connect reaches clusters; nil in the program couplet, which leaves that to
	// kubectl-couplet: see delegate.
	Connect Connector
	// Kubectl is set where kubectl runs couplet as its plugin: usage says `kubectl couplet`,
	// and the exit codes are kubectl's.
	Kubectl bool

	args   []string       // the command line, for delegate; nil where it is not the process's own
	memory *atomic.Uint64 // bytes that the process may hold; nil where nobody watches
	lines  *bufio.Reader  // In, once answers are read from it
}

// Connector reaches clusters.
type Connector = func(context.Context, cluster.ConnectOptions) (cluster.Server, error)

// Main runs couplet with the process's arguments and gives its exit code. Without a
// connector, commands that reach clusters are left to the program kubectl-couplet.
func Main(connect Connector) int {
	deepen(0)
	tuneMemory(os.LookupEnv)
	dir, err := os.Getwd()
	if err != nil {
		fmt.Fprintln(os.Stderr, "error: the working folder cannot be found:", err)
		return exitDiagnostics
	}
	p := &Process{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		Dir: filepath.ToSlash(dir), Getenv: os.LookupEnv,
		InTerminal:  term.IsTerminal(int(os.Stdin.Fd())),
		OutTerminal: term.IsTerminal(int(os.Stdout.Fd())), ErrTerminal: term.IsTerminal(int(os.Stderr.Fd())),
		Files: compiler.Files(source.Disk{}), Connect: connect, Kubectl: isPlugin(os.Args[0]), args: os.Args[1:],
	}
	if connect != nil {
		if err := p.called(); err != nil {
			return p.finish(&cobra.Command{}, err)
		}
	}
	if dir, err := os.UserCacheDir(); err == nil {
		p.CacheDir = filepath.Join(dir, "couplet")
	}
	p.memory = new(atomic.Uint64)
	p.memory.Store(defaultMaxMemory)
	ctx, release := guard(context.Background(), p.memory)
	defer release()
	p.In = interruptible{ctx, p.In}
	return Run(ctx, p, os.Args[1:])
}

// Run runs one command line.
func Run(ctx context.Context, p *Process, args []string) int {
	root := newRoot(p, requested(args))
	root.SetArgs(args)
	cmd, err := root.ExecuteContextC(ctx)
	return p.finish(cmd, err)
}

// commands makes each command, by its name.
var commands = map[string]func(p *Process) *cobra.Command{
	"explain": newExplain, "init": newInit, "show": newShow, "why": newWhy, "profile": newProfile, "export": newExport, "validate": newValidate, "diff": newDiff,
	"eval": newEval, "env": newEnv, "component": newComponent, "schema": newSchema, "fmt": newFmt, "lint": newLint,
	"cache": newCache, "version": newVersion,
	"apply": newApply, "delete": newDelete, "status": newStatus, "drift": newDrift, "history": newHistory, "rollback": newRollback, "undo": newUndo, "rbac": newRBAC,
}

// requested is the command that a command line starts with; "" where all are needed to
// tell, for help or completion.
func requested(args []string) string {
	if len(args) == 0 || commands[args[0]] == nil {
		return ""
	}
	return args[0]
}

// NewRoot makes the command tree.
func NewRoot(p *Process) *cobra.Command { return newRoot(p, "") }

// newRoot makes the command tree with one command, or with all of them: making a
// command's flags takes longer than a small evaluation.
func newRoot(p *Process, only string) *cobra.Command {
	root := &cobra.Command{
		Use:   "couplet",
		Short: "Compile jsonnet component libraries to Kubernetes manifests",
		Long: `couplet compiles jsonnet to Kubernetes YAML, one environment at a time, and checks
the result against the schemas of the environment's Kubernetes version, and by the API
server's own rules. That works offline. Commands that name a cluster's business, such as
apply, reach the cluster that the environment is pinned to. Trees of Tanka and plain
jsonnet, YAML or JSON files are read as they are.`,
		Example: `  couplet init shop          # a new app in the folder shop
  couplet show dev           # the YAML of one environment
  couplet validate --all     # check all environments
  couplet diff --base main   # what this branch changes, in every environment
  couplet diff prod          # what an apply would change on the cluster
  couplet apply prod         # change it, after a question`,
		PersistentPreRunE: func(*cobra.Command, []string) error { return p.checkColor() },
		SilenceErrors:     true,
		SilenceUsage:      true,
	}
	root.SetOut(p.Out)
	root.SetErr(p.Err)
	root.SetIn(p.In)
	root.PersistentFlags().StringVar(&p.Color, "color", "auto", "when to colour `WHEN`: auto, always or never")
	_ = root.RegisterFlagCompletionFunc("color", fixed("auto", "always", "never"))
	root.SetFlagErrorFunc(flagError)
	if only != "" {
		root.AddCommand(commands[only](p))
	} else {
		p.addAll(root)
	}
	if p.Kubectl {
		p.spell(root)
	}
	return root
}

// addAll adds all commands. kubectl has a completion command of its own, which asks its
// plugins.
func (p *Process) addAll(root *cobra.Command) {
	for _, name := range slices.Sorted(maps.Keys(commands)) {
		root.AddCommand(commands[name](p))
	}
	if root.CompletionOptions.DisableDefaultCmd = p.Kubectl; p.Kubectl {
		return
	}
	root.InitDefaultCompletionCmd()
	if completion, _, err := root.Find([]string{"completion"}); err == nil {
		completion.Args, completion.RunE = cobra.ArbitraryArgs, needsSubcommand
	}
}

// finish prints what a command ended with and gives the exit code.
func (p *Process) finish(cmd *cobra.Command, err error) int {
	code := exitDone
	var usage usageError
	var ended exitError
	switch found := diag.AsList(err); {
	case err == nil:
	case errors.As(err, &ended):
		return int(ended)
	case errors.Is(err, errDifferent):
		code = exitDifferent
	case errors.Is(err, errSilent):
		code = exitDiagnostics
	case found != nil:
		p.report(found)
		code = exitDiagnostics
	case errors.As(err, &usage):
		p.usage(cmd, usage.message, usage.hint)
		code = exitUsage
	default:
		p.usage(cmd, err.Error(), "")
		code = exitUsage
	}
	return p.exitCode(cmd.Name(), code)
}

// exitCode gives a command's code to whoever runs it.
func (p *Process) exitCode(command string, code int) int {
	switch {
	case command == "eval" && code == exitUsage:
		return exitDiagnostics
	case p.Kubectl:
		return kubectlExitCode(command, code)
	}
	return code
}

// usage prints a mistake in the command line. cobra's messages for unknown commands
// have several lines; the last ones are its suggestions.
func (p *Process) usage(cmd *cobra.Command, message, hint string) {
	message, suggestion, _ := strings.Cut(message, "\n")
	fmt.Fprintf(p.Err, "error: %s\n", message)
	if hint == "" && suggestion != "" {
		hint = "did you mean `" + strings.Join(strings.Fields(suggestion)[min(4, len(strings.Fields(suggestion))):], "`, `") + "`?"
	}
	if hint != "" {
		fmt.Fprintf(p.Err, "hint: %s\n", p.spelled(hint))
	}
	fmt.Fprintf(p.Err, "run `%s --help` for usage\n", cmd.CommandPath())
}

// flagError suggests the flag that a misspelt one most likely meant.
func flagError(cmd *cobra.Command, err error) error {
	usage := usageError{message: err.Error()}
	if name, ok := strings.CutPrefix(usage.message, "unknown flag: --"); ok {
		var known []string
		cmd.Flags().VisitAll(func(f *flag) { known = append(known, f.Name) })
		if near := diag.Suggest(name, known); near != "" {
			usage.hint = "did you mean `--" + near + "`?"
		}
		if hint := unserved[name]; hint != "" && slices.Contains(known, "kubeconfig") {
			usage.hint = hint
		}
	}
	return usage
}

// report prints findings to the error stream.
func (p *Process) report(found diag.List) {
	if p.Kubectl {
		found = slices.Clone(found)
		for i := range found {
			found[i].Hint = p.spelled(found[i].Hint)
		}
	}
	_ = diag.WriteText(p.Err, found, diag.TextOptions{Color: p.color(p.ErrTerminal)})
}

// color tells whether to colour a stream: --color, or else NO_COLOR (no-color.org),
// TERM=dumb, and whether it is a terminal.
func (p *Process) color(terminal bool) bool {
	switch p.Color {
	case "always":
		return true
	case "never":
		return false
	}
	noColor, _ := p.Getenv("NO_COLOR")
	dumb, _ := p.Getenv("TERM")
	return terminal && noColor == "" && dumb != "dumb"
}

func (p *Process) checkColor() error {
	switch p.Color {
	case "auto", "always", "never":
		return nil
	}
	return usagef("--color takes auto, always or never, not %q", p.Color)
}

func (p *Process) finder() app.Finder { return app.Finder{Files: p.Files, Dir: p.Dir} }

// write sends text to the output stream.
func (p *Process) write(parts ...[]byte) error {
	return p.writeBy(func(w io.Writer) error {
		for _, part := range parts {
			if _, err := w.Write(part); err != nil {
				return err
			}
		}
		return nil
	})
}

// writeBy has the output stream written to. Who reads it may have had enough.
func (p *Process) writeBy(write func(io.Writer) error) error {
	switch err := write(p.Out); {
	case err == nil, errors.Is(err, syscall.EPIPE):
		return nil
	default:
		return diag.List{{Code: diag.WriteFailed, Message: "cannot write the output: " + source.Reason(err)}}
	}
}
