package generate

// kind is what a type is at the top.
type kind uint8

const (
	numKind kind = iota
	strKind
	boolKind
	nullKind
	arrayKind
	objectKind
	functionKind
	anyKind // any data, no function
)

// typ is what is known of an expression.
type typ struct {
	kind   kind
	elem   *typ    // of an array
	least  int     // of an array: how many elements there are at least
	fields []field // of an object: those that are surely there, in the order of names
	params []param // of a function
	result *typ
}

// field is a field of an object. Fields of higher rank may use those of lower rank.
type field struct {
	rank int
	t    *typ
}

// param is a parameter of a function.
type param struct {
	name     string
	t        *typ
	optional bool
	small    bool // a number that bounds a recursion
}

var (
	num     = &typ{kind: numKind}
	str     = &typ{kind: strKind}
	boolean = &typ{kind: boolKind}
	null    = &typ{kind: nullKind}
	anyData = &typ{kind: anyKind}
	nums    = &typ{kind: arrayKind, elem: num}
	strs    = &typ{kind: arrayKind, elem: str}
	anys    = &typ{kind: arrayKind, elem: anyData}
	record  = &typ{kind: objectKind}
)

// fits tells whether an expression of type t can stand where want is expected.
func (t *typ) fits(want *typ) bool {
	if want.kind == anyKind {
		return t.kind != functionKind && (t.kind != arrayKind || t.elem.fits(want))
	}
	if t.kind != want.kind {
		return false
	}
	switch t.kind {
	case arrayKind:
		return t.least >= want.least && t.elem.fits(want.elem)
	case objectKind:
		return t.hasAll(want.fields)
	case functionKind:
		return t == want
	}
	return true
}

func (t *typ) hasAll(fields []field) bool {
	for _, f := range fields {
		g := t.find(f.rank)
		if g == nil || !g.fits(f.t) {
			return false
		}
	}
	return true
}

func (t *typ) find(rank int) *typ {
	for _, f := range t.fields {
		if f.rank == rank {
			return f.t
		}
	}
	return nil
}

// with gives an object type one more field.
func (t *typ) with(f field) *typ {
	out := &typ{kind: objectKind}
	for _, g := range t.fields {
		if g.rank != f.rank {
			out.fields = append(out.fields, g)
		}
	}
	out.fields = append(out.fields, f)
	return out
}

// names are those of fields by rank.
var names = []string{
	"a", "b", "c", "d", "e", "f", "g", "name", "x1", "_y", "ключ", "with space", "local", "é", "", "1", "😀", "$", "a.b", "self", "\n", "Z", "%d", "kind",
}
