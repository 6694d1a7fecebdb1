package cluster

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/couplet-k8s/couplet/compiler/value"
)

// partSize is how many bytes one Secret takes: etcd refuses more than 1.5 MB, the API server a
// Secret of more than 1 MiB, and base64 makes four bytes of three.
const partSize = 700 << 10

// The members of the parent Secret.
const (
	memberHeader  = "inventory"
	memberEntries = "entries"
	memberPart    = "part"
)

// secretType marks couplet's own Secrets.
const secretType = "couplet.dev/inventory"

var secrets = Resource{Version: "v1", Kind: "Secret", Name: "secrets", Namespaced: true}

// Store reads and writes what couplet keeps of one environment on a cluster: Secrets, for a
// bundle may hold some.
type Store struct {
	Server Server
	Home   Home
	// Tooling is the version of couplet, for others to see.
	Tooling string
}

// Load reads the inventory; an empty one where there is none.
func (s *Store) Load(ctx context.Context) (*Inventory, error) {
	parent, err := s.Server.Get(ctx, secrets, s.Home.Namespace, s.Home.Name)
	if IsNotFound(err) {
		return NewInventory(), nil
	}
	if err != nil {
		return nil, fmt.Errorf("the inventory %s cannot be read: %w", s.Home, err)
	}
	inv := &Inventory{}
	header, err := member(parent, memberHeader)
	if err == nil {
		err = json.Unmarshal(header, inv)
	}
	if err != nil {
		return nil, fmt.Errorf("the Secret %s is no inventory of couplet's: %w", s.Home, err)
	}
	if inv.Format > inventoryFormat {
		return nil, fmt.Errorf("the inventory %s was written by a newer couplet", s.Home)
	}
	inv.resourceVersion = parent.Get("metadata", "resourceVersion").Str()
	inv.uid = parent.Get("metadata", "uid").Str()
	packed, err := member(parent, memberEntries)
	if err != nil {
		return nil, err
	}
	rest, err := s.parts(ctx, inv.Parts)
	if err != nil {
		return nil, err
	}
	text, err := unpack(append(packed, rest...))
	if err != nil {
		return nil, fmt.Errorf("the inventory %s is damaged: %w", s.Home, err)
	}
	inv.Entries, err = decodeEntries(text)
	inv.stored = inv.parts()
	return inv, err
}

// String names the parent for people.
func (h Home) String() string { return h.Namespace + "/" + h.Name }

func member(secret value.Value, name string) ([]byte, error) {
	return base64.StdEncoding.DecodeString(secret.Get("data", name).Str())
}

func (s *Store) parts(ctx context.Context, names []string) ([]byte, error) {
	var out []byte
	for _, name := range names {
		secret, err := s.Server.Get(ctx, secrets, s.Home.Namespace, name)
		if err != nil {
			return nil, fmt.Errorf("a part of the inventory %s cannot be read: %w", s.Home, err)
		}
		part, err := member(secret, memberPart)
		if err != nil {
			return nil, err
		}
		out = append(out, part...)
	}
	return out, nil
}

// Save writes the inventory and gives it as it is then. Parts come before the parent, which
// alone says what counts, and are removed after it: whatever interrupts this, the old
// inventory or the new one is there. Another's write since Load is an error for which
// IsConflict holds.
func (s *Store) Save(ctx context.Context, inv *Inventory) (*Inventory, error) {
	next := *inv
	next.Serial++
	next.Write = rand.Text()
	if next.Key == nil {
		next.Key = randomKey()
	}
	text, err := encodeEntries(next.Entries)
	if err != nil {
		return nil, err
	}
	packed := pack(text)
	next.Parts, err = s.saveParts(ctx, inv, entriesStem(s.Home, next.Serial), packed[min(partSize, len(packed)):])
	if err != nil {
		return nil, err
	}
	if err := s.saveParent(ctx, &next, packed[:min(partSize, len(packed))]); err != nil {
		return nil, err
	}
	keep := next.parts()
	_ = s.removeParts(ctx, inv.stored, keep) // a part that stays is in nobody's way
	next.stored = keep
	return &next, nil
}

// Parts are named by slots that are used again in turn, so that a Role can name them: one slot
// more than there are inventories, or bundles, that count at any moment.
const (
	entrySlots    = 2
	revisionSlots = keptRevisions + 1
)

func entriesStem(home Home, serial int) string {
	return fmt.Sprintf("%s.i%d", home.Name, serial%entrySlots)
}

func revisionStem(home Home, number int) string {
	return fmt.Sprintf("%s.r%d", home.Name, number%revisionSlots)
}

func partName(stem string, part int) string { return fmt.Sprintf("%s.%d", stem, part) }

// saveParts writes what the parent has no room for. A part that is there is from an attempt
// that was interrupted, or of a bundle that is not kept any more, and does not count, unless
// somebody else has written the inventory since it was loaded.
func (s *Store) saveParts(ctx context.Context, inv *Inventory, stem string, rest []byte) ([]string, error) {
	if len(rest) > 0 && inv.Exists() {
		there, err := s.Server.Get(ctx, secrets, s.Home.Namespace, s.Home.Name)
		if err == nil && versionOf(there) != inv.resourceVersion {
			err = &Error{Status: 409, Reason: reasonConflict, Message: "somebody else has written it"}
		}
		if err != nil {
			return nil, fmt.Errorf("the inventory %s cannot be written: %w", s.Home, err)
		}
	}
	var names []string
	for len(rest) > 0 {
		n := min(partSize, len(rest))
		name := partName(stem, len(names))
		secret := s.secret(name, nil, map[string][]byte{memberPart: rest[:n]})
		_, err := s.Server.Create(ctx, secrets, secret)
		if IsExists(err) {
			_, err = s.Server.Update(ctx, secrets, secret)
		}
		if err != nil {
			return nil, fmt.Errorf("the inventory cannot be written: %w", err)
		}
		names, rest = append(names, name), rest[n:]
	}
	return names, nil
}

