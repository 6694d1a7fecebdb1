package schemas_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/couplet-k8s/couplet/schemas"
)

func TestCustom(t *testing.T) {
	for _, test := range []struct{ group, kind, from string }{
		{"cert-manager.io", "Certificate", "cert-manager v1."},
		{"monitoring.coreos.com", "PrometheusRule", "Prometheus Operator v0."},
		{"gateway.networking.k8s.io", "HTTPRoute", "Gateway API v1."},
		{"argoproj.io", "Application", "Argo CD v3."},
		{"argoproj.io", "Rollout", "Argo Rollouts v1."},
		{"kustomize.toolkit.fluxcd.io", "Kustomization", "Flux's kustomize controller v1."},
	} {
		text, from, ok := schemas.Custom(test.group, test.kind)
		if !ok || !strings.HasPrefix(from, test.from) {
			t.Errorf("%s of %s: from %q", test.kind, test.group, from)
			continue
		}
		var crd struct {
			Spec struct {
				Group    string
				Names    struct{ Kind string }
				Versions []struct {
					Schema struct{ OpenAPIV3Schema map[string]any }
				}
			}
		}
		if err := json.Unmarshal(text, &crd); err != nil {
			t.Fatal(err)
		}
		if crd.Spec.Group != test.group || crd.Spec.Names.Kind != test.kind || len(crd.Spec.Versions[0].Schema.OpenAPIV3Schema) == 0 {
			t.Errorf("%s of %s: the definition is another, or has no schema", test.kind, test.group)
		}
	}
	for _, none := range [][2]string{{"", "Pod"}, {"cert-manager.io", "certificate"}, {"example.com", "Gadget"}} {
		if _, _, ok := schemas.Custom(none[0], none[1]); ok {
			t.Errorf("there is a definition of %v", none)
		}
	}
}
