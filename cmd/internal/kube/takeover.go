package kube

import (
	"encoding/json"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/client-go/util/csaupgrade"

	"github.com/couplet-k8s/couplet/cmd/internal/cluster"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// TakeOver implements cluster.Server. What another manager applied by server-side apply is
// handled like what one applied from the client's side.
func (c *Client) TakeOver(object value.Value, managers []string) (value.Value, bool, error) {
	there := object.Get("metadata", "managedFields")
	u := &unstructured.Unstructured{Object: members(object)}
	entries := u.GetManagedFields()
	moved := false
	for i, entry := range entries {
		if entry.Subresource == "" && slices.Contains(managers, entry.Manager) {
			entries[i].Operation, moved = metav1.ManagedFieldsOperationUpdate, true
		}
	}
	if !moved {
		return there, false, nil
	}
	u.SetManagedFields(entries)
	if err := csaupgrade.UpgradeManagedFields(u, sets.New(managers...), cluster.Manager); err != nil {
		return there, false, err
	}
	text, err := json.Marshal(u.GetManagedFields())
	if err != nil {
		return there, false, err
	}
	fields, err := decodeJSON(text)
	return fields, true, err
}
