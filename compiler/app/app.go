package app

import (
	"path"
	"slices"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// FileName is the file that declares an app.
const FileName = "couplet.yaml"

// DefinitionsDir is the folder of an app, or of a Tanka tree, with the definitions of
// custom resources. It need not be there.
const DefinitionsDir = "crds"

// LibraryDir is the folder name under which the embedded library is mounted; it is
// the last element of every search path.
const LibraryDir = "<couplet>"

// Layout is a way in which environments lie on disk.
type Layout uint8

// The layouts, in the order in which they are looked for.
const (
	Couplet Layout = iota // couplet.yaml
	Tanka                 // tkrc.yaml or jsonnetfile.json
	Bare                  // a file by itself
)

// String names the layout in outputs.
func (l Layout) String() string { return [...]string{"couplet", "tanka", "bare"}[l] }

// App is a folder with environments.
type App struct {
	Layout Layout
	// Root is the app's folder.
	Root string
	// Name is the app's name; a Tanka tree's is its folder's.
	Name string
	// File is couplet.yaml; nil in a Tanka tree.
	File *source.File
	// Environments are in the order of the file, or of their paths.
	Environments []*Environment
}

// Environment is what is evaluated, and where the result goes.
type Environment struct {
	Name   string
	Layout Layout
	// Span is the declaration; the zero Span for a bare file.
	Span source.Span
	// Dir is the environment's folder and Entry the file that is evaluated, which may
	// be missing.
	Dir, Entry string
	// Manifests are plain files of YAML or JSON that make up the environment together; then
	// Entry only names them. An object may be in them twice.
	Manifests []string
	// SearchPath is for imports; the first that has the file wins.
	SearchPath []string
	ExtVars    []eval.Binding
	Virtual    map[string]*source.File
	// Kubernetes is the declared minor, such as "1.37"; "" where none is declared.
	Kubernetes string
	// APIs are those that the cluster's server was told to serve, such as
	// "storage.k8s.io/v1alpha1", beside what it serves by default.
	APIs []string
	// CRDs are files and folders with the definitions of custom resources.
	CRDs []string
	// Components is the folder of the app's components, where the schemas of their
	// parameters are; "" where the environment is no app's.
	Components string
	// External declares objects that exist and that nothing here makes: see package
	// relations.
	External []string
	// Allow silences warnings.
	Allow       []Allow
	Destination Destination
	// Labels go on every object.
	Labels map[string]string
	// Annotations and DefaultLabels go on objects that do not have them (Tanka's
	// resourceDefaults).
	Annotations, DefaultLabels map[string]string
	// Stage orders roll-outs over environments.
	Stage int
	// Targets are the components to take; nil means all.
	Targets []string
	// TargetSpans are the places of Targets.
	TargetSpans []source.Span
	// Inline is set on a Tanka environment that an entry's value holds; Data is what it
	// holds of objects.
	Inline bool
	Data   value.Value
	// MaybeInline is set on a Tanka entry without spec.json: only its value tells
	// whether it holds inline environments.
	MaybeInline bool
}

// Allow silences warnings of a code: those about an object whose kind/name matches, or all
// where Object is "".
type Allow struct {
	Code    string
	Object  string
	Because string
}

// Destination is a cluster and a namespace in it.
type Destination struct {
	// Server is a URL; Contexts are names in kubeconfig. At most one of them is set.
	Server   string
	Contexts []string
	// Namespace is given to namespaced objects that name none.
	Namespace string
	// Cluster is the identity that the cluster must have: the UID of its namespace
	// kube-system, or ca: and the SHA-256 sum of its authority's key; "" where the environment
	// is not pinned.
	Cluster string
	// Inventory is the namespace of what couplet keeps on the cluster; "" for the default.
	Inventory string
}

// Environment finds an environment by name.
func (a *App) Environment(name string) (*Environment, bool) {
	i := slices.IndexFunc(a.Environments, func(e *Environment) bool { return e.Name == name })
	if i < 0 {
		return nil, false
	}
	return a.Environments[i], true
}

// Names are the environments' names in order.
func (a *App) Names() []string {
	names := make([]string, len(a.Environments))
	for i, e := range a.Environments {
		names[i] = e.Name
	}
	return names
}

// IsLibrary tells whether a path holds code that the user did not write: vendored, or
// couplet's own library, embedded or copied.
func IsLibrary(name string) bool {
	dirs := "/" + path.Dir(name) + "/"
	return strings.HasPrefix(name, LibraryDir) || strings.Contains(dirs, "/vendor/") || strings.Contains(dirs, "/lib/couplet/")
}

// spanOf gives the place of a value in the file that it was decoded from.
func spanOf(f *source.File, origin uint32) source.Span {
	if origin == 0 {
		return f.Whole()
	}
	return f.At(int(origin) - 1)
}

// locate follows names into a decoded value as far as they lead, and gives the place
// of the last one's key.
func locate(f *source.File, v value.Value, names []string) source.Span {
	span := f.Whole()
	for _, name := range names {
		field, ok := v.Field(name)
		if !ok {
			break
		}
		v, span = field.Value, keySpan(f, field)
	}
	return span
}

func keySpan(f *source.File, field value.Field) source.Span {
	span := spanOf(f, field.Origin)
	if span.HasPlace() {
		span.End = span.Start + len(field.Name)
	}
	return span
}
