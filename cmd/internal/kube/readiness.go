package kube

import (
	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/couplet-k8s/couplet/cmd/internal/cluster"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// phases are kstatus' own by our words.
var phases = map[status.Status]cluster.Phase{
	status.CurrentStatus: cluster.Current, status.InProgressStatus: cluster.InProgress, status.FailedStatus: cluster.Failed,
	status.TerminatingStatus: cluster.Terminating, status.NotFoundStatus: cluster.Missing, status.UnknownStatus: cluster.Unknown,
}

// Readiness implements cluster.Server.
func (c *Client) Readiness(object value.Value) cluster.Readiness {
	result, err := status.Compute(&unstructured.Unstructured{Object: members(object)})
	if err != nil {
		return cluster.Readiness{Phase: cluster.Unknown, Message: err.Error()}
	}
	return cluster.Readiness{Phase: phases[result.Status], Message: result.Message}
}

// members gives an object in the form of package unstructured, whose integers are int64.
func members(v value.Value) map[string]any {
	out := make(map[string]any, len(v.Fields()))
	for _, f := range v.Fields() {
		out[f.Name] = untyped(f.Value)
	}
	return out
}

func untyped(v value.Value) any {
	switch v.Kind() {
	case value.KindObject:
		return members(v)
	case value.KindArray:
		items := make([]any, len(v.Items()))
		for i, item := range v.Items() {
			items[i] = untyped(item)
		}
		return items
	case value.KindNumber:
		if v.IsInteger() {
			return int64(v.Float())
		}
		return v.Float()
	}
	return v.ToGo()
}
