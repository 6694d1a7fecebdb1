package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/couplet-k8s/couplet/cmd/internal/cache"
	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/source"
)

// exportCache is the cache as an export uses it. A nil one does nothing.
type exportCache struct {
	folder *cache.Cache
	store  *cache.Store
	stamps *cache.Stamps
	tree   *cache.Tree

	added   atomic.Bool
	failing sync.Once
	failure error // the first
}

// openExportCache opens the cache of the working folder. An export does without one that
// cannot be opened; only somebody who chose the folder, or whose folder others can see
// into, is told.
func (p *Process) openExportCache() (*exportCache, diag.List) {
	dir, chosen := p.cacheDir()
	if dir == "" {
		return nil, nil
	}
	c, err := newExportCache(dir, p)
	var open *cache.NotPrivateError
	if err != nil && (chosen || errors.As(err, &open)) {
		return nil, diag.List{cacheUnusable(err)}
	}
	return c, nil
}

func newExportCache(dir string, p *Process) (*exportCache, error) {
	folder, err := cache.Open(dir)
	if err != nil {
		return nil, err
	}
	store, err := folder.Store(p.Dir)
	if err != nil {
		_ = folder.Close()
		return nil, err
	}
	stamps := store.Stamps()
	return &exportCache{folder: folder, store: store, stamps: stamps, tree: cache.NewTree(p.Files, stamps)}, nil
}

func cacheUnusable(err error) diag.Diagnostic {
	return diag.Diagnostic{
		Code: diag.CacheUnusable, Severity: diag.Warning,
		Message: "going on without the cache: " + source.Reason(err),
		Hint:    "--no-cache does without it; COUPLET_CACHE_DIR names another folder",
	}
}

// close writes down what was learned of the files. It gives a warning if something of the
// cache could not be written: a full disk fails no export.
func (c *exportCache) close() diag.List {
	if c == nil {
		return nil
	}
	c.note(c.stamps.Save())
	if c.added.Load() {
		c.note(c.folder.Tidy())
	}
	_, _ = c.store.Close(), c.folder.Close()
	if c.failure != nil {
		return diag.List{cacheUnusable(c.failure)}
	}
	return nil
}

// note keeps the first failure. A folder that goes while we work was pruned by somebody.
func (c *exportCache) note(err error) {
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		c.failing.Do(func() { c.failure = err })
	}
}

// cacheKey stands for everything that the result depends on before a file is read; false
// where there is nothing to look up. The options are taken as a whole: one that does not
// matter costs an evaluation, one that is forgotten would cost the truth.
func (x *exporter) cacheKey(entry *app.Environment) (cache.Key, bool) {
	if x.cache == nil || entry.Inline || x.SourceMap || x.KeepGoing {
		return cache.Key{}, false
	}
	env, opts := *entry, x.ExportOptions
	// Places matter only to findings, which name the files that they need.
	env.Span, env.TargetSpans = source.Span{}, nil
	env.Virtual = nil
	// Where the files go to, and how they are chosen, makes no difference to them.
	opts.Environments, opts.All, opts.To, opts.Overwrite, opts.NoCache = nil, false, "", false, false
	text := fmt.Appendf(nil, "%s\n%#v\n%#v\n%t\n", buildIdentity(), opts, env, x.holdsMany(entry))
	for _, name := range slices.Sorted(maps.Keys(entry.Virtual)) {
		text = fmt.Appendf(text, "%q %q %q\n", name, entry.Virtual[name].Name(), entry.Virtual[name].Text())
	}
	return cache.KeyOf(text), true
}

// buildIdentity tells builds of couplet apart: a release by its version, and any other by
// its file, for code can change without a version.
var buildIdentity = sync.OnceValue(func() string {
	id := buildVersion() + " " + runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH
	info, _ := debug.ReadBuildInfo()
	isRelease := buildVersion() != "dev" && !strings.Contains(buildVersion(), "dirty")
	if isRelease && (info == nil || !hasSetting(info, "vcs.modified", "true")) {
		return id
	}
	name, err := os.Executable()
	if err != nil {
		return id
	}
	file, err := os.Stat(name)
	if err != nil {
		return id
	}
	return fmt.Sprintf("%s %s %d %d", id, name, file.Size(), file.ModTime().UnixNano())
})

