// Package format is what the writer and the reader of the schema container agree on:
// the numbers that stand for types, formats and flags, and the layout of the files.
//
// The container is little-endian. It starts with [Magic] and [Version], then the
// offsets of its [Sections] sections, each a uint32, in this order:
//
//	strings      count, the end of each string, the bytes of all
//	names        count, for each definition name two strings: before and after its last dot
//	definitions  count, the end of each body, the bytes of all
//	kinds        count, for each kind six numbers: group, version, kind and plural
//	             (strings), name, flags
//	minors       count, for each minor its offset in this section; there: its string,
//	             the number of its kinds, those kinds (sorted by group, version and
//	             kind), and for every name 1 + its definition, or 0
//
// All numbers so far are uint32. Several minors share strings, names, kinds and
// definitions of equal content; what a reference means depends on the minor, so a
// body refers to a name.
//
// A body is one schema: a uvarint head, whose low three bits are the [Type] and
// whose others are [Parts], then each part in the order of its bit. In a body every
// number is a uvarint and every text is a string's number:
//
//	PartRef         name
//	PartFormat      Format
//	PartFlags       Flags
//	PartElem        schema
//	PartProperties  count, and for each text and schema, sorted by text
//	PartRequired    count, texts, sorted
//	PartEnum        count, texts
//	PartList        ListType, count, texts (the list-map keys)
//	PartPatch       two texts: patch strategy and patch merge key
//
// The descriptions' file has the same head with [DescriptionsMagic], then one flate
// stream of a strings section and, for each minor, in uvarints: its string, the
// number of definitions, and for each its name, the number of its texts, and the
// texts: its own description, then each property's.
package format

// What the two files start with.
const (
	Magic             = "CPKS"
	DescriptionsMagic = "CPKD"
	Version           = 1
	Sections          = 5
)

// Type is the JSON type that a schema wants.
type Type uint8

// The types; Any wants none in particular.
const (
	Any Type = iota
	Object
	Array
	String
	Integer
	Number
	Boolean
)

// Parts tell what follows the head of a body.
type Parts uint32

// The parts, in the order in which they follow.
const (
	PartRef Parts = 1 << iota
	PartFormat
	PartFlags
	PartElem
	PartProperties
	PartRequired
	PartEnum
	PartList
	PartPatch
)

// Flags are facts that need no further data.
type Flags uint8

// The flags of a schema.
const (
	// Preserve allows members that no property names, of any value.
	Preserve Flags = 1 << iota
	// Embedded says that the value is a Kubernetes object itself.
	Embedded
	// Nullable makes null a value.
	Nullable
	// AtomicMap says that server-side apply replaces the object as a whole.
	AtomicMap
)

// KindFlags are facts about a kind.
type KindFlags uint32

// The flags of a kind.
const (
	// Namespaced kinds live in a namespace, the others in the cluster.
	Namespaced KindFlags = 1 << iota
	// List kinds hold objects of another kind and have no resource of their own.
	List
	// Off kinds are not served unless the server is told to.
	Off
)

// ListType tells how server-side apply merges a list.
type ListType uint8

// The list types; ListUnset merges as atomic.
const (
	ListUnset ListType = iota
	ListAtomic
	ListSet
	ListMap
)

// Format narrows a type down.
type Format uint8

// The formats. Those from FormatQuantity on stand for Kubernetes types that read
// more forms of JSON than their published schema says; those from FormatDate on
// occur only in the schemas of custom resources.
const (
	FormatNone Format = iota
	FormatInt32
	FormatInt64
	FormatDouble
	FormatByte
	FormatDateTime
	FormatMicroTime
	FormatQuantity
	FormatIntOrString
	FormatSchemaOrArray
	FormatSchemaOrBool
	FormatSchemaOrStrings
	FormatDate
	FormatUUID
	FormatIPv4
	FormatIPv6
	FormatCIDR
)

// Formats gives each published format's name.
var Formats = map[string]Format{
	"":              FormatNone,
	"int32":         FormatInt32,
	"int64":         FormatInt64,
	"double":        FormatDouble,
	"byte":          FormatByte,
	"date-time":     FormatDateTime,
	"int-or-string": FormatIntOrString,
	"date":          FormatDate,
	"uuid":          FormatUUID,
	"ipv4":          FormatIPv4,
	"ipv6":          FormatIPv6,
	"cidr":          FormatCIDR,
}

// Types gives each type's name.
var Types = map[string]Type{
	"":        Any,
	"object":  Object,
	"array":   Array,
	"string":  String,
	"integer": Integer,
	"number":  Number,
	"boolean": Boolean,
}

// CustomMagic starts the file of definitions: behind it come the version and the length of
// a list of Custom as JSON, that list, and the definitions' texts, compressed by flate each.
const CustomMagic = "CPC1"

// Custom is a definition in that file: the kind that it makes, where it is from, and where
// its text lies behind the list.
type Custom struct {
	Group  string `json:"group"`
	Kind   string `json:"kind"`
	From   string `json:"from"`
	At     int    `json:"at"`
	Length int    `json:"length"`
}
