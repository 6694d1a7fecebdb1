package main

import (
	"embed"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// library is the jsonnet that the environments share.
//
//go:embed tanka/*.libsonnet
var library embed.FS

// libraryPaths say where in the tree each file of the library stands.
var libraryPaths = map[string]string{
	"kube.libsonnet":       "vendor/kube/kube.libsonnet",
	"names.libsonnet":      "vendor/kube/names.libsonnet",
	"dashboard.libsonnet":  "vendor/grafana/dashboard.libsonnet",
	"rules.libsonnet":      "vendor/prometheus/rules.libsonnet",
	"k.libsonnet":          "lib/k.libsonnet",
	"config.libsonnet":     "lib/platform/config.libsonnet",
	"platform.libsonnet":   "lib/platform/main.libsonnet",
	"web.libsonnet":        "lib/platform/web.libsonnet",
	"worker.libsonnet":     "lib/platform/worker.libsonnet",
	"database.libsonnet":   "lib/platform/database.libsonnet",
	"monitoring.libsonnet": "lib/platform/monitoring.libsonnet",
}

// environmentFiles is a Tanka tree of n environments, by path. The same n gives the same
// tree, and a larger one only adds environments.
func environmentFiles(n int) map[string]string {
	files := map[string]string{"jsonnetfile.json": "{ \"version\": 1, \"dependencies\": [], \"legacyImports\": false }\n"}
	for name, at := range libraryPaths {
		text, err := library.ReadFile("tanka/" + name)
		if err != nil {
			panic(err) // it is embedded
		}
		files[at] = string(text)
	}
	for i := range n {
		e := environmentOf(i)
		files[path.Join(e.dir(), "main.jsonnet")] = e.main()
		files[path.Join(e.dir(), "spec.json")] = e.spec()
	}
	return files
}

// environment is one instance of the platform. What it has is drawn from its index by
// remainders, so that environments differ in size, content and overrides.
type environment struct {
	index               int
	name, region, stage string
}

func environmentOf(i int) environment {
	e := environment{
		index:  i,
		region: []string{"eu-west", "eu-north", "us-east", "us-west", "ap-south"}[i%5],
		stage:  []string{"dev", "staging", "prod", "prod"}[i/5%4],
	}
	e.name = fmt.Sprintf("shop-%03d-%s", i, e.stage)
	return e
}

func (e environment) dir() string { return "environments/" + e.name }

// main is the environment's own jsonnet.
func (e environment) main() string {
	var b strings.Builder
	fmt.Fprintf(&b, "local k = import 'k.libsonnet';\n\n(import 'platform/main.libsonnet') + {\n  _config+:: {\n")
	fmt.Fprintf(&b, "    name: '%s',\n    cluster: '%s-%d',\n    region: '%s',\n    stage: '%s',\n", e.name, e.region, e.index%3, e.region, e.stage)
	fmt.Fprintf(&b, "    images+: { tag:: '1.%d.%d' },\n", e.index%7, e.index%11)
	fmt.Fprintf(&b, "    web+: { memory: %d, settings+: { features+: { search: %t } } },\n", 256+64*(e.index%4), e.index%2 == 0)
	fmt.Fprintf(&b, "    worker+: { queues+: %s },\n", e.queues())
	fmt.Fprintf(&b, "    database+: { storage: '%dGi', settings+: { max_connections: %d } },\n", 10+5*(e.index%6), 100+20*(e.index%5))
	b.WriteString("  },\n" + e.extra() + "}\n")
	return b.String()
}

// queues are those beside the queue that every environment has.
func (e environment) queues() string {
	var all []string
	for i, name := range []string{"images", "search", "billing"}[:e.index%4] {
		all = append(all, fmt.Sprintf("%s: { replicas: %d, memory: %d }", name, 1+(e.index+i)%3, 128*(1+i)))
	}
	return "{ " + strings.Join(append(all, fmt.Sprintf("mail+: { settings: { prefetch: %d } }", 10+e.index%8)), ", ") + " }"
}

// extra is what some environments add to the platform or change in it.
func (e environment) extra() string {
	switch e.index % 3 {
	case 0:
		return "  web+: { deployment+: k.deployment.withTolerations(['example.com/spot']) },\n"
	case 1:
		return fmt.Sprintf("  notice: $.labelled('notice', k.configMap.new('notice', { text: 'maintenance of %%(name)s, cluster %%(cluster)s' %% $._config, week: '%d' })),\n", e.index%52)
	}
	return "  database+: { statefulSet: std.mergePatch(super.statefulSet, { spec: { podManagementPolicy: 'OrderedReady', template: { spec: { terminationGracePeriodSeconds: 120 } } } }) },\n"
}

func (e environment) spec() string {
	text, err := json.MarshalIndent(map[string]any{
		"apiVersion": "tanka.dev/v1alpha1",
		"kind":       "Environment",
		"metadata":   map[string]any{"name": e.dir()},
		"spec": map[string]any{
			"apiServer": fmt.Sprintf("https://%s-%d.example.com:6443", e.region, e.index%3),
			"namespace": e.name,
		},
	}, "", "  ")
	if err != nil {
		panic(err) // it is made of strings
	}
	return string(text) + "\n"
}

func writeFiles(dir string, files map[string]string) error {
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			return err
		}
	}
	return nil
}
