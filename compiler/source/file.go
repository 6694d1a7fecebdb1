package source

import (
	"path"
	"sort"
	"strings"
	"sync"
	"unicode/utf8"
	"unsafe"
)

// File is one named text. It never changes, and its pointer is its identity.
type File struct {
	name string
	text string

	once  sync.Once
	lines []int // byte offset at which each line starts

	sumOnce sync.Once
	sum     Sum
}

// NewFile names a text. The name is what diagnostics show.
func NewFile(name, text string) *File { return &File{name: name, text: text} }

// Name is the path by which the file was read, or a name such as "<stdin>".
func (f *File) Name() string { return f.name }

// Text is the whole content.
func (f *File) Text() string { return f.text }

// Position is a place in a text as people count: both numbers start at 1, and the
// column counts code points.
type Position struct{ Line, Column int }

// Position translates a byte offset; an offset past the end is the end.
func (f *File) Position(offset int) Position {
	f.index()
	offset = max(0, min(offset, len(f.text)))
	line := sort.Search(len(f.lines), func(i int) bool { return f.lines[i] > offset })
	start := f.lines[line-1]
	return Position{Line: line, Column: utf8.RuneCountInString(f.text[start:offset]) + 1}
}

// Offset translates a position back into a byte offset; a column past the end of
// its line is the end of the line.
func (f *File) Offset(p Position) int {
	f.index()
	if p.Line < 1 {
		return 0
	}
	if p.Line > len(f.lines) {
		return len(f.text)
	}
	line := f.Line(p.Line)
	at := 0
	for n := 1; n < p.Column && at < len(line); n++ {
		_, size := utf8.DecodeRuneInString(line[at:])
		at += size
	}
	return f.lines[p.Line-1] + at
}

// Line is the text of a line, counted from 1, without its line end; "" where there
// is no such line.
func (f *File) Line(n int) string {
	f.index()
	if n < 1 || n > len(f.lines) {
		return ""
	}
	end := len(f.text)
	if n < len(f.lines) {
		end = f.lines[n] - 1
	}
	line := f.text[f.lines[n-1]:end]
	if len(line) > 0 && line[len(line)-1] == '\r' {
		line = line[:len(line)-1]
	}
	return line
}

func (f *File) index() {
	f.once.Do(func() {
		f.lines = make([]int, 1, 1+strings.Count(f.text, "\n"))
		for at := 0; ; f.lines = append(f.lines, at) {
			end := strings.IndexByte(f.text[at:], '\n')
			if end < 0 {
				return
			}
			at += end + 1
		}
	})
}

// Span is a range of bytes in a file: Start is the first, End is one past the last.
// The zero Span is nowhere.
type Span struct {
	File       *File
	Start, End int
}

// At is a span of one point.
func (f *File) At(offset int) Span { return Span{File: f, Start: offset, End: offset} }

// Whole is a span without a place: the file itself.
func (f *File) Whole() Span { return Span{File: f, Start: -1, End: -1} }

// IsValid tells whether the span names a file.
func (s Span) IsValid() bool { return s.File != nil }

// HasPlace tells whether the span names a place in its file, and not only the file.
func (s Span) HasPlace() bool { return s.File != nil && s.Start >= 0 }

// Set reads each file of an FS once. It is safe for concurrent use.
type Set struct {
	*shared
	log *Log // nil where nobody wants to know
}

// shared is what a set has in common with those that it is logged through.
type shared struct {
	fs FS

	files sync.Map // by path, *loaded
	memos sync.Map
}

type loaded struct {
	once sync.Once
	file *File
	err  error
}

// Memo keeps what a user of the set derives from its files, for as long as the set
// lives. All callers get one and the same; two that come at once may both make it, so
// that making it must have no effect.
func (s *Set) Memo(key any, make func() any) any {
	if v, ok := s.memos.Load(key); ok {
		return v
	}
	v, _ := s.memos.LoadOrStore(key, make())
	return v
}

// NewSet makes a Set without files over an FS.
func NewSet(fsys FS) *Set { return &Set{shared: &shared{fs: fsys}} }

// FS is the tree that the set reads from.
func (s *Set) FS() FS {
	if s.log != nil {
		return loggedFS{s.fs, s.log}
	}
	return s.fs
}

// Load gives the file at a path. An error is remembered like a content, so that one
// compilation never sees a file come and go.
func (s *Set) Load(name string) (*File, error) {
	name = path.Clean(name)
	l := s.loaded(name)
	s.log.load(name, l.file, l.err)
	return l.file, l.err
}

func (s *shared) loaded(name string) *loaded {
	got, ok := s.files.Load(name)
	if !ok {
		got, _ = s.files.LoadOrStore(name, &loaded{})
	}
	l := got.(*loaded)
	l.once.Do(func() { l.file, l.err = s.read(name) })
	return l
}

// read takes the bytes that the FS gives as they are: nobody else holds them.
func (s *shared) read(name string) (*File, error) {
	data, err := s.fs.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return NewFile(name, unsafe.String(unsafe.SliceData(data), len(data))), nil
}
