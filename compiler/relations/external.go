package relations

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// External declares objects that a bundle may refer to and does not have: Kind/name of any
// namespace or of none, or Kind/namespace/name, where * stands for any characters.
type External []string

// Invalid gives the first declaration that has another form; "" where there is none.
func (e External) Invalid() string {
	for _, pattern := range e {
		parts := strings.Split(pattern, "/")
		if len(parts) < 2 || len(parts) > 3 || slices.Contains(parts, "") {
			return pattern
		}
		for _, part := range parts {
			if _, err := path.Match(part, ""); err != nil {
				return pattern
			}
		}
	}
	return ""
}

func (e External) has(id identity) bool {
	for _, pattern := range slices.Concat(own, e) {
		parts := strings.Split(pattern, "/")
		if parts[0] != id.kind {
			continue
		}
		name := matches(parts[len(parts)-1], id.name)
		if name && (len(parts) == 2 || matches(parts[1], id.namespace)) {
			return true
		}
	}
	return false
}

func matches(pattern, text string) bool {
	ok, err := path.Match(pattern, text)
	return ok && err == nil
}

// declaration is how an object would be declared.
func declaration(id identity) string {
	if id.namespace == "" {
		return id.kind + "/" + id.name
	}
	return fmt.Sprintf("%s/%s/%s", id.kind, id.namespace, id.name)
}

// own is what every cluster makes for itself.
var own = External{
	"Namespace/default", "Namespace/kube-system", "Namespace/kube-public", "Namespace/kube-node-lease",
	"ServiceAccount/default", "ServiceAccount/kube-system/*", "ConfigMap/kube-root-ca.crt",
	"Service/default/kubernetes", "PriorityClass/system-cluster-critical", "PriorityClass/system-node-critical",
	"ClusterRole/cluster-admin", "ClusterRole/admin", "ClusterRole/edit", "ClusterRole/view", "ClusterRole/system:*",
	"Role/kube-system/*", "Role/kube-public/system:*",
}