func (s *Store) saveParent(ctx context.Context, inv *Inventory, entries []byte) error {
	header, err := json.Marshal(inv)
	if err != nil {
		return err
	}
	secret := s.secret(s.Home.Name, setAnnotations(inv.Entries, s.Home.Namespace, s.Tooling), map[string][]byte{memberHeader: header, memberEntries: entries})
	var saved value.Value
	if inv.Exists() {
		saved, err = s.Server.Update(ctx, secrets, withResourceVersion(secret, inv.resourceVersion))
	} else {
		saved, err = s.Server.Create(ctx, secrets, secret)
	}
	if IsConflict(err) || IsExists(err) {
		saved, err = s.written(ctx, header, err)
	}
	if err != nil {
		return fmt.Errorf("the inventory %s cannot be written: %w", s.Home, err)
	}
	inv.resourceVersion = saved.Get("metadata", "resourceVersion").Str()
	inv.uid = saved.Get("metadata", "uid").Str()
	return nil
}

// written tells whether a write that seems to be another's is this one: its answer may have
// been lost, and the request sent again.
func (s *Store) written(ctx context.Context, header []byte, conflict error) (value.Value, error) {
	there, err := s.Server.Get(ctx, secrets, s.Home.Namespace, s.Home.Name)
	if err != nil {
		return there, errors.Join(conflict, err)
	}
	if now, err := member(there, memberHeader); err != nil || !bytes.Equal(now, header) {
		return there, conflict
	}
	return there, nil
}

// removeParts removes Secrets that hold nothing any more.
func (s *Store) removeParts(ctx context.Context, names, keep []string) error {
	var failed error
	for _, name := range names {
		if !slices.Contains(keep, name) {
			_, err := s.Server.Delete(ctx, secrets, s.Home.Namespace, name, DeleteOptions{})
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

// Remove deletes everything that is kept of the environment, the parent last. What an
// interrupted write has left behind goes too, where it may be looked for.
func (s *Store) Remove(ctx context.Context, inv *Inventory) error {
	if !inv.Exists() {
		return nil
	}
	names := append(inv.parts(), inv.stored...)
	if list, err := s.Server.List(ctx, secrets, s.Home.Namespace, ListOptions{Labels: labelInventory + "=" + s.set()}); err == nil {
		for _, item := range list.Items {
			names = append(names, item.Get("metadata", "name").Str())
		}
	}
	slices.Sort(names)
	if err := s.removeParts(ctx, slices.Compact(names), []string{s.Home.Name}); err != nil {
		return err
	}
	_, err := s.Server.Delete(ctx, secrets, s.Home.Namespace, s.Home.Name, DeleteOptions{UID: inv.uid})
	return err
}

// set is the name of the set of objects whose inventory this is.
func (s *Store) set() string { return setID(s.Home.Name, s.Home.Namespace) }

// labelInventory is on all Secrets of an inventory; its value is the name of the set.
const labelInventory = "couplet.dev/inventory"

func (s *Store) secret(name string, annotations map[string]string, data map[string][]byte) value.Value {
	labels := map[string]string{"app.kubernetes.io/managed-by": "couplet", labelInventory: s.set()}
	if annotations != nil {
		labels[labelSetID] = s.set()
	}
	encoded := map[string]string{}
	for key, bytes := range data {
		encoded[key] = base64.StdEncoding.EncodeToString(bytes)
	}
	return value.Object(
		value.Field{Name: "apiVersion", Value: value.String("v1")},
		value.Field{Name: "kind", Value: value.String("Secret")},
		value.Field{Name: "metadata", Value: value.Object(
			value.Field{Name: "name", Value: value.String(name)},
			value.Field{Name: "namespace", Value: value.String(s.Home.Namespace)},
			value.Field{Name: "labels", Value: stringMap(labels)},
			value.Field{Name: "annotations", Value: stringMap(annotations)},
		)},
		value.Field{Name: "type", Value: value.String(secretType)},
		value.Field{Name: "data", Value: stringMap(encoded)},
	)
}

func withResourceVersion(v value.Value, version string) value.Value {
	return v.With("metadata", v.Get("metadata").With("resourceVersion", value.String(version)))
}

func stringMap(m map[string]string) value.Value {
	var fields []value.Field
	for _, name := range slices.Sorted(maps.Keys(m)) {
		fields = append(fields, value.Field{Name: name, Value: value.String(m[name])})
	}
	return value.Object(fields...)
}

func pack(text []byte) []byte {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
	_, _ = w.Write(text) // a buffer takes everything
	_ = w.Close()
	return out.Bytes()
}

// maxUnpacked is more than any inventory or bundle takes.
const maxUnpacked = 1 << 30

func unpack(packed []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(r, maxUnpacked))
}

func randomKey() []byte {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails: see crypto/rand
	return key
}
