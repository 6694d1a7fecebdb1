package cli

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/couplet-k8s/couplet/cmd/internal/cluster"
	"github.com/couplet-k8s/couplet/compiler/object"
)

// happenings shows what an execution does: on a terminal a bar and what is waited for, and
// elsewhere a line for each thing that happens.
type happenings struct {
	process *Process

	mu      sync.Mutex
	counts  map[cluster.Stage]int
	waiting map[object.Identity]string
	steps   int
	// container and bar are nil without a terminal.
	container *mpb.Progress
	bar       *mpb.Bar
}

func (p *Process) newHappenings(plan *cluster.Plan, prune bool) *happenings {
	h := &happenings{process: p, counts: map[cluster.Stage]int{}, waiting: map[object.Identity]string{}}
	if !p.ErrTerminal {
		return h
	}
	for _, a := range plan.Actions {
		if a.IsChange() {
			h.steps++
		}
	}
	if prune {
		h.steps += len(plan.Deletions)
	}
	h.container = mpb.New(mpb.WithOutput(p.Err), mpb.WithWidth(30))
	// One step more than there are changes: what is waited for comes after the last of them.
	h.bar = h.container.AddBar(int64(h.steps)+1,
		mpb.PrependDecorators(decor.Any(func(decor.Statistics) string { return h.progress() })),
		mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return h.line() })),
	)
	return h
}

// progress is how many of the changes are made.
func (h *happenings) progress() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return fmt.Sprintf("%d of %d changed ", h.changed(), h.steps)
}

func (h *happenings) changed() int { return h.counts[cluster.Applied] + h.counts[cluster.Deleted] }

// line is what is waited for, shortened.
func (h *happenings) line() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var parts []string
	for id, message := range h.waiting {
		part := id.Kind + "/" + id.Name
		if message != "" {
			part += ": " + message
		}
		parts = append(parts, part)
	}
	if parts == nil {
		return ""
	}
	slices.Sort(parts)
	text := fmt.Sprintf("waiting for %d: %s", len(parts), parts[0])
	const width = 80
	if len(text) > width {
		text = strings.ToValidUTF8(text[:width], "") + "..."
	}
	return text
}

// report takes a happening. Several goroutines may call it.
func (h *happenings) report(e cluster.Happening) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.counts[e.Stage]++
	switch e.Stage {
	case cluster.Waiting:
		h.waiting[e.Object] = e.Message
	case cluster.Ready, cluster.Broken:
		delete(h.waiting, e.Object)
	}
	if h.bar != nil {
		if e.Stage == cluster.Applied || e.Stage == cluster.Deleted {
			h.bar.Increment()
		}
		return
	}
	line := fmt.Sprintf("%s %s", e.Stage, e.Object)
	if e.Message != "" {
		line += ": " + e.Message
	}
	fmt.Fprintln(h.process.Err, line)
}

func (h *happenings) end() {
	if h.bar != nil {
		h.bar.Abort(true)
		h.container.Wait()
	}
}

// summary is what was done in one line.
func (h *happenings) summary() string {
	applied, deleted := h.counts[cluster.Applied], h.counts[cluster.Deleted]
	switch {
	case deleted == 0:
		return plural(applied, "object") + " applied"
	case applied == 0:
		return plural(deleted, "object") + " deleted"
	}
	return fmt.Sprintf("%s applied, %d deleted", plural(applied, "object"), deleted)
}
