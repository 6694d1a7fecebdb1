package schemas

import (
	"slices"
	"strings"

	"github.com/couplet-k8s/couplet/schemas/internal/format"
)

// Type is the JSON type that a schema wants.
type Type = format.Type

// The types; Any wants none in particular.
const (
	Any     = format.Any
	Object  = format.Object
	Array   = format.Array
	String  = format.String
	Integer = format.Integer
	Number  = format.Number
	Boolean = format.Boolean
)

// Types gives each type by its name in OpenAPI.
func Types(name string) Type { return format.Types[name] }

// Format narrows a type down, or stands for a Kubernetes type with a JSON form of
// its own.
type Format = format.Format

// The formats. A micro-time is a date-time with exactly six digits of a second. A
// quantity is a number or a text such as 500m. The three "schema or" forms are those
// of JSON Schema itself, in a CustomResourceDefinition; the schema meant is Elem.
const (
	FormatNone            = format.FormatNone
	FormatInt32           = format.FormatInt32
	FormatInt64           = format.FormatInt64
	FormatDouble          = format.FormatDouble
	FormatByte            = format.FormatByte
	FormatDateTime        = format.FormatDateTime
	FormatMicroTime       = format.FormatMicroTime
	FormatQuantity        = format.FormatQuantity
	FormatIntOrString     = format.FormatIntOrString
	FormatSchemaOrArray   = format.FormatSchemaOrArray
	FormatSchemaOrBool    = format.FormatSchemaOrBool
	FormatSchemaOrStrings = format.FormatSchemaOrStrings
	FormatDate            = format.FormatDate
	FormatUUID            = format.FormatUUID
	FormatIPv4            = format.FormatIPv4
	FormatIPv6            = format.FormatIPv6
	FormatCIDR            = format.FormatCIDR
)

// Formats gives a format by its name in OpenAPI; FormatNone where it means nothing to
// the checks.
func Formats(name string) Format { return format.Formats[name] }

// Flags are facts about a schema that need no further data.
type Flags = format.Flags

// The flags: see package format.
const (
	Preserve  = format.Preserve
	Embedded  = format.Embedded
	Nullable  = format.Nullable
	AtomicMap = format.AtomicMap
)

// ListType tells how server-side apply merges a list.
type ListType = format.ListType

// The list types.
const (
	ListUnset  = format.ListUnset
	ListAtomic = format.ListAtomic
	ListSet    = format.ListSet
	ListMap    = format.ListMap
)

// Schema describes a value. It may be a mere reference: look at it only after
// [Schema.Resolve].
type Schema struct {
	Type   Type
	Format Format
	Flags  Flags
	// Elem describes the elements of an array, or the values of an object used as a map.
	Elem *Schema
	// Members describes an object's members; nil where nothing is said about them.
	Members *Members
	// Enum lists the allowed texts, sorted; nil where any is.
	Enum []string
	// Merge tells how changes are merged; nil where nothing is said about it.
	Merge *Merge

	minor *Minor // of a reference
	ref   uint32
}

// Members describes the members of an object.
type Members struct {
	// Package and Name are the two parts of a definition's name, such as
	// io.k8s.api.apps.v1 and DeploymentSpec; "" for a schema without a name.
	Package, Name string
	// Properties are the known members, sorted by name.
	Properties []Property
	// Required are the names of those that must be there, sorted.
	Required []string
}

// Property is one known member of an object.
type Property struct {
	Name   string
	Schema *Schema
}

// Merge tells how server-side apply and strategic merge patches change a value.
type Merge struct {
	List ListType
	// Keys are the members that identify an element of a ListMap.
	Keys []string
	// PatchStrategy and PatchKey are those of the strategic merge patch.
	PatchStrategy, PatchKey string
}

// Resolve follows a reference. The result is never a reference.
func (s *Schema) Resolve() *Schema {
	if s.minor == nil {
		return s
	}
	return s.minor.definition(s.ref)
}

// Property finds a known member's schema, resolved; nil where the name is unknown.
func (s *Schema) Property(name string) *Schema {
	if s.Members == nil {
		return nil
	}
	i, found := slices.BinarySearchFunc(s.Members.Properties, name, func(p Property, name string) int {
		return strings.Compare(p.Name, name)
	})
	if !found {
		return nil
	}
	return s.Members.Properties[i].Schema.Resolve()
}

// Requires tells whether a member must be there.
func (s *Schema) Requires(name string) bool {
	if s.Members == nil {
		return false
	}
	_, found := slices.BinarySearch(s.Members.Required, name)
	return found
}

// Names lists the known members' names.
func (s *Schema) Names() []string {
	if s.Members == nil {
		return nil
	}
	out := make([]string, len(s.Members.Properties))
	for i, p := range s.Members.Properties {
		out[i] = p.Name
	}
	return out
}

// Name is the last part of the definition's name, such as DeploymentSpec; "" for a
// schema without one.
func (s *Schema) Name() string {
	if s.Members == nil {
		return ""
	}
	return s.Members.Name
}
