package eval

import (
	"context"
	"errors"

	"github.com/couplet-k8s/couplet/compiler/diag"
)

// ErrStackExhausted is the cause with which a process cancels evaluations whose stacks
// grow without end.
var ErrStackExhausted = errors.New("the evaluation uses up the stack")

// Stopped is the error of an evaluation whose context ended.
func Stopped(ctx context.Context) diag.Diagnostic {
	if errors.Is(context.Cause(ctx), ErrStackExhausted) {
		return diag.Diagnostic{
			Code: diag.StackLimit, Message: "the evaluation nests without end, or deeper than 1 GB of stack can hold",
			Hint: "look for a function that calls itself without end, and for text that nests brackets or operators by the thousands",
		}
	}
	return diag.Diagnostic{Code: diag.EvalStopped, Message: "the evaluation was interrupted"}
}
