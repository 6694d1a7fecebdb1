//go:build unix

package faults

import (
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// review is the part of an AdmissionReview that matters here.
type review struct {
	APIVersion string         `json:"apiVersion"`
	Kind       string         `json:"kind"`
	Request    *reviewRequest `json:"request,omitempty"`
	Response   *reviewAnswer  `json:"response,omitempty"`
}

type reviewRequest struct {
	UID    string `json:"uid"`
	Name   string `json:"name"`
	DryRun bool   `json:"dryRun"`
}

type reviewAnswer struct {
	UID     string            `json:"uid"`
	Allowed bool              `json:"allowed"`
	Status  map[string]string `json:"status,omitempty"`
}

// refuse has a webhook refuse the ConfigMap of a name in a namespace, until it is removed.
func (w *world) refuse(t *testing.T, namespace, name string, dry, missing bool) (remove func()) {
	t.Helper()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var asked review
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil || asked.Request == nil {
			http.Error(w, "no review", http.StatusBadRequest)
			return
		}
		refused := asked.Request.Name == name && (dry || !asked.Request.DryRun)
		asked.Response = &reviewAnswer{UID: asked.Request.UID, Allowed: !refused}
		if refused {
			asked.Response.Status = map[string]string{"message": "no such map here"}
		}
		asked.Request = nil
		_ = json.NewEncoder(w).Encode(asked)
	}))
	t.Cleanup(server.Close)
	authority := base64.StdEncoding.EncodeToString(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	client := fmt.Sprintf(`{"url": %q, "caBundle": %q}`, server.URL, authority)
	if missing {
		client = fmt.Sprintf(`{"service": {"namespace": %q, "name": "nowhere"}}`, namespace)
	}
	w.create(t, fmt.Sprintf(`{"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration", "metadata": {"name": %q}, "webhooks": [{
		"name": "maps.example.com", "admissionReviewVersions": ["v1"], "sideEffects": "None", "failurePolicy": "Fail", "timeoutSeconds": 5, "clientConfig": %s,
		"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": %q}},
		"rules": [{"apiGroups": [""], "apiVersions": ["v1"], "resources": ["configmaps"], "operations": ["CREATE", "UPDATE"]}]}]}`, namespace, client, namespace))
	time.Sleep(2 * time.Second) // the server reads its webhooks once a second
	return func() {
		t.Helper()
		w.remove(t, "admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", "", namespace)
		time.Sleep(2 * time.Second)
	}
}

// hold keeps a namespace from going: an object in it has a finalizer, which release removes.
func (w *world) hold(t *testing.T, namespace string) (release func()) {
	t.Helper()
	w.create(t, fmt.Sprintf(`{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "holding", "namespace": %q, "finalizers": ["example.com/hold"]}}`, namespace))
	return func() { w.patch(t, "v1", "ConfigMap", namespace, "holding", "", `{"metadata": {"finalizers": null}}`) }
}
