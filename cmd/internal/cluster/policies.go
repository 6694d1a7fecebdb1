package cluster

import (
	"context"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/object"
)

// policyKind is how the kinds of admission policies end, and with bindingKind behind it those of
// their bindings.
const (
	policyKind  = "AdmissionPolicy"
	bindingKind = "Binding"
)

func policiesOf(objects []object.Object) map[string]bool {
	out := map[string]bool{}
	for _, o := range objects {
		if strings.HasSuffix(o.Kind(), policyKind) {
			out[o.Kind()+"/"+o.Name()] = true
		}
	}
	return out
}

// awaitsPolicy tells whether the server may reject the binding of an admission policy only
// because the policy, which the bundle brings, is not there: who may not read everything must
// have the right to read its parameters, of which nobody knows yet what they are.
func (p *planner) awaitsPolicy(ctx context.Context, a Action) bool {
	kind, is := strings.CutSuffix(a.Object.Kind(), bindingKind)
	name := a.Object.Value.Get("spec", "policyName").Str()
	if !is || !p.policies[kind+"/"+name] {
		return false
	}
	r, err := p.server.Resource(ctx, a.Object.APIVersion(), kind)
	if err != nil {
		return false
	}
	policy, err := p.live(ctx, r, object.Identity{Group: r.Group, Kind: kind, Name: name})
	return err == nil && policy.IsNull()
}
