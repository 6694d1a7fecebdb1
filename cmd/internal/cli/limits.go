package cli

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/couplet-k8s/couplet/compiler/eval"
)

// Limits bound what an evaluation may use up. No real program meets the defaults.
type Limits struct {
	MaxStack  int
	MaxSteps  int
	MaxBytes  sizeFlag
	MaxMemory sizeFlag
	Timeout   time.Duration
}

// defaultMaxMemory is far above what real programs take, and below what a machine has
// on which they are run.
const defaultMaxMemory = 8 << 30

// bindLimits declares the budgets, and a limit for the time that the command takes.
func (l *Limits) bindLimits(cmd *cobra.Command, p *Process) {
	l.bindBudgets(cmd, p)
	cmd.Flags().DurationVar(&l.Timeout, "timeout", 0, "stop after `TIME`, such as 30s; 0 means never")
}

// bindBudgets declares the budgets of an evaluation.
func (l *Limits) bindBudgets(cmd *cobra.Command, p *Process) {
	f := cmd.Flags()
	l.MaxBytes, l.MaxMemory = eval.DefaultMaxBytes, defaultMaxMemory
	f.IntVar(&l.MaxStack, "max-stack", eval.DefaultMaxStack, "allow `N` stack frames")
	f.IntVar(&l.MaxSteps, "max-steps", eval.DefaultMaxSteps, "allow `N` calls and suspended expressions")
	f.Var(&l.MaxBytes, "max-bytes", "allow strings and arrays of `SIZE`")
	f.Var(&l.MaxMemory, "max-memory", "allow the process to hold `SIZE` of data")
	check := cmd.PreRunE
	cmd.PreRunE = func(cmd *cobra.Command, args []string) error {
		if l.MaxStack < 1 || l.MaxSteps < 1 {
			return usagef("--max-stack and --max-steps take numbers from 1")
		}
		if l.Timeout < 0 {
			return usagef("--timeout takes a time from 0, not %s", l.Timeout)
		}
		if p.memory != nil {
			p.memory.Store(uint64(l.MaxMemory))
		}
		if l.Timeout > 0 {
			ctx, cancel := context.WithTimeout(cmd.Context(), l.Timeout)
			context.AfterFunc(ctx, cancel)
			cmd.SetContext(ctx)
		}
		if check != nil {
			return check(cmd, args)
		}
		return nil
	}
}

// sizeFlag is a number of bytes, which may be written with a unit.
type sizeFlag int

var sizeUnits = []struct {
	suffix string
	size   int
}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"", 1}}

// String implements pflag.Value.
func (s *sizeFlag) String() string {
	for _, u := range sizeUnits {
		if int(*s) >= u.size && int(*s)%u.size == 0 {
			return strconv.Itoa(int(*s)/u.size) + u.suffix
		}
	}
	return strconv.Itoa(int(*s))
}

// Type implements pflag.Value.
func (s *sizeFlag) Type() string { return "SIZE" }

// Set implements pflag.Value.
func (s *sizeFlag) Set(text string) error {
	for _, u := range sizeUnits {
		digits, ok := strings.CutSuffix(text, u.suffix)
		if !ok {
			continue
		}
		n, err := strconv.Atoi(digits)
		if err != nil || n < 1 || n > 1<<62/u.size {
			break
		}
		*s = sizeFlag(n * u.size)
		return nil
	}
	return fmt.Errorf("%q is not a size such as 512MiB or 4GiB", text)
}
