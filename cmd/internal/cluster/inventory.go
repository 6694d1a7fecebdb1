package cluster

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/couplet-k8s/couplet/compiler/object"
)

// Entry is an object that couplet applied, or may have applied.
type Entry struct {
	Group     string `json:"g,omitempty"`
	Version   string `json:"v"`
	Kind      string `json:"k"`
	Namespace string `json:"n,omitempty"`
	Name      string `json:"m"`
	// UID tells the object from another of its name; "" until the server has answered.
	UID string `json:"u,omitempty"`
	// Desired is the digest of what was applied, Live of what the server kept of it. Both
	// are "" until the server has answered.
	Desired string `json:"d,omitempty"`
	Live    string `json:"l,omitempty"`
	// Commit is the revision of the source from which the object was applied last; "" where
	// that is not known.
	Commit string `json:"c,omitempty"`
	// Hook tells that the object is a Job that is run and may then be gone. Its Desired is ""
	// until it has succeeded.
	Hook bool `json:"h,omitempty"`
}

// Identity is what a cluster knows the object by.
func (e Entry) Identity() object.Identity {
	return object.Identity{Group: e.Group, Kind: e.Kind, Namespace: e.Namespace, Name: e.Name}
}

// APIVersion is the one with which the object was applied.
func (e Entry) APIVersion() string {
	if e.Group == "" {
		return e.Version
	}
	return e.Group + "/" + e.Version
}

// Revision is one applied bundle that is kept.
type Revision struct {
	Number  int       `json:"number"`
	Time    time.Time `json:"time"`
	By      string    `json:"by,omitempty"`
	Commit  string    `json:"commit,omitempty"`
	Objects int       `json:"objects"`
	// Digest is the sum of the bundle.
	Digest string `json:"digest"`
	// Note says what the revision was made by, other than an apply of the source.
	Note string `json:"note,omitempty"`
	// Parts are the names of the Secrets that hold the bundle.
	Parts []string `json:"parts"`
}

// Inventory is everything that an environment has on a cluster.
type Inventory struct {
	// Format is inventoryFormat.
	Format      int    `json:"format"`
	App         string `json:"app,omitempty"`
	Environment string `json:"environment"`
	// Key is that of the fingerprints of secret values.
	Key []byte `json:"key"`
	// Entries are sorted by identity.
	Entries []Entry `json:"-"`
	// Revisions are the bundles that are kept, oldest first.
	Revisions []Revision `json:"revisions"`
	// Parts are the names of the Secrets that hold more entries than the parent can.
	Parts []string `json:"parts,omitempty"`
	// Serial grows with each write, and Write tells this one from another's that has the same.
	Serial int    `json:"serial"`
	Write  string `json:"write"`

	resourceVersion string // of the parent; "" where there is none yet
	uid             string
	stored          []string // parts that are on the cluster
}

// inventoryFormat is raised when an older couplet could not read an inventory.
const inventoryFormat = 1

// NewInventory is that of an environment of which nothing has been applied.
func NewInventory() *Inventory { return &Inventory{Format: inventoryFormat} }

// Exists tells whether the inventory is on the cluster.
func (inv *Inventory) Exists() bool { return inv.resourceVersion != "" }

// parts are the names of all Secrets beside the parent.
func (inv *Inventory) parts() []string {
	out := slices.Clone(inv.Parts)
	for _, r := range inv.Revisions {
		out = append(out, r.Parts...)
	}
	return out
}

// find gives the entry of an object.
func (inv *Inventory) find(id object.Identity) (Entry, bool) {
	i, ok := slices.BinarySearchFunc(inv.Entries, id, func(e Entry, id object.Identity) int { return compareIdentities(e.Identity(), id) })
	if !ok {
		return Entry{}, false
	}
	return inv.Entries[i], true
}

func compareIdentities(a, b object.Identity) int {
	return cmp.Or(strings.Compare(a.Group, b.Group), strings.Compare(a.Kind, b.Kind),
		strings.Compare(a.Namespace, b.Namespace), strings.Compare(a.Name, b.Name))
}

// withEntries gives the inventory with these entries beside, and in place of, those of the
// same objects.
func (inv *Inventory) withEntries(entries []Entry) *Inventory {
	byID := make(map[object.Identity]Entry, len(inv.Entries)+len(entries))
	for _, list := range [][]Entry{inv.Entries, entries} {
		for _, e := range list {
			byID[e.Identity()] = e
		}
	}
	out := *inv
	out.Entries = make([]Entry, 0, len(byID))
	for _, e := range byID {
		out.Entries = append(out.Entries, e)
	}
	slices.SortFunc(out.Entries, func(a, b Entry) int { return compareIdentities(a.Identity(), b.Identity()) })
	return &out
}

// without gives the inventory without the entries of these objects.
func (inv *Inventory) without(gone map[object.Identity]bool) *Inventory {
	out := *inv
	out.Entries = slices.DeleteFunc(slices.Clone(inv.Entries), func(e Entry) bool { return gone[e.Identity()] })
	return &out
}

// Home is where an environment's inventory is: a Secret, and the others beside it.
type Home struct{ Namespace, Name string }

// defaultHome is the namespace of the inventories that can be in no other.
const defaultHome = "default"

// unfit are the letters that the name of an object cannot have (RFC 1123).
var unfit = regexp.MustCompile(`[^a-z0-9.-]+|\.\.+|^[.-]+|[.-]+$`)

// maxStem leaves room, in a name of 253 letters, for what is added to it.
const maxStem = 200

// HomeOf gives the home of an environment's inventory. The namespace is the one that is
// named, or else that of the environment, unless the bundle makes it: with it, the
// inventory would go while it is needed. It is default then.
func HomeOf(app, environment, namespace, named string, objects []object.Object) Home {
	home := Home{Namespace: cmp.Or(named, namespace, defaultHome), Name: homeName(app, environment)}
	if named != "" {
		return home
	}
	for _, o := range objects {
		if o.Kind() == "Namespace" && o.Name() == home.Namespace {
			home.Namespace = defaultHome
		}
	}
	return home
}

// homeName makes a name that tells app and environment, and no other pair has.
func homeName(app, environment string) string {
	full := environment
	if app != "" {
		full = app + "." + environment
	}
	stem := unfit.ReplaceAllString(strings.ToLower(full), "-")
	stem = strings.Trim(stem[:min(len(stem), maxStem)], "-.")
	if stem == full {
		return "couplet." + stem
	}
	sum := sha256.Sum256([]byte(full))
	const few = 4
	return "couplet." + stem + "." + hex.EncodeToString(sum[:few])
}

// encodeEntries writes entries as lines of JSON.
func encodeEntries(entries []Entry) ([]byte, error) {
	var out []byte
	for _, e := range entries {
		line, err := json.Marshal(e)
		if err != nil {
			return nil, err
		}
		out = append(append(out, line...), '\n')
	}
	return out, nil
}

func decodeEntries(text []byte) ([]Entry, error) {
	var out []Entry
	for line := range strings.Lines(string(text)) {
		var e Entry
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			return nil, fmt.Errorf("an entry of the inventory cannot be read: %w", err)
		}
		out = append(out, e)
	}
	return out, nil
}
