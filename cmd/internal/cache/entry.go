package cache

import (
	"encoding/binary"
	"errors"
	"io"
	"os"

	"github.com/couplet-k8s/couplet/compiler/source"
)

// Key stands for all that a result depends on and that is known before a file is read.
type Key source.Sum

// KeyOf makes a key of a text that tells all of that.
func KeyOf(text []byte) Key { return Key(source.SumOf(text)) }

// Entry is a result: what was read for it, and what it is.
type Entry struct {
	Reads []source.Read
	// Notes are the caller's own.
	Notes []byte
	Files []File

	store *Store
	name  string
	start int64 // of the texts
}

// File is one text of a result.
type File struct {
	Name string
	Size int
	Sum  source.Sum
}

// An entry is a magic line, the length and the sum of its head, the head, and the texts of
// its files. The sums of the texts stand in the head, so that the head can be read and
// trusted by itself.
const (
	entryMagic  = "couplet entry 1\n"
	entryPrefix = len(entryMagic) + 4 + len(source.Sum{})
	// firstRead is what a head usually fits into.
	firstRead = 16 << 10
)

// content is the sum by which the entry of a key is named.
func (e *Entry) content(key Key) source.Sum {
	var w encoder
	w.sum(source.Sum(key))
	e.encodeReads(&w)
	return source.SumOf(w.out)
}

func (e *Entry) encodeReads(w *encoder) {
	w.number(uint64(len(e.Reads)))
	for _, r := range e.Reads {
		w.number(uint64(r.Answer))
		w.text(r.Path)
		w.sum(r.Sum)
	}
}

// encode gives everything of an entry but its texts.
func (e *Entry) encode(key Key) []byte {
	var head encoder
	head.sum(source.Sum(key))
	e.encodeReads(&head)
	head.text(string(e.Notes))
	head.number(uint64(len(e.Files)))
	for _, f := range e.Files {
		head.text(f.Name)
		head.number(uint64(f.Size))
		head.sum(f.Sum)
	}
	var w encoder
	w.out = append(w.out, entryMagic...)
	w.out = binary.LittleEndian.AppendUint32(w.out, uint32(len(head.out)))
	w.sum(source.SumOf(head.out))
	w.out = append(w.out, head.out...)
	return w.out
}

// readHead gives the head of an entry, after its sum has been looked at.
func readHead(f *os.File) ([]byte, error) {
	first := make([]byte, firstRead)
	n, err := f.ReadAt(first, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if n < entryPrefix || string(first[:len(entryMagic)]) != entryMagic {
		return nil, errDamaged
	}
	size := int64(binary.LittleEndian.Uint32(first[len(entryMagic):]))
	want := source.Sum(first[entryPrefix-len(source.Sum{}) : entryPrefix])
	head := first[entryPrefix:n]
	if size > int64(len(head)) {
		if head, err = readRange(f, int64(entryPrefix), size); err != nil {
			return nil, err
		}
	}
	head = head[:size:size]
	if source.SumOf(head) != want {
		return nil, errDamaged
	}
	return head, nil
}

// readRange reads a part of a file. What reaches behind the file's end is not a size that
// was written.
func readRange(f *os.File, from, size int64) ([]byte, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if size < 0 || from+size > info.Size() {
		return nil, errDamaged
	}
	part := make([]byte, size)
	if _, err := f.ReadAt(part, from); err != nil {
		return nil, err
	}
	return part, nil
}

// decodeEntry reads a head.
func decodeEntry(head []byte, key Key) (*Entry, error) {
	d := decoder{in: head}
	if Key(d.sum()) != key {
		return nil, errDamaged
	}
	e := &Entry{start: int64(entryPrefix + len(head))}
	e.Reads = make([]source.Read, d.count())
	for i := range e.Reads {
		e.Reads[i].Answer = source.Answer(d.number())
		e.Reads[i].Path = d.text()
		e.Reads[i].Sum = d.sum()
	}
	e.Notes = []byte(d.text())
	e.Files = make([]File, d.count())
	for i := range e.Files {
		e.Files[i] = File{Name: d.text(), Size: int(d.number()), Sum: d.sum()}
		d.bad = d.bad || e.Files[i].Size < 0
	}
	if d.bad || len(d.in) > 0 {
		return nil, errDamaged
	}
	return e, nil
}

// Texts reads the texts of all files. An entry whose texts are damaged is removed.
func (e *Entry) Texts() ([][]byte, error) {
	f, err := e.store.root.Open(e.name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	texts, err := e.readTexts(f)
	if errors.Is(err, errDamaged) {
		_ = e.store.root.Remove(e.name)
	}
	return texts, err
}

func (e *Entry) readTexts(f *os.File) ([][]byte, error) {
	var size int64
	for _, file := range e.Files {
		size += int64(file.Size)
	}
	all, err := readRange(f, e.start, size)
	if err != nil {
		return nil, err
	}
	texts := make([][]byte, len(e.Files))
	for i, file := range e.Files {
		texts[i], all = all[:file.Size:file.Size], all[file.Size:]
		if source.SumOf(texts[i]) != file.Sum {
			return nil, errDamaged
		}
	}
	return texts, nil
}
