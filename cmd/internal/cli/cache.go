package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/couplet-k8s/couplet/cmd/internal/cache"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/source"
)

// cacheVariable names the environment variable that chooses the cache's folder.
const cacheVariable = "COUPLET_CACHE_DIR"

// CacheReport is the JSON output of cache.
type CacheReport struct {
	Folder  string `json:"folder"`
	Entries int    `json:"entries"`
	Bytes   int64  `json:"bytes"`
}

// CacheOptions choose the form of cache.
type CacheOptions struct{ Output string }

// CachePruneOptions choose what cache prune removes.
type CachePruneOptions struct {
	OlderThan time.Duration
	All       bool
}

func newCache(p *Process) *cobra.Command {
	var o CacheOptions
	cmd := &cobra.Command{
		Use:   "cache",
		Short: "Show where results are kept, and how much that takes",
		Long: `Show the folder in which export keeps what environments gave, so that nothing is
evaluated twice. It is couplet's folder below the user's cache folder, or that of the
environment variable ` + cacheVariable + `. Only its owner can read it, for objects hold
Secrets. It can be removed at any time. What is not used for 30 days is removed by
itself, and so is the oldest when there is more than 1 GiB.`,
		Example: `  couplet cache
  couplet cache prune --older-than 7d
  couplet cache prune --all`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return runCache(o, p) },
	}
	outputFlag(cmd, &o.Output, "text", "json")
	cmd.AddCommand(newCachePrune(p))
	return cmd
}

func newCachePrune(p *Process) *cobra.Command {
	o := CachePruneOptions{OlderThan: 30 * 24 * time.Hour}
	cmd := &cobra.Command{
		Use:     "prune",
		Short:   "Remove results that were not used for some time",
		Example: "  couplet cache prune --older-than 12h",
		Args:    cobra.NoArgs,
		RunE:    func(*cobra.Command, []string) error { return runCachePrune(o, p) },
	}
	cmd.Flags().Var((*ageFlag)(&o.OlderThan), "older-than", "remove what was not used for `TIME`, such as 12h or 7d")
	cmd.Flags().BoolVar(&o.All, "all", false, "remove everything")
	return cmd
}

// cacheDir is the cache's folder, and whether the user chose it. "" means that there can
// be none.
func (p *Process) cacheDir() (dir string, chosen bool) {
	if dir, _ := p.Getenv(cacheVariable); dir != "" {
		return dir, true
	}
	return p.CacheDir, false
}

// openCache opens the cache for the commands about it; nil where there is none yet.
func (p *Process) openCache() (string, *cache.Cache, error) {
	dir, _ := p.cacheDir()
	if dir == "" {
		return "", nil, diag.List{{
			Code: diag.NotFound, Message: "there is no cache: the user has no cache folder",
			Hint: "set " + cacheVariable + " to a folder of your own",
		}}
	}
	c, err := cache.OpenThere(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return dir, nil, nil
	}
	if err != nil {
		return dir, nil, cacheFailed(err)
	}
	return dir, c, nil
}

func cacheFailed(err error) diag.List {
	return diag.List{{Code: diag.CacheUnusable, Message: "the cache cannot be used: " + source.Reason(err)}}
}

func runCache(o CacheOptions, p *Process) error {
	dir, c, err := p.openCache()
	if err != nil {
		return err
	}
	r := CacheReport{Folder: dir}
	if c != nil {
		defer func() { _ = c.Close() }()
		u, err := c.Usage()
		if err != nil {
			return cacheFailed(err)
		}
		r.Entries, r.Bytes = u.Entries, u.Size
	}
	if o.Output == "json" {
		return p.writeJSON(r)
	}
	return p.write(fmt.Appendf(nil, "folder %s\nentries %d\nsize %s\n", r.Folder, r.Entries, byteSize(r.Bytes)))
}

func runCachePrune(o CachePruneOptions, p *Process) error {
	_, c, err := p.openCache()
	if err != nil {
		return err
	}
	var removed cache.Usage
	if c != nil {
		defer func() { _ = c.Close() }()
		if o.All {
			removed, err = c.Clear()
		} else {
			removed, err = c.Prune(o.OlderThan)
		}
		if err != nil {
			return cacheFailed(err)
		}
	}
	entries := "1 entry"
	if removed.Entries != 1 {
		entries = fmt.Sprintf("%d entries", removed.Entries)
	}
	return p.write(fmt.Appendf(nil, "removed %s, %s\n", entries, byteSize(removed.Size)))
}

// byteSize writes a number of bytes for people.
func byteSize(n int64) string {
	size, unit := float64(n), "B"
	for _, larger := range []string{"kB", "MB", "GB"} {
		if size < 1000 {
			break
		}
		size, unit = size/1000, larger
	}
	if unit == "B" {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%.1f %s", size, unit)
}

// ageFlag is a duration that may be given in days.
type ageFlag time.Duration

// String implements pflag.Value.
func (a *ageFlag) String() string {
	const day = 24 * time.Hour
	if d := time.Duration(*a); d > 0 && d%day == 0 {
		return strconv.Itoa(int(d/day)) + "d"
	}
	return time.Duration(*a).String()
}

// Type implements pflag.Value.
func (a *ageFlag) Type() string { return "duration" }

// Set implements pflag.Value.
func (a *ageFlag) Set(text string) error {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.ParseUint(days, 10, 16)
		*a = ageFlag(time.Duration(n) * 24 * time.Hour)
		if err != nil {
			return fmt.Errorf("%q is no number of days", text)
		}
		return nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return fmt.Errorf("%q is no time such as 12h or 7d", text)
	}
	*a = ageFlag(d)
	return nil
}
