package cache

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"

	"github.com/couplet-k8s/couplet/compiler/source"
)

// errDamaged says that a file is not what was written.
var errDamaged = errors.New("the cache is damaged")

// encoder writes numbers and texts one after another.
type encoder struct{ out []byte }

func (e *encoder) number(n uint64)  { e.out = binary.AppendUvarint(e.out, n) }
func (e *encoder) sum(s source.Sum) { e.out = append(e.out, s[:]...) }
func (e *encoder) text(s string) {
	e.number(uint64(len(s)))
	e.out = append(e.out, s...)
}

// decoder reads what an encoder wrote. Behind the end, and where a text would reach
// behind it, everything is empty and bad is set.
type decoder struct {
	in  []byte
	bad bool
}

func (d *decoder) number() uint64 {
	n, size := binary.Uvarint(d.in)
	if size <= 0 {
		d.bad, d.in = true, nil
		return 0
	}
	d.in = d.in[size:]
	return n
}

// count is a number of elements of which each takes at least a byte.
func (d *decoder) count() int { return d.within(d.number()) }

func (d *decoder) within(n uint64) int {
	if n > uint64(len(d.in)) {
		d.bad, d.in = true, nil
		return 0
	}
	return int(n)
}

func (d *decoder) take(n int) []byte {
	if d.within(uint64(n)) < n {
		return make([]byte, min(n, sha256.Size))
	}
	part := d.in[:n]
	d.in = d.in[n:]
	return part
}

func (d *decoder) text() string    { return string(d.take(d.count())) }
func (d *decoder) sum() source.Sum { return source.Sum(d.take(sha256.Size)) }
