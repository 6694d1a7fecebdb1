package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/couplet-k8s/couplet/cmd/internal/cluster"
	"github.com/couplet-k8s/couplet/compiler"
	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/bundle"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// RBACOptions choose which rights rbac prints, and for whom.
type RBACOptions struct {
	JsonnetOptions
	Environment string
	Namespace   string
	// Users, Groups and ServiceAccounts are who gets the rights; of the latter each is NAME or
	// NAMESPACE/NAME.
	Users, Groups, ServiceAccounts []string
	Prune, List, Explain, AnyName  bool
	Output                         string
}

func newRBAC(p *Process) *cobra.Command {
	var o RBACOptions
	cmd := &cobra.Command{
		Use:   "rbac ENV",
		Short: "Print the rights that applying an environment needs",
		Long: `Print the Roles, ClusterRole and bindings that somebody needs who applies the environment,
and no more. No cluster is asked: the rights follow from the objects. Verbs are those that
"couplet apply" sends; names limit them wherever the API server looks at names. So the
rights change with the objects: print and grant them again when objects are added.

Included are the inventory and the lease by their names, and the reading of kube-system,
by which the cluster is recognised. Roles and bindings among the objects need the verbs
escalate and bind, which give others rights that the deployer lacks: they stand in Roles
of their own (NAME.delegate), to be granted or not. What every user may do is left out.

Namespaces that the environment makes, and that hold Roles, are printed too: somebody with
more rights has to make them before.

Some rights are only printed when asked for:
  --prune     delete: for apply --prune and --replace, delete, rollback --prune. What is no
              longer in the source has no rights any more: delete it with the old ones.
  --list      list and watch, of whole namespaces, for plans of many objects in few
              requests. Secrets are never listed: that would show those of others.
  --explain   pods, their logs, and events, for the reasons why something is not ready.
  --any-name  without names, so that new objects of known kinds need no new rights.`,
		Example: `  couplet rbac prod --service-account ci/deployer | kubectl apply -f -
  couplet rbac prod --group deployers --prune
  couplet rbac prod --user jane@example.com --list --explain -o json`,
		Args:              exactly(1, "an environment", p),
		ValidArgsFunction: p.completeEnvironments,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Environment = args[0]
			return runRBAC(cmd.Context(), o, p)
		},
	}
	o.JsonnetOptions.bind(cmd, p)
	f := cmd.Flags()
	f.StringVarP(&o.Namespace, "namespace", "n", "", "the `NAMESPACE` of objects that name none, whatever the environment says")
	f.StringArrayVar(&o.Users, "user", nil, "give the rights to `USER`; may be repeated")
	f.StringArrayVar(&o.Groups, "group", nil, "give the rights to `GROUP`; may be repeated")
	f.StringArrayVar(&o.ServiceAccounts, "service-account", nil, "give the rights to the service account `[NAMESPACE/]NAME`; may be repeated")
	f.BoolVar(&o.Prune, "prune", false, "add the right to delete what the environment has")
	f.BoolVar(&o.List, "list", false, "add the right to list and watch, which makes plans of many objects quicker")
	f.BoolVar(&o.Explain, "explain", false, "add the right to read pods, logs and events, for the reasons of failures")
	f.BoolVar(&o.AnyName, "any-name", false, "do not limit the rights to the names of the environment's objects")
	outputFlag(cmd, &o.Output, "yaml", "json")
	return cmd
}

func runRBAC(ctx context.Context, o RBACOptions, p *Process) error {
	opts, err := o.compile(SelectOptions{}, p)
	if err != nil {
		return err
	}
	env, found := p.environment(ctx, o.Environment, opts)
	if err := found.Err(); err != nil {
		return err
	}
	if env, found = p.inlineEnvironment(ctx, env, opts); found.HasErrors() {
		return found
	}
	env = withNamespace(env, o.Namespace)
	opts.Check, opts.Vendored = true, true
	b, found := compiler.Compile(ctx, p.Files, env, opts)
	if b == nil {
		return found.Err()
	}
	p.report(found)
	t := &target{process: p, env: env, app: p.appName(env), namespace: env.Destination.Namespace}
	objects, err := o.objects(t, b)
	if err != nil {
		return err
	}
	if len(o.Users)+len(o.Groups)+len(o.ServiceAccounts) == 0 {
		fmt.Fprintln(p.Err, "note: nobody is given these rights: --user, --group or --service-account says who")
	}
	granting := &bundle.Bundle{Objects: objects}
	if o.Output == "json" {
		return p.write(granting.JSON())
	}
	return p.writeBy(granting.WriteYAML)
}

