package cluster

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/value"
)

// Adoption tells what another tool has applied, which couplet is to go on with.
type Adoption struct {
	// Tool is its name for people.
	Tool string
	// Selectors choose, by labels, what the tool left behind; none finds nothing but the
	// objects of the bundle.
	Selectors []string `json:",omitempty"`
	// Namespace limits what is looked for; "" is everywhere.
	Namespace string `json:",omitempty"`
	// Label and Value are what tells this environment's objects from others of the tool. An
	// object with another value is not taken.
	Label string `json:",omitempty"`
	Value string `json:",omitempty"`
	// Managers are the field managers of the tool.
	Managers []string
}

// Field managers of those who apply without server-side apply: kubectl, and whoever applied
// before the server kept account of fields.
const (
	managerClientSide = "kubectl-client-side-apply"
	managerBefore     = "before-first-apply"
)

const (
	labelTanka         = "tanka.dev/environment"
	annotationKsonnet  = "ksonnet.io/managed"
	selectorKsonnet    = "app.kubernetes.io/deploy-manager=ksonnet"
	selectorComponents = "ksonnet.io/component"
)

// AdoptKubectl takes objects of the bundle over from kubectl apply, create and replace. What
// people did with edit, patch or scale stays theirs.
func AdoptKubectl() *Adoption {
	return &Adoption{Tool: "kubectl", Managers: []string{managerClientSide, managerBefore, "kubectl", "kubectl-create", "kubectl-replace"}}
}

// AdoptKsonnet takes over what ksonnet left in a namespace: it had no label for the
// environment.
func AdoptKsonnet(namespace string) *Adoption {
	return &Adoption{
		Tool: "ksonnet", Selectors: []string{selectorKsonnet, selectorComponents}, Namespace: namespace,
		Managers: []string{"ks", "ksonnet", managerClientSide, managerBefore},
	}
}

// AdoptTanka takes over what Tanka left of an environment, whose label has this value.
func AdoptTanka(environment string) *Adoption {
	return &Adoption{
		Tool: "Tanka", Selectors: []string{labelTanka + "=" + environment}, Label: labelTanka, Value: environment,
		Managers: []string{"tanka", managerClientSide, managerBefore},
	}
}

// ToolOf names the tool whose fields a manager's are, for --adopt; "" where it is none of those.
func ToolOf(manager string) string {
	switch manager {
	case "ks":
		return "ksonnet"
	case "tanka":
		return "tanka"
	case managerClientSide, managerBefore:
		return "kubectl"
	}
	return ""
}

// managersOf are the tool's managers that hold fields of an object. Where the server has kept no
// account of fields, it will say of all of them that they were there before.
func (ad *Adoption) managersOf(live value.Value) []string {
	entries := live.Get("metadata", "managedFields").Items()
	if len(entries) == 0 && slices.Contains(ad.Managers, managerBefore) {
		return []string{managerBefore}
	}
	var out []string
	for _, entry := range entries {
		if name := entry.Get("manager").Str(); slices.Contains(ad.Managers, name) && entry.Get("subresource").Str() == "" {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// applied tells whether the tool itself applied an object: controllers copy labels to what
// they make.
func (ad *Adoption) applied(live value.Value) bool {
	metadata := live.Get("metadata")
	for _, owner := range metadata.Get("ownerReferences").Items() {
		if owner.Get("controller").Bool() {
			return false
		}
	}
	annotations := metadata.Get("annotations")
	return annotations.Has(lastApplied) || annotations.Has(annotationKsonnet) || len(ad.managersOf(live)) > 0
}

// isOther tells whether an object belongs to another environment of the tool.
func (ad *Adoption) isOther(live value.Value) bool {
	of := live.Get("metadata", "labels", ad.Label).Str()
	return ad.Label != "" && of != "" && of != ad.Value
}

// matches tells whether a selector, KEY or KEY=VALUE, chooses an object.
func (ad *Adoption) matches(live value.Value) bool {
	labels := live.Get("metadata", "labels")
	if ad.Namespace != "" && live.Get("metadata", "namespace").Str() != ad.Namespace {
		return false
	}
	return slices.ContainsFunc(ad.Selectors, func(selector string) bool {
		key, want, hasValue := strings.Cut(selector, "=")
		return labels.Has(key) && (!hasValue || labels.Get(key).Str() == want)
	})
}

// isLeftover tells whether an object on the cluster is one that the tool left behind and
// nobody has taken.
func (p *planner) isLeftover(live value.Value) bool {
	return p.Adopt != nil && setOf(live) == "" && p.Adopt.matches(live) && p.Adopt.applied(live)
}

// leftovers look through all kinds for what the tool left behind, beside what the bundle and
// the inventory have.
func (p *planner) leftovers(ctx context.Context, actions []Action) ([]Deletion, error) {
	known := map[string]bool{}
	for _, a := range actions {
		known[a.Live.Get("metadata", "uid").Str()] = true
		known[a.Object.Identity().String()] = true
	}
	for _, e := range p.inv.Entries {
		known[e.Identity().String()] = true
	}
	resources, err := p.server.Resources(ctx)
	if err != nil {
		return nil, err
	}
	var out []Deletion
	for _, r := range resources {
		if p.Adopt.Namespace != "" && !r.Namespaced || !slices.Contains(r.Verbs, "delete") {
			continue
		}
		for _, selector := range p.Adopt.Selectors {
			list, err := p.server.List(ctx, r, p.Adopt.Namespace, ListOptions{Labels: selector})
			if err != nil && !IsNotServed(err) {
				return nil, fmt.Errorf("what %s left behind cannot be looked for: %w", p.Adopt.Tool, err)
			}
			for _, item := range list.Items {
				id, uid := identityOf(item), item.Get("metadata", "uid").Str()
				if p.isLeftover(item) && !known[uid] && !known[id.String()] {
					known[uid] = true
					out = append(out, p.leftover(r, item))
				}
			}
		}
	}
	return out, nil
}

func (p *planner) leftover(r Resource, live value.Value) Deletion {
	id := identityOf(live)
	return p.judged(Deletion{Resource: r, Live: live, Adopted: true, Protected: protected[definedKind{id.Group, id.Kind}], Entry: Entry{
		Group: id.Group, Version: r.Version, Kind: id.Kind, Namespace: id.Namespace, Name: id.Name, UID: live.Get("metadata", "uid").Str(),
	}})
}
