package cli

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
)

// TestInterruptible reads what comes, and does not wait for more than an interruption.
func TestInterruptible(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	text, err := io.ReadAll(interruptible{ctx, strings.NewReader("an answer\n")})
	if string(text) != "an answer\n" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
	silent, _ := io.Pipe()
	var said strings.Builder
	p := &Process{In: interruptible{ctx, silent}, Err: &said}
	go interrupt()
	if p.ask("Go on?") || said.String() != "Go on? [y/N] \n" {
		t.Errorf("it goes on after %q", said.String())
	}
	if _, err := p.In.Read(make([]byte, 1)); !errors.Is(err, errInterrupted) {
		t.Error(err)
	}
}
