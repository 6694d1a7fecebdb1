package cluster

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/couplet-k8s/couplet/compiler/decode"
	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// SavedPlan is a plan as it stands in a file. It holds the objects, so that what is applied
// later is what was looked at, and what the cluster was like: when the plan is made again
// from the objects and comes out otherwise, the cluster has moved.
type SavedPlan struct {
	// Format is planFormat.
	Format      string `json:"format"`
	App         string `json:"app,omitempty"`
	Environment string `json:"environment"`
	// Cluster is the identity of the cluster that the plan is for.
	Cluster string `json:"cluster"`
	Commit  string `json:"commit,omitempty"`
	Home    Home   `json:"home"`
	// Force, Replace and Partial are those of PlanOptions.
	Force   []string `json:"force,omitempty"`
	Replace bool     `json:"replace,omitempty"`
	Partial bool     `json:"partial,omitempty"`
	// Adopt is that of PlanOptions.
	Adopt *Adoption `json:"adopt,omitempty"`
	// Namespace is that of objects that name none.
	Namespace string            `json:"namespace,omitempty"`
	Objects   []json.RawMessage `json:"objects"`
	// States are the sums of what the plan does to each object, by the objects' identities.
	States map[string]string `json:"states"`
}

const planFormat = "couplet.dev/plan/v1"

// Save gives the plan as it stands in a file. Objects are those that it was made from.
func (p *Plan) Save(saved SavedPlan, objects []object.Object) SavedPlan {
	saved.Format, saved.States = planFormat, p.states()
	for _, o := range objects {
		saved.Objects = append(saved.Objects, json.RawMessage(appendJSON(o.Value)))
	}
	return saved
}

// ReadPlan reads a file that Save made.
func ReadPlan(text []byte) (SavedPlan, []object.Object, error) {
	var saved SavedPlan
	if err := json.Unmarshal(text, &saved); err != nil {
		return saved, nil, fmt.Errorf("it is no plan of couplet's: %w", err)
	}
	if saved.Format != planFormat {
		return saved, nil, fmt.Errorf("it is no plan of couplet's, or one of another version: its format is %q, want %q", saved.Format, planFormat)
	}
	objects := make([]object.Object, len(saved.Objects))
	for i, raw := range saved.Objects {
		v, found := decode.JSON(source.NewFile("the plan", string(raw)))
		if found.HasErrors() {
			return saved, nil, found.Err()
		}
		objects[i] = object.Object{Value: v}
	}
	return saved, objects, nil
}

// states are sums of what the plan does to each object, and of what the object is like.
func (p *Plan) states() map[string]string {
	out := map[string]string{}
	for _, a := range p.Actions {
		out[a.Object.Identity().String()] = sumOf(string(a.Op), a.desired, stateOf(a.Live))
	}
	for _, d := range p.Deletions {
		out[d.Entry.Identity().String()] = sumOf("delete", d.Kept, stateOf(d.Live))
	}
	return out
}

// stateOf is the sum of an object without its status: another object of its name, and another
// value of one of its fields, make it another.
func stateOf(live value.Value) string {
	if live.IsNull() {
		return ""
	}
	return live.Get("metadata", "uid").Str() + digest(comparable(live))
}

func sumOf(parts ...string) string {
	sum := sha256.New()
	for _, part := range parts {
		fmt.Fprintf(sum, "%d %s", len(part), part)
	}
	return digestText(sum)
}

// Moved are the objects with which a plan that was made again does something else than the
// saved one.
func (p *Plan) Moved(saved SavedPlan) []string {
	now := p.states()
	var out []string
	for id, state := range saved.States {
		if now[id] != state {
			out = append(out, id)
		}
	}
	for id := range now {
		if _, known := saved.States[id]; !known {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

// Fingerprint tells secret values apart: by a key that only the inventory has.
func (inv *Inventory) Fingerprint() func(data []byte) string {
	key := inv.Key
	if key == nil {
		key = randomKey()
	}
	return func(data []byte) string {
		mac := hmac.New(sha256.New, key)
		mac.Write(data)
		const few = 5
		return hex.EncodeToString(mac.Sum(nil)[:few])
	}
}

// errNotApplied is about an environment of which the cluster knows nothing.
var errNotApplied = errors.New("nothing of this environment has been applied to this cluster")

// IsNotApplied tells whether an error is about an environment that has no inventory.
func IsNotApplied(err error) bool { return errors.Is(err, errNotApplied) }