func hasSetting(info *debug.BuildInfo, key, value string) bool {
	for _, s := range info.Settings {
		if s.Key == key && s.Value == value {
			return true
		}
	}
	return false
}

// keptRendered is the notes of an entry in the cache.
type keptRendered struct {
	Parts []keptRendering
	Found []keptFinding `json:",omitempty"`
	Trace []byte        `json:",omitempty"`
	// Texts are of files that findings point into and that are not on disk.
	Texts map[string]string `json:",omitempty"`
}

type keptRendering struct {
	Name      string
	Files     int           // how many of the entry's files are this environment's
	Inline    bool          `json:",omitempty"`
	Partial   bool          `json:",omitempty"`
	Found     []keptFinding `json:",omitempty"`
	Unmatched []keptFinding `json:",omitempty"`
}

// put keeps what was rendered, if there is no error in it and if everything that it was
// made of can be asked again.
func (c *exportCache) put(key cache.Key, r *rendered, log *source.Log, files *source.Set) {
	if r.hasErrors() {
		return
	}
	k := keeper{files: files.Logged(log), texts: map[string]string{}}
	notes := keptRendered{Found: k.findings(r.found), Trace: r.trace}
	entry := &cache.Entry{}
	var texts [][]byte
	for _, part := range r.parts {
		notes.Parts = append(notes.Parts, keptRendering{
			Name: part.env.Name, Files: len(part.files), Inline: part.env.Inline, Partial: part.partial,
			Found: k.findings(part.found), Unmatched: k.findings(part.unmatched),
		})
		entry.Files, texts = append(entry.Files, part.files...), append(texts, part.texts...)
	}
	notes.Texts = k.texts
	reads, complete := log.Reads()
	kept, err := json.Marshal(notes)
	if !complete || k.odd || err != nil {
		return
	}
	entry.Reads, entry.Notes = reads, kept
	c.tree.Learn(reads)
	c.added.Store(true)
	c.note(c.store.Put(key, entry, texts))
}

func (r *rendered) hasErrors() bool {
	if r.found.HasErrors() {
		return true
	}
	for _, part := range r.parts {
		if part.failed || part.found.HasErrors() {
			return true
		}
	}
	return false
}

// lookup gives what was rendered of the entry when all that it reads was as it is now.
func (c *exportCache) lookup(key cache.Key, env *app.Environment, files *source.Set) (*rendered, bool) {
	entry, ok := c.store.Lookup(key, c.tree.Holds)
	if !ok {
		return nil, false
	}
	var notes keptRendered
	if err := json.Unmarshal(entry.Notes, &notes); err != nil {
		return nil, false
	}
	from := restorer{files: files, texts: notes.Texts, named: map[string]*source.File{}}
	r := &rendered{from: env, entry: entry, trace: notes.Trace, found: from.findings(notes.Found)}
	rest := entry.Files
	for _, part := range notes.Parts {
		if part.Files > len(rest) {
			return nil, false
		}
		r.parts = append(r.parts, &rendering{
			env: part.environment(env), partial: part.Partial,
			found: from.findings(part.Found), unmatched: from.findings(part.Unmatched), files: rest[:part.Files],
		})
		rest = rest[part.Files:]
	}
	return r, !from.lost
}

// environment is that of a part: the entry's own, or one that its value holds.
func (k *keptRendering) environment(entry *app.Environment) *app.Environment {
	if !k.Inline {
		return entry
	}
	env := *entry
	env.Name, env.Inline, env.MaybeInline = k.Name, true, false
	return &env
}

// loadTexts reads the texts of what the cache gave.
func (r *rendered) loadTexts() error {
	texts, err := r.entry.Texts()
	if err != nil {
		return err
	}
	for _, part := range r.parts {
		part.texts, texts = texts[:len(part.files)], texts[len(part.files):]
	}
	return nil
}
