package source

import (
	"cmp"
	"crypto/sha256"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"unsafe"
)

// Sum is the SHA-256 of a content: what tells two contents apart, also where somebody
// chose them.
type Sum [sha256.Size]byte

// SumOf gives the sum of a text.
func SumOf(text []byte) Sum { return sha256.Sum256(text) }

// SumOfListing gives the sum of what a folder lists: names, and which are folders.
func SumOfListing(entries []fs.DirEntry) Sum {
	var b strings.Builder
	for _, e := range entries {
		b.WriteString(e.Name())
		if e.IsDir() {
			b.WriteByte('/')
		}
		b.WriteByte(0)
	}
	return SumOf([]byte(b.String()))
}

// Sum is the sum of the file's text, worked out when it is first asked for.
func (f *File) Sum() Sum {
	f.sumOnce.Do(func() { f.sum = SumOf(unsafe.Slice(unsafe.StringData(f.text), len(f.text))) })
	return f.sum
}

// Answer is what a Set said of a path.
type Answer uint8

// The answers. Of a Stat it counts only what is there, not its size or times.
const (
	// Content: a file with a certain content.
	Content Answer = iota
	// Missing: nothing of that name.
	Missing
	// IsThere: something that is no folder.
	IsThere
	// Folder: a folder.
	Folder
	// Listing: a folder with certain names in it.
	Listing
)

// Read is one answer of a Set. Whoever gets the same answers again comes to the same
// result.
type Read struct {
	Path   string
	Answer Answer
	// Sum is that of the content or listing, and zero with the other answers.
	Sum Sum
}

// Log keeps what a Set answered. It is safe for concurrent use.
type Log struct {
	mu     sync.Mutex
	files  map[string]*File // contents whose sum is not worked out yet
	reads  map[Read]bool
	failed bool
}

// Logged gives the same set, with its files and memos, through which what is asked is
// written to a log.
func (s *Set) Logged(l *Log) *Set { return &Set{shared: s.shared, log: l} }

// Reads gives what was logged, in the order of the paths. It is not complete when
// something could not be read for another reason than that it is missing: such an
// answer may be another one the next time.
func (l *Log) Reads() (reads []Read, complete bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for r := range l.reads {
		reads = append(reads, r)
	}
	for name, f := range l.files {
		reads = append(reads, Read{Path: name, Answer: Content, Sum: f.Sum()})
	}
	slices.SortFunc(reads, func(a, b Read) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), cmp.Compare(a.Answer, b.Answer))
	})
	return slices.Compact(reads), !l.failed
}

// note takes down an answer, given or refused. A Set without a log has a nil one.
func (l *Log) note(name string, answer Answer, sum Sum, err error) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case err == nil:
		l.add(Read{Path: name, Answer: answer, Sum: sum})
	case IsMissing(err):
		l.add(Read{Path: name, Answer: Missing})
	default:
		l.failed = true
	}
}

func (l *Log) add(r Read) {
	if l.reads == nil {
		l.reads = map[Read]bool{}
	}
	l.reads[r] = true
}

// load notes a file of a Set.
func (l *Log) load(name string, f *File, err error) {
	if l == nil || err != nil {
		l.note(name, Content, Sum{}, err)
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.files == nil {
		l.files = map[string]*File{}
	}
	l.files[name] = f
}

// loggedFS is a Set's FS with a log.
type loggedFS struct {
	FS
	log *Log
}

// ReadFile implements FS.
func (l loggedFS) ReadFile(name string) ([]byte, error) {
	data, err := l.FS.ReadFile(name)
	l.log.note(name, Content, SumOf(data), err)
	return data, err
}

// Stat implements FS.
func (l loggedFS) Stat(name string) (fs.FileInfo, error) {
	info, err := l.FS.Stat(name)
	answer := IsThere
	if err == nil && info.IsDir() {
		answer = Folder
	}
	l.log.note(name, answer, Sum{}, err)
	return info, err
}

// ReadDir implements FS.
func (l loggedFS) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := l.FS.ReadDir(name)
	l.log.note(name, Listing, SumOfListing(entries), err)
	return entries, err
}
