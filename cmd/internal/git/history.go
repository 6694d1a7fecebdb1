package git

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// Commit is one commit of a history.
type Commit struct {
	// Hash is its full name, and Parents are those of the commits that it follows.
	Hash    string
	Parents []string
	Author  string
	// Date is when it was written: 2026-11-20.
	Date    string
	Subject string
}

// hash is the name of a commit, maybe shortened; whatever else came from outside is not
// given to git.
var hash = regexp.MustCompile(`^[0-9a-f]{7,64}$`)

// ErrUnknown says that a commit is not in the repository.
var ErrUnknown = errors.New("there is no such commit here")

// Clean is the commit that Head gave, without its mark for changes.
func Clean(head string) string { return strings.TrimSuffix(head, dirtyMark) }

// Base gives the newest commit that two have in common.
func Base(ctx context.Context, dir, one, other string) (string, error) {
	if !hash.MatchString(one) || !hash.MatchString(other) {
		return "", ErrUnknown
	}
	if _, err := run(ctx, dir, "cat-file", "-e", one+"^{commit}"); err != nil {
		return "", ErrUnknown
	}
	base, err := run(ctx, dir, "merge-base", one, other)
	if err != nil {
		return "", ErrUnknown
	}
	return strings.TrimSpace(base), nil
}

// History lists the commits from which a branch was made up after a commit, up to its head,
// oldest first. Of what was merged it has the merge alone.
func History(ctx context.Context, dir, after, head string) ([]Commit, error) {
	if !hash.MatchString(after) || !hash.MatchString(head) {
		return nil, ErrUnknown
	}
	out, err := run(ctx, dir, "-c", "log.showSignature=false", "log", "--first-parent", "--reverse", "-z",
		"--format=%H%x1f%P%x1f%an%x1f%as%x1f%s", after+".."+head)
	if err != nil {
		return nil, err
	}
	var list []Commit
	for entry := range strings.SplitSeq(strings.TrimSuffix(out, "\x00"), "\x00") {
		parts := strings.Split(entry, "\x1f")
		if entry == "" {
			continue
		}
		if len(parts) != 5 {
			return nil, fmt.Errorf("git log says %q", entry)
		}
		list = append(list, Commit{Hash: parts[0], Parents: strings.Fields(parts[1]), Author: parts[2], Date: parts[3], Subject: parts[4]})
	}
	return list, nil
}
