// Package wire is the conversation of couplet and its companion, on the companion's side:
// lines of JSON over the standard input and output. docs/companion.md describes it, and
// testdata/wire of couplet's repository holds conversations that both sides are tested by.
//
// The companion speaks first: a [Hello]. After that the other side sends bundles, each a
// series of [Request] lines that ends with one whose End is true, and is told of each
// object, in their order, by a [Reply], and of the end of the bundle by a Reply with Done.
// A line that cannot be understood ends the conversation with a Reply that has an Error.
package wire

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/couplet-k8s/couplet/cmd/couplet-admit/internal/rules"
)

// Version is the version of the format. It changes when a line of it changes its meaning;
// fields may be added without.
const Version = 1

// Hello is the first line.
type Hello struct {
	Protocol int `json:"protocol"`
	// Kubernetes is the release of the rules.
	Kubernetes string `json:"kubernetes"`
}

// Request is a line of a bundle: one of its fields is set.
type Request struct {
	// Given is an object that the cluster holds.
	Given json.RawMessage `json:"given,omitempty"`
	// Object is one that is to be judged.
	Object json.RawMessage `json:"object,omitempty"`
	// End ends the bundle.
	End bool `json:"end,omitempty"`
}

// Reply is a line about an object, about the end of a bundle, or about a failure.
type Reply struct {
	// Object counts the objects of the bundle from 0.
	Object *int `json:"object,omitempty"`
	rules.Verdict
	Done  bool   `json:"done,omitempty"`
	Error string `json:"error,omitempty"`
}

// Serve holds the conversation until its input ends.
func Serve(ctx context.Context, judge *rules.Judge, in *bufio.Reader, out io.Writer) error {
	buffered := bufio.NewWriterSize(out, 1<<16)
	lines := json.NewEncoder(buffered)
	lines.SetEscapeHTML(false)
	err := serve(ctx, judge, in, buffered, lines)
	if err != nil {
		_ = lines.Encode(Reply{Error: err.Error()})
	}
	return errors.Join(err, buffered.Flush())
}

func serve(ctx context.Context, judge *rules.Judge, in *bufio.Reader, out *bufio.Writer, lines *json.Encoder) error {
	if err := lines.Encode(Hello{Protocol: Version, Kubernetes: rules.Version}); err != nil {
		return err
	}
	for {
		if err := out.Flush(); err != nil {
			return err
		}
		bundle, err := read(in)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		var failed error
		judge.Check(ctx, bundle, func(i int, v rules.Verdict) {
			failed = errors.Join(failed, lines.Encode(Reply{Object: &i, Verdict: v}))
		})
		if failed != nil {
			return failed
		}
		if err := lines.Encode(Reply{Done: true}); err != nil {
			return err
		}
	}
}

// read gives the next bundle; io.EOF where the conversation has ended.
func read(in *bufio.Reader) (rules.Bundle, error) {
	var b rules.Bundle
	for n := 1; ; n++ {
		line, err := in.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) == 0 && err != nil {
			if n == 1 {
				return b, err
			}
			return b, errors.New("the input ends within a bundle")
		}
		var r Request
		if err := json.Unmarshal(line, &r); err != nil {
			return b, fmt.Errorf("line %d of the bundle is no request: %w", n, err)
		}
		switch {
		case r.End:
			return b, nil
		case r.Given != nil:
			err = b.AddGiven(r.Given)
		case r.Object != nil:
			err = b.AddObject(r.Object)
		default:
			err = errors.New("it has none of given, object and end")
		}
		if err != nil {
			return b, fmt.Errorf("line %d of the bundle: %w", n, err)
		}
	}
}
