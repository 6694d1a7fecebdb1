package kube

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/couplet-k8s/couplet/cmd/internal/cluster"
	"github.com/couplet-k8s/couplet/cmd/internal/testcluster"
	"github.com/couplet-k8s/couplet/compiler/decode"
	"github.com/couplet-k8s/couplet/compiler/source"
)

// definition has a kind in several versions, of which the one that is served is not the newest,
// with a plural that no rule would make.
const definition = `{"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "oxen.farm.example.com"}, "spec": {
	"group": "farm.example.com", "scope": "Cluster", "names": {"kind": "Ox", "plural": "oxen", "listKind": "OxList"},
	"versions": [%s]}}`

func version(name string, served, storage bool) string {
	return fmt.Sprintf(`{"name": %q, "served": %t, "storage": %t, "schema": {"openAPIV3Schema": {"type": "object"}}}`, name, served, storage)
}

// TestDiscovery finds what the server says of each version, and kubectl of those that are
// preferred, by both forms of a server's answers.
func TestDiscovery(t *testing.T) {
	servers := testcluster.Need(t)
	running, err := testcluster.Start(context.Background(), servers, t.TempDir(), testcluster.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = running.Stop() })
	made, err := Connect(t.Context(), cluster.ConnectOptions{Kubeconfig: running.Kubeconfig})
	if err != nil {
		t.Fatal(err)
	}
	client := made.(*Client)
	text := fmt.Sprintf(definition, strings.Join([]string{version("v1", false, false), version("v1beta1", true, true), version("v1alpha1", true, false)}, ", "))
	object, found := decode.JSON(source.NewFile("definition", text))
	if found.HasErrors() {
		t.Fatal(found)
	}
	definitions, err := client.Resource(t.Context(), "apiextensions.k8s.io/v1", "CustomResourceDefinition")
	if err == nil {
		_, err = client.Create(t.Context(), definitions, object)
	}
	for err == nil && !isServed(t, client) {
		time.Sleep(20 * time.Millisecond)
	}
	if err != nil {
		t.Fatal(err)
	}
	kubectl := func(args ...string) string {
		out, err := exec.Command(servers.Kubectl(), append([]string{"--kubeconfig", running.Kubeconfig}, args...)...).Output()
		if err != nil {
			t.Fatalf("kubectl %s: %v", strings.Join(args, " "), err)
		}
		return string(out)
	}
	var served []cluster.Resource
	for _, version := range strings.Fields(kubectl("api-versions")) {
		served = append(served, resourcesIn(t, version, kubectl("get", "--raw", pathOf(version)))...)
	}
	preferred := preferredIn(kubectl("api-resources", "--no-headers", "-o", "wide", "--sort-by", "name"))
	for _, form := range []string{"aggregated", "each version"} {
		if form == "each version" {
			client.http.Transport = plain{client.http.Transport}
		}
		client.Forget()
		known, err := client.served(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		all := slices.Collect(maps.Values(known.byKind))
		if diff := cmp.Diff(described(served), described(all)); diff != "" {
			t.Errorf("%s: kinds (-server +couplet)\n%s", form, diff)
		}
		if diff := cmp.Diff(described(preferred), described(known.preferred)); diff != "" {
			t.Errorf("%s: preferred versions (-kubectl +couplet)\n%s", form, diff)
		}
		ox, err := client.Resource(t.Context(), "farm.example.com/v1beta1", "Ox")
		if err != nil || ox.Name != "oxen" || ox.Namespaced {
			t.Errorf("%s: Ox is %v, %v", form, ox, err)
		}
		if _, err := client.Resource(t.Context(), "farm.example.com/v1", "Ox"); !cluster.IsNotServed(err) {
			t.Errorf("%s: a version that is not served: %v", form, err)
		}
	}
}

func isServed(t *testing.T, client *Client) bool {
	client.Forget()
	_, err := client.Resource(t.Context(), "farm.example.com/v1beta1", "Ox")
	return err == nil
}

// plain asks for the form that servers have without aggregated discovery.
type plain struct{ http.RoundTripper }

func (p plain) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Accept", "application/json")
	return p.RoundTripper.RoundTrip(r)
}

// pathOf is where a server tells what it has of a version.
func pathOf(apiVersion string) string {
	if strings.Contains(apiVersion, "/") {
		return "/apis/" + apiVersion
	}
	return "/api/" + apiVersion
}

// resourcesIn reads an APIResourceList. Subresources are left out.
func resourcesIn(t *testing.T, apiVersion, text string) []cluster.Resource {
	list, found := decode.JSON(source.NewFile(apiVersion, text))
	if found.HasErrors() {
		t.Fatal(found)
	}
	var out []cluster.Resource
	for _, r := range list.Get("resources").Items() {
		name := r.Get("name").Str()
		if strings.Contains(name, "/") {
			continue
		}
		one := cluster.Resource{Version: apiVersion, Kind: r.Get("kind").Str(), Name: name, Namespaced: r.Get("namespaced").Bool()}
		if group, version, grouped := strings.Cut(apiVersion, "/"); grouped {
			one.Group, one.Version = group, version
		}
		for _, verb := range r.Get("verbs").Items() {
			one.Verbs = append(one.Verbs, verb.Str())
		}
		out = append(out, one)
	}
	return out
}

// preferredIn reads kubectl's table: name, short names if there are some, version, whether it
// has namespaces, kind, verbs, and categories if there are some.
func preferredIn(table string) []cluster.Resource {
	var out []cluster.Resource
	for line := range strings.Lines(table) {
		fields := strings.Fields(line)
		at := slices.IndexFunc(fields, func(f string) bool { return f == "true" || f == "false" })
		group, version, grouped := strings.Cut(fields[at-1], "/")
		if !grouped {
			group, version = "", fields[at-1]
		}
		out = append(out, cluster.Resource{
			Group: group, Version: version, Kind: fields[at+1], Name: fields[0], Namespaced: fields[at] == "true", Verbs: strings.Split(fields[at+2], ","),
		})
	}
	return out
}

func described(resources []cluster.Resource) []string {
	var out []string
	for _, r := range resources {
		verbs := slices.Sorted(slices.Values(r.Verbs))
		out = append(out, fmt.Sprintf("%s %s %s namespaced=%t %s", r.APIVersion(), r.Kind, r.Name, r.Namespaced, verbs))
	}
	slices.Sort(out)
	return out
}
