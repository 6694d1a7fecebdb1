package main

import (
	"regexp"

	"sigs.k8s.io/yaml"
)

// repository is where a release's archives can be fetched from.
const repository = "https://github.com/couplet-k8s/couplet"

// The manifest of a plugin, in krew's words: https://krew.sigs.k8s.io/docs/developer-guide/plugin-manifest/
type (
	plugin struct {
		APIVersion string   `json:"apiVersion"`
		Kind       string   `json:"kind"`
		Metadata   metadata `json:"metadata"`
		Spec       spec     `json:"spec"`
	}
	metadata struct {
		Name string `json:"name"`
	}
	spec struct {
		Version          string     `json:"version"`
		Homepage         string     `json:"homepage"`
		ShortDescription string     `json:"shortDescription"`
		Description      string     `json:"description"`
		Caveats          string     `json:"caveats"`
		Platforms        []platform `json:"platforms"`
	}
	platform struct {
		Selector selector `json:"selector"`
		URI      string   `json:"uri"`
		SHA256   string   `json:"sha256"`
		Bin      string   `json:"bin"`
		Files    []fromTo `json:"files"`
	}
	selector struct {
		MatchLabels map[string]string `json:"matchLabels"`
	}
	fromTo struct {
		From string `json:"from"`
		To   string `json:"to"`
	}
)

const description = `couplet compiles jsonnet component libraries to Kubernetes YAML, one
environment at a time, and checks the result offline against the schemas of
the environment's Kubernetes version. As a plugin it shows what applying an
environment would change in a cluster, applies it by server-side apply, prunes
what is no longer rendered, and waits until all of it is ready.
`

const caveats = `kubectl completes the plugin's command lines with kubectl_complete-couplet, which
must be on PATH, where krew does not put it:

  cp ~/.krew/store/couplet/*/kubectl_complete-couplet ~/.krew/bin/
`

// krewManifest is the plugin's manifest. From the archives, which hold couplet too, krew
// takes the plugin.
func krewManifest(version string, archives []archive) ([]byte, error) {
	p := plugin{
		APIVersion: "krew.googlecontainertools.github.com/v1alpha2", Kind: "Plugin", Metadata: metadata{Name: "couplet"},
		Spec: spec{
			Version: semantic(version), Homepage: repository, ShortDescription: "Compile jsonnet environments and apply them",
			Description: description, Caveats: caveats,
		},
	}
	for _, a := range archives {
		bin := program("kubectl-couplet", a.os)
		p.Spec.Platforms = append(p.Spec.Platforms, platform{
			Selector: selector{map[string]string{"os": a.os, "arch": a.arch}},
			URI:      repository + "/releases/download/" + version + "/" + a.name,
			SHA256:   a.sum, Bin: bin,
			Files: []fromTo{{bin, "."}, {completion(a.os), "."}, {"LICENSE", "."}},
		})
	}
	return yaml.Marshal(p)
}

var release = regexp.MustCompile(`^v\d+\.\d+\.\d+(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$`)

// semantic is a version as krew wants it. What git says of a commit that no tag is before
// becomes a version before all releases.
func semantic(version string) string {
	if release.MatchString(version) {
		return version
	}
	return "v0.0.0-g" + regexp.MustCompile(`[^0-9A-Za-z-]`).ReplaceAllString(version, "-")
}
