package kube

import (
	"context"
	"slices"
	"strings"

	"k8s.io/client-go/rest"

	"github.com/couplet-k8s/couplet/cmd/internal/cluster"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// aggregated asks for all groups, versions and resources in one answer (KEP-3352); a server
// that does not know the form answers with the older one.
const aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"

// kindOf is what a resource is looked up by.
type kindOf struct{ group, version, kind string }

// resources are what a server serves.
type resources struct {
	byKind map[kindOf]cluster.Resource
	// preferred has each resource once, in the version that the server prefers.
	preferred []cluster.Resource
	// silent are the versions, apps/v1, about which the server cannot say now what there is:
	// another API server has them, which does not answer.
	silent map[string]bool
}

// Resource implements cluster.Server.
func (c *Client) Resource(ctx context.Context, apiVersion, kind string) (cluster.Resource, error) {
	known, err := c.served(ctx)
	if err != nil {
		return cluster.Resource{}, err
	}
	group, version, ok := strings.Cut(apiVersion, "/")
	if !ok {
		group, version = "", apiVersion
	}
	r, ok := known.byKind[kindOf{group, version, kind}]
	switch {
	case ok:
		return r, nil
	case known.silent[apiVersion]:
		return r, cluster.NotAvailable(apiVersion)
	}
	return r, cluster.NotServed(apiVersion, kind)
}

// Preferred implements cluster.Server.
func (c *Client) Preferred(ctx context.Context, group, kind string) (cluster.Resource, error) {
	known, err := c.served(ctx)
	if err != nil {
		return cluster.Resource{}, err
	}
	for _, r := range known.preferred {
		if r.Group == group && r.Kind == kind && slices.Contains(r.Verbs, "get") {
			return r, nil
		}
	}
	for version := range known.silent {
		if of, _, _ := strings.Cut(version, "/"); of == group {
			return cluster.Resource{}, cluster.NotAvailable(version)
		}
	}
	return cluster.Resource{}, cluster.NotServed(group, kind)
}

// Resources implements cluster.Server.
func (c *Client) Resources(ctx context.Context) ([]cluster.Resource, error) {
	known, err := c.served(ctx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(known.preferred), func(r cluster.Resource) bool {
		return !slices.Contains(r.Verbs, "list")
	}), nil
}

// Forget implements cluster.Server.
func (c *Client) Forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.resources = nil
}

func (c *Client) served(ctx context.Context) (*resources, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.resources != nil {
		return c.resources, nil
	}
	found := &resources{byKind: map[kindOf]cluster.Resource{}, silent: map[string]bool{}}
	for _, root := range []string{"/api", "/apis"} {
		answer, err := c.discover(ctx, root)
		if err != nil {
			return nil, err
		}
		if answer.Get("kind").Str() == "APIGroupDiscoveryList" {
			found.addAggregated(answer)
		} else if err := c.addEach(ctx, found, root, answer); err != nil {
			return nil, err
		}
	}
	c.resources = found
	return found, nil
}

func (c *Client) discover(ctx context.Context, path string) (value.Value, error) {
	return c.send(ctx, func() *rest.Request { return c.rest.Get().AbsPath(path).SetHeader("Accept", aggregated) })
}

// addAggregated takes the versions of each group in the order of the server's preference.
func (rs *resources) addAggregated(list value.Value) {
	for _, group := range list.Get("items").Items() {
		seen := map[string]bool{}
		name := group.Get("metadata", "name").Str()
		for _, version := range group.Get("versions").Items() {
			if version.Get("freshness").Str() == "Stale" {
				rs.silent[name+"/"+version.Get("version").Str()] = true
			}
			for _, r := range version.Get("resources").Items() {
				rs.add(cluster.Resource{
					Group: name, Version: version.Get("version").Str(),
					Kind: r.Get("responseKind", "kind").Str(), Name: r.Get("resource").Str(),
					Namespaced: r.Get("scope").Str() == "Namespaced", Verbs: texts(r.Get("verbs")),
				}, seen)
			}
		}
	}
}

func (rs *resources) add(r cluster.Resource, seen map[string]bool) {
	key := kindOf{r.Group, r.Version, r.Kind}
	// Of several resources with one kind the one that can be read by name is meant.
	if old, there := rs.byKind[key]; !there || !slices.Contains(old.Verbs, "get") {
		rs.byKind[key] = r
	}
	if !seen[r.Name] {
		seen[r.Name] = true
		rs.preferred = append(rs.preferred, r)
	}
}

// addEach asks a server without aggregated discovery about one version after the other.
func (c *Client) addEach(ctx context.Context, rs *resources, root string, answer value.Value) error {
	if root == "/api" {
		return c.addVersions(ctx, rs, root, "", texts(answer.Get("versions")))
	}
	for _, group := range answer.Get("groups").Items() {
		preferred := group.Get("preferredVersion", "version").Str()
		versions := []string{preferred}
		for _, v := range group.Get("versions").Items() {
			if name := v.Get("version").Str(); name != preferred {
				versions = append(versions, name)
			}
		}
		if err := c.addVersions(ctx, rs, root, group.Get("name").Str(), versions); err != nil {
			return err
		}
	}
	return nil
}

func (c *Client) addVersions(ctx context.Context, rs *resources, root, group string, versions []string) error {
	seen := map[string]bool{}
	for _, version := range versions {
		parts := []string{root, version}
		if group != "" {
			parts = []string{root, group, version}
		}
		list, err := c.send(ctx, func() *rest.Request { return c.rest.Get().AbsPath(parts...) })
		if cluster.IsNotAvailable(err) {
			rs.silent[group+"/"+version] = true
		}
		if cluster.IsNotServed(err) || cluster.IsNotAvailable(err) {
			continue // an API server behind this one that is down hides its own kinds only
		}
		if err != nil {
			return err
		}
		for _, r := range list.Get("resources").Items() {
			if name := r.Get("name").Str(); !strings.Contains(name, "/") {
				rs.add(cluster.Resource{
					Group: group, Version: version, Kind: r.Get("kind").Str(), Name: name,
					Namespaced: r.Get("namespaced").Bool(), Verbs: texts(r.Get("verbs")),
				}, seen)
			}
		}
	}
	return nil
}

func texts(list value.Value) []string {
	var out []string
	for _, v := range list.Items() {
		out = append(out, v.Str())
	}
	return out
}

// Version implements cluster.Server.
func (c *Client) Version(ctx context.Context) (string, error) {
	v, err := c.send(ctx, func() *rest.Request { return c.rest.Get().AbsPath("/version") })
	if err != nil {
		return "", err
	}
	return v.Get("major").Str() + "." + strings.TrimRight(v.Get("minor").Str(), "+"), nil
}
