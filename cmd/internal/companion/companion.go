// Package companion speaks to couplet-admit, the program that judges objects by the API
// server's own rules.
//
// A [Companion] starts it when the first bundle is judged, one process for each Kubernetes
// minor, and keeps it for the run: a process ends with its input, and so with couplet. The
// wire format is described in docs/companion.md.
//
// A process that dies or is silent for too long is started again once, and the bundle sent
// again; what then still cannot be judged is an error, never an object that counts as
// valid.
package companion

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/couplet-k8s/couplet/compiler/admission"
	"github.com/couplet-k8s/couplet/compiler/emit"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// Name is the name of the program.
const Name = "couplet-admit"

// protocol is the version of the wire format that this package speaks.
const protocol = 1

// silence is how long the companion may say nothing while it has work: the largest
// definitions take it less than a second each.
const silence = time.Minute

// Companion is the companion of one run. It is an admission.Judge.
type Companion struct {
	path    string
	silence time.Duration

	mu        sync.Mutex
	processes map[string]*process // by minor
	rules     string
}

// New makes the companion at a path. Close ends its processes.
func New(path string) *Companion {
	return &Companion{path: path, silence: silence, processes: map[string]*process{}}
}

// Rules is the Kubernetes release of the rules; "" before the first verdict.
func (c *Companion) Rules() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.rules
}

// Close ends the processes.
func (c *Companion) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for minor, p := range c.processes {
		p.end()
		delete(c.processes, minor)
	}
}

// Judge implements admission.Judge. One bundle is judged at a time: the companion uses all
// processors for it.
func (c *Companion) Judge(ctx context.Context, kubernetes string, given, objects []value.Value) ([]admission.Verdict, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	text := bundle(given, objects)
	var verdicts []admission.Verdict
	var err error
	for range 2 {
		if verdicts, err = c.try(ctx, kubernetes, text, len(objects)); err == nil {
			return verdicts, nil
		}
		if p := c.processes[kubernetes]; p != nil {
			p.kill()
			delete(c.processes, kubernetes)
		}
		if ctx.Err() != nil || errors.As(err, new(refusal)) {
			break
		}
	}
	return nil, err
}

// refusal is an error that another try would give again.
type refusal string

func (r refusal) Error() string { return string(r) }

func (c *Companion) try(ctx context.Context, kubernetes string, text []byte, objects int) ([]admission.Verdict, error) {
	p := c.processes[kubernetes]
	if p == nil {
		var err error
		if p, err = start(ctx, c.path, kubernetes, c.silence); err != nil {
			return nil, err
		}
		c.processes[kubernetes], c.rules = p, p.rules
	}
	return p.judge(ctx, text, objects)
}

// bundle writes the lines of a bundle.
func bundle(given, objects []value.Value) []byte {
	var text []byte
	line := func(what string, v value.Value) {
		text = append(append(text, `{"`...), what...)
		text = append(text, `":`...)
		text = append(emit.AppendJSON(text, v, emit.Compact), '}', '\n')
	}
	for _, v := range given {
		line("given", v)
	}
	for _, v := range objects {
		line("object", v)
	}
	return append(text, `{"end":true}`+"\n"...)
}

// process is a companion that runs.
type process struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	out     io.Closer
	replies chan reply
	errors  bytes.Buffer
	silence time.Duration
	rules   string
}

// reply is a line that it says, or why there are no more.
type reply struct {
	hello
	Object *int `json:"object"`
	admission.Verdict
	Done  bool   `json:"done"`
	Error string `json:"error"`

	err error
}

type hello struct {
	Protocol   int    `json:"protocol"`
	Kubernetes string `json:"kubernetes"`
}

func start(ctx context.Context, path, kubernetes string, silence time.Duration) (*process, error) {
	p := &process{cmd: exec.Command(path, "--kubernetes", kubernetes), replies: make(chan reply), silence: silence}
	p.cmd.Stderr = &limited{to: &p.errors}
	p.cmd.WaitDelay = patience
	in, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	p.in, p.out = in, out
	go p.read(bufio.NewReaderSize(out, 1<<16))
	first, err := p.next(ctx)
	if err != nil {
		p.kill()
		return nil, err
	}
	if first.Protocol != protocol {
		p.kill()
		return nil, refusal(fmt.Sprintf("%s speaks version %d of the wire format, and this couplet version %d: install both of one release", path, first.Protocol, protocol))
	}
	p.rules = first.Kubernetes
	return p, nil
}

