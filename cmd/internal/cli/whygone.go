package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"github.com/couplet-k8s/couplet/cmd/internal/cluster"
	"github.com/couplet-k8s/couplet/cmd/internal/git"
	"github.com/couplet-k8s/couplet/compiler"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/object"
)

// searchLimit is how long git's history may be searched for all that is gone together.
const searchLimit = 4 * time.Second

// whyGone tells of what is no longer in the source which commit removed it, where git knows:
// the first one, after that of the last apply, at which the object is not rendered any more.
func (pl *planned) whyGone(ctx context.Context, opts compiler.Options) map[object.Identity]string {
	because := map[object.Identity]string{}
	head := git.Clean(pl.commit)
	if head == "" || pl.bundle == nil {
		return because
	}
	limited, cancel := context.WithTimeout(ctx, searchLimit)
	defer cancel()
	opts.Check, opts.Judge, opts.Trace, opts.Provenance = false, nil, nil, false
	s := &search{target: pl.target, opts: opts, head: head, renders: map[string]render{}, histories: map[string][]git.Commit{}}
	for _, d := range pl.plan.Deletions {
		if d.IsGone() || d.Foreign || d.Entry.Commit == "" {
			continue
		}
		because[d.Entry.Identity()] = s.reason(limited, d.Entry)
	}
	return because
}

// search looks through the history of one environment.
type search struct {
	*target
	opts compiler.Options
	head string
	// renders and histories are what is known already, by commit and by range.
	renders   map[string]render
	histories map[string][]git.Commit
}

// render is what an environment had at a commit; nil where it does not compile there.
type render map[object.Identity]bool

// presence is whether an object was rendered at a commit.
type presence int

const (
	unclear presence = iota
	isThere
	isGone
)

// reason says what removed an object; "" where that is not known.
func (s *search) reason(ctx context.Context, e cluster.Entry) string {
	applied := git.Clean(e.Commit)
	base, err := git.Base(ctx, s.process.Dir, applied, s.head)
	switch {
	case ctx.Err() != nil:
		return ""
	case errors.Is(err, git.ErrUnknown):
		return fmt.Sprintf("it was applied from %s, which git does not know here", shortCommit(applied))
	case err != nil:
		return ""
	}
	switch s.at(ctx, s.head, e) {
	case isThere:
		return "removed in the working tree, which is not committed"
	case unclear:
		return ""
	}
	if s.at(ctx, base, e) != isThere {
		if applied != e.Commit {
			return "it was applied from changes that were never committed"
		}
		return ""
	}
	return s.between(ctx, base, s.head, e)
}

// between finds what removed an object that is there at one commit, and not at a later one.
func (s *search) between(ctx context.Context, from, to string, e cluster.Entry) string {
	list, err := s.history(ctx, from, to)
	if err != nil || len(list) == 0 {
		return ""
	}
	low, high := s.narrow(ctx, list, e)
	if high-low > 1 || ctx.Err() != nil {
		return fmt.Sprintf("removed by one of the %s up to %s", plural(high-low, "commit"), described(list[high]))
	}
	last := list[high]
	if len(last.Parents) > 1 && s.at(ctx, last.Parents[1], e) == isGone {
		if base, err := git.Base(ctx, s.process.Dir, last.Parents[0], last.Parents[1]); err == nil && s.at(ctx, base, e) == isThere {
			return cmp.Or(s.between(ctx, base, last.Parents[1], e), "removed by "+described(last))
		}
	}
	return "removed by " + described(last)
}

// narrow halves a history until the object is there at one commit, low, and not at the next
// that compiles, high. -1 is the commit before the first.
func (s *search) narrow(ctx context.Context, list []git.Commit, e cluster.Entry) (low, high int) {
	low, high = -1, len(list)-1
	for high-low > 1 {
		at, is := s.nearest(ctx, list, low, high, e)
		switch is {
		case isThere:
			low = at
		case isGone:
			high = at
		default:
			return low, high // none between compiles
		}
	}
	return low, high
}

// nearest finds the commit, nearest to the middle, of which it can be told whether it has an
// object.
func (s *search) nearest(ctx context.Context, list []git.Commit, low, high int, e cluster.Entry) (int, presence) {
	middle := (low + high) / 2
	for off := 0; off < high-low; off++ {
		for _, at := range []int{middle + off, middle - off} {
			if at <= low || at >= high {
				continue
			}
			if is := s.at(ctx, list[at].Hash, e); is != unclear {
				return at, is
			}
		}
	}
	return 0, unclear
}

func (s *search) history(ctx context.Context, from, to string) ([]git.Commit, error) {
	if list, known := s.histories[from+to]; known {
		return list, nil
	}
	list, err := git.History(ctx, s.process.Dir, from, to)
	s.histories[from+to] = list
	return list, err
}

// at tells whether an object was rendered at a commit.
func (s *search) at(ctx context.Context, commit string, e cluster.Entry) presence {
	r, known := s.renders[commit]
	if !known {
		r = s.render(ctx, commit)
		s.renders[commit] = r
	}
	bare := e.Identity()
	bare.Namespace = ""
	switch {
	case r == nil:
		return unclear
	case r[e.Identity()], e.Namespace == cmp.Or(s.namespace, "default") && r[bare]:
		return isThere
	}
	return isGone
}

// render compiles the environment as it was at a commit.
func (s *search) render(ctx context.Context, commit string) render {
	tree, err := git.Open(ctx, s.process.Dir, commit)
	if err != nil {
		return nil
	}
	defer func() { _ = tree.Close() }()
	past := *s.process
	past.Files, past.Err = compiler.Files(tree), io.Discard
	env, found := past.environment(ctx, s.env.Name, s.opts)
	if found.HasErrors() {
		if found[0].Code == diag.NotFound {
			return render{} // the environment is younger
		}
		return nil
	}
	then := *env
	then.Destination.Namespace = s.namespace
	b, _ := compiler.Compile(ctx, past.Files, &then, s.opts)
	if b == nil {
		return nil
	}
	out := render{}
	for _, o := range b.Objects {
		out[o.Identity()] = true
	}
	return out
}

// described is a commit in one line. What others wrote must not steer a terminal.
func described(c git.Commit) string {
	text := fmt.Sprintf("%s (%s, %s): %s", shortCommit(c.Hash), c.Author, c.Date, c.Subject)
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, text)
}