// objects are the namespaces, roles and bindings.
func (o *RBACOptions) objects(t *target, b *bundle.Bundle) ([]object.Object, error) {
	home := cluster.HomeOf(t.app, t.env.Name, t.namespace, t.env.Destination.Inventory, b.Objects)
	grants, unknown := cluster.Rights(b.Objects, cluster.RightsOptions{
		Home: home, Namespace: t.namespace, ByCA: strings.HasPrefix(t.env.Destination.Cluster, "ca:"),
		Prune: o.Prune, List: o.List, Explain: o.Explain, AnyName: o.AnyName, Resource: resourcesOf(b),
	})
	if unknown != nil {
		return nil, t.unknownResources(unknown)
	}
	subjects := o.subjects(t.namespace)
	var out []object.Object
	for _, one := range b.Objects {
		if one.Kind() == "Namespace" && slices.ContainsFunc(grants, func(g cluster.Grant) bool { return g.Namespace == one.Name() }) {
			out = append(out, object.Object{Value: namespaceOf(one.Name())})
		}
	}
	for _, g := range grants {
		out = append(out, object.Object{Value: g.Role(home.Name)})
		if subjects != nil {
			out = append(out, object.Object{Value: g.Binding(home.Name, subjects...)})
		}
	}
	return out, nil
}

// resourcesOf finds resources as the schemas of an environment know them. A version that
// they do not know has the resource of another.
func resourcesOf(b *bundle.Bundle) func(apiVersion, kind string) (cluster.Resource, bool) {
	known := map[[2]string]cluster.Resource{}
	for _, k := range compiler.Kinds(b) {
		known[[2]string{k.Group, k.Kind}] = cluster.Resource{Group: k.Group, Version: k.Version, Kind: k.Kind, Name: k.Plural, Namespaced: k.Namespaced}
	}
	return func(apiVersion, kind string) (cluster.Resource, bool) {
		group, _ := object.GroupVersion(apiVersion)
		r, ok := known[[2]string{group, kind}]
		return r, ok
	}
}

func (t *target) unknownResources(unknown []object.Object) error {
	var found diag.List
	for _, o := range unknown {
		found.Add(diag.Diagnostic{
			Code: diag.NoSchema, Span: o.Span, Object: o.Identity().String(), Environment: t.env.Name,
			Message: fmt.Sprintf("nothing says by which resource name the server knows the kind %s of %s", o.Kind(), o.APIVersion()),
			Hint:    "put the CustomResourceDefinition of the kind into the folder " + app.DefinitionsDir,
		})
	}
	return found.Sorted()
}

// subjects are those who get the rights. A service account without a namespace is in that of
// the environment.
func (o *RBACOptions) subjects(namespace string) []value.Value {
	var out []value.Value
	add := func(kind, name string, more ...value.Field) {
		out = append(out, value.Object(append(more, value.Field{Name: "kind", Value: value.String(kind)}, value.Field{Name: "name", Value: value.String(name)})...))
	}
	group := value.Field{Name: "apiGroup", Value: value.String("rbac.authorization.k8s.io")}
	for _, name := range o.Users {
		add("User", name, group)
	}
	for _, name := range o.Groups {
		add("Group", name, group)
	}
	for _, text := range o.ServiceAccounts {
		in, name, ok := strings.Cut(text, "/")
		if !ok {
			in, name = cmp.Or(namespace, "default"), text
		}
		add("ServiceAccount", name, value.Field{Name: "namespace", Value: value.String(in)})
	}
	return out
}

func namespaceOf(name string) value.Value {
	return value.Object(
		value.Field{Name: "apiVersion", Value: value.String("v1")}, value.Field{Name: "kind", Value: value.String("Namespace")},
		value.Field{Name: "metadata", Value: value.Object(value.Field{Name: "name", Value: value.String(name)})},
	)
}