// limited keeps the first few kilobytes of what is written.
type limited struct{ to *bytes.Buffer }

func (l *limited) Write(text []byte) (int, error) {
	if room := 4096 - l.to.Len(); room > 0 {
		l.to.Write(text[:min(room, len(text))])
	}
	return len(text), nil
}

// read gives the lines that the process says until it ends.
func (p *process) read(out *bufio.Reader) {
	defer close(p.replies)
	for {
		line, err := readLine(out)
		if errors.Is(err, errLine) {
			p.replies <- reply{err: err}
			_ = p.cmd.Process.Kill()
		}
		if err != nil {
			p.replies <- reply{err: p.ended()}
			return
		}
		var r reply
		if err := json.Unmarshal(line, &r); err != nil {
			p.replies <- reply{err: fmt.Errorf("%s says what is no line of the wire format: %.80q", Name, line)}
			return
		}
		p.replies <- r
	}
}

// longest is how long a line may be: verdicts quote what they are about.
const longest = 64 << 20

var errLine = errors.New(Name + " says a line without an end")

func readLine(out *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := out.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case !errors.Is(err, bufio.ErrBufferFull):
			return line, err
		case len(line) > longest:
			return nil, errLine
		}
	}
}

// ended says how the process ended.
func (p *process) ended() error {
	err := p.cmd.Wait()
	said := strings.TrimSpace(p.errors.String())
	switch {
	case said != "":
		said, _, _ = strings.Cut(said, "\n")
		return refusal(strings.TrimPrefix(said, Name+": "))
	case err == nil:
		return errors.New(Name + " ended by itself")
	}
	return fmt.Errorf("%s ended: %w", Name, err)
}

// next gives the next line.
func (p *process) next(ctx context.Context) (reply, error) {
	timer := time.NewTimer(p.silence)
	defer timer.Stop()
	select {
	case r, ok := <-p.replies:
		switch {
		case !ok:
			return r, errors.New(Name + " has ended")
		case r.Error != "":
			return r, refusal(r.Error)
		}
		return r, r.err
	case <-timer.C:
		return reply{}, fmt.Errorf("%s has said nothing for %s", Name, p.silence)
	case <-ctx.Done():
		return reply{}, ctx.Err()
	}
}

func (p *process) judge(ctx context.Context, text []byte, objects int) ([]admission.Verdict, error) {
	written := make(chan error, 1)
	go func() {
		_, err := p.in.Write(text)
		written <- err
	}()
	verdicts := make([]admission.Verdict, 0, objects)
	for {
		r, err := p.next(ctx)
		switch {
		case err != nil:
			return nil, err
		case r.Done && len(verdicts) == objects:
			return verdicts, p.finished(written)
		case r.Object == nil || *r.Object != len(verdicts) || len(verdicts) == objects:
			return nil, fmt.Errorf("%s judged %d objects of %d and then said something else", Name, len(verdicts), objects)
		}
		verdicts = append(verdicts, r.Verdict)
	}
}

// finished waits until a bundle has been read to its end, as it was before it was judged.
func (p *process) finished(written chan error) error {
	select {
	case err := <-written:
		return err
	case <-time.After(p.silence):
		return errors.New(Name + " judged objects that it has not read")
	}
}

// patience is how long a process may take to end by itself when its input has ended.
const patience = 2 * time.Second

// end lets the process end: its input does. One that does not is killed.
func (p *process) end() {
	timer := time.AfterFunc(patience, p.stop)
	defer timer.Stop()
	_ = p.in.Close()
	for range p.replies { // until it has been waited for
	}
}

// kill ends it at once.
func (p *process) kill() {
	p.stop()
	p.end()
}

// stop kills the process, and stops listening to those that it may have started.
func (p *process) stop() {
	_ = p.cmd.Process.Kill()
	_ = p.out.Close()
}
