package cluster

import "github.com/couplet-k8s/couplet/compiler/value"

// Role is the object that makes a grant a right: a ClusterRole, or a Role.
func (g Grant) Role(name string) value.Value {
	rules := make([]value.Value, len(g.Rules))
	for i, rule := range g.Rules {
		rules[i] = rule.value()
	}
	return value.Object(
		value.Field{Name: "apiVersion", Value: value.String(rbac + "/v1")},
		value.Field{Name: "kind", Value: value.String(g.kind())},
		value.Field{Name: "metadata", Value: g.metadata(name).With("annotations", stringMap(map[string]string{"kubernetes.io/description": g.why()}))},
		value.Field{Name: "rules", Value: value.Array(rules...)},
	)
}

// Binding is the object that gives the role to subjects.
func (g Grant) Binding(name string, subjects ...value.Value) value.Value {
	return value.Object(
		value.Field{Name: "apiVersion", Value: value.String(rbac + "/v1")},
		value.Field{Name: "kind", Value: value.String(g.kind() + "Binding")},
		value.Field{Name: "metadata", Value: g.metadata(name)},
		value.Field{Name: "roleRef", Value: stringMap(map[string]string{"apiGroup": rbac, "kind": g.kind(), "name": g.name(name)})},
		value.Field{Name: "subjects", Value: value.Array(subjects...)},
	)
}

func (g Grant) kind() string {
	if g.Namespace == "" {
		return "ClusterRole"
	}
	return "Role"
}

func (g Grant) name(name string) string {
	if g.Delegates {
		return name + ".delegate"
	}
	return name
}

func (g Grant) why() string {
	if g.Delegates {
		return "To give others rights that the deployer does not have: escalate makes and changes roles, bind gives them to somebody. " +
			"Who has escalate can give a role any rights. Without this, the deployer needs all rights that these roles have."
	}
	return "What couplet sends to apply the environment."
}

// metadata has no namespace in a ClusterRole.
func (g Grant) metadata(name string) value.Value {
	fields := []value.Field{{Name: "name", Value: value.String(g.name(name))}}
	if g.Namespace != "" {
		fields = append(fields, value.Field{Name: "namespace", Value: value.String(g.Namespace)})
	}
	return value.Object(fields...)
}

func (r Rule) value() value.Value {
	out := value.Object(
		value.Field{Name: "apiGroups", Value: stringList([]string{r.Group})},
		value.Field{Name: "resources", Value: stringList([]string{r.Resource})},
		value.Field{Name: "verbs", Value: stringList(r.Verbs)},
	)
	if r.Names != nil {
		out = out.With("resourceNames", stringList(r.Names))
	}
	return out
}

func stringList(texts []string) value.Value {
	out := make([]value.Value, len(texts))
	for i, text := range texts {
		out[i] = value.String(text)
	}
	return value.Array(out...)
}
