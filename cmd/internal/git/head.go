package git

import (
	"context"
	"strings"
)

// Head gives the commit of the working tree that holds dir, an absolute path, with -dirty
// behind it where files differ from it.
func Head(ctx context.Context, dir string) (string, error) {
	commit, err := run(ctx, dir, "rev-parse", "--verify", "--quiet", "HEAD")
	if err != nil {
		return "", err
	}
	changes, err := run(ctx, dir, "status", "--porcelain", "--untracked-files=no")
	if err != nil {
		return "", err
	}
	commit = strings.TrimSpace(commit)
	if changes != "" {
		commit += dirtyMark
	}
	return commit, nil
}

// dirtyMark is behind a commit from which the working tree differs.
const dirtyMark = "-dirty"
