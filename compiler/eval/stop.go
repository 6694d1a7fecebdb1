package eval

import (
	"context"
	"errors"

	"github.com/couplet-k8s/couplet/compiler/diag"
)

// ErrStackExhausted is the cause with which a process cancels evaluations whose stacks
// grow without end.
var ErrStackExhausted = errors.New("the evaluation uses up the stack")

// ErrMemoryExhausted is the cause with which a process cancels evaluations that take
// more memory than it may.
var ErrMemoryExhausted = errors.New("the evaluation uses up the memory")

// Stopped is the error of an evaluation whose context ended.
func Stopped(ctx context.Context) diag.Diagnostic {
	if errors.Is(context.Cause(ctx), ErrStackExhausted) {
		return diag.Diagnostic{
			Code: diag.StackLimit, Message: "the evaluation nests without end, or deeper than 1 GB of stack can hold",
			Hint: "look for a function that calls itself without end, and for text that nests brackets or operators by the thousands",
		}
	}
	if errors.Is(context.Cause(ctx), ErrMemoryExhausted) {
		return diag.Diagnostic{
			Code: diag.EvalBudget, Message: "the evaluation takes more memory than it may",
			Hint: "look for data that doubles again and again, or raise --max-memory",
		}
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return diag.Diagnostic{
			Code: diag.EvalBudget, Message: "the evaluation takes longer than it may",
			Hint: "look for a loop that does not end, or raise --timeout",
		}
	}
	return diag.Diagnostic{Code: diag.EvalStopped, Message: "the evaluation was interrupted"}
}
