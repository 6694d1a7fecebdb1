package build

import (
	"bytes"
	"compress/flate"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/couplet-k8s/couplet/schemas/internal/format"
)

// CustomFile is the file of the CustomResourceDefinitions of others.
const CustomFile = "custom.bin"

// Source is a Go module that carries definitions.
type Source struct {
	// Name is what the module's project is called.
	Name string
	// Module, Version and Sum name the module and its content, as go.sum would.
	Module, Version, Sum string
	// Dir is the folder of the definitions in it.
	Dir string
}

// Sources are the modules whose definitions are embedded: what most apps use.
var Sources = []Source{
	{"Argo CD", "github.com/argoproj/argo-cd/v3", "v3.5.7", "h1:Xm1BF+I5OgDKUG3SDK49vn2/Y5AMyaNVko+/JT08gj0=", "manifests/crds"},
	{"Argo Rollouts", "github.com/argoproj/argo-rollouts", "v1.10.1", "h1:6oyVPGiHHxu3ixkT6mngemh88HLPDoTX1IwO6KNR1Y4=", "manifests/crds"},
	{"cert-manager", "github.com/cert-manager/cert-manager", "v1.21.2", "h1:UWgoYM+KLNtRlqmoWOKjKBOBUPVHeepQ6/ac3ERJW68=", "deploy/crds"},
	{"Flux's source controller", "github.com/fluxcd/source-controller", "v1.9.6", "h1:nG534/bI6nVpyHra7ONAk6xDB3xPsVT+EOLHZHXPrrc=", "config/crd/bases"},
	{"Flux's kustomize controller", "github.com/fluxcd/kustomize-controller", "v1.9.6", "h1:XB+G3A0mky0j5uVHZWv4oSlS2RvZBoNIUhstIvY0JKE=", "config/crd/bases"},
	{"Gateway API", "sigs.k8s.io/gateway-api", "v1.6.3", "h1:lKpJa5bGlraC/QeACvCpsHLdmO6y0iKfzVl6gzaFEYc=", "config/crd/standard"},
	{"Prometheus Operator", "github.com/prometheus-operator/prometheus-operator", "v0.85.0", "h1:M5xLCLEoaW2IJfnuCwFzzpL+jSVQu3KGT84Pye+fW8s=", "example/prometheus-operator-crd"},
}

// DownloadSource gives the folder of a module.
func DownloadSource(s Source) (string, error) { return download(s.Module, s.Version, s.Sum) }

func download(path, version, sum string) (string, error) {
	name := path + "@" + version
	out, runErr := exec.Command("go", "mod", "download", "-json", name).Output()
	var module struct{ Dir, Sum, Error string }
	if err := json.Unmarshal(out, &module); err != nil {
		return "", fmt.Errorf("go mod download %s: %v %w", name, runErr, err)
	}
	if module.Error != "" {
		return "", fmt.Errorf("go mod download: %s", module.Error)
	}
	if module.Sum != sum {
		return "", fmt.Errorf("%w: %s has the sum %s, want %s", ErrChanged, name, module.Sum, sum)
	}
	return module.Dir, nil
}

// customs makes the file of definitions.
func customs() ([]byte, error) {
	var index []format.Custom
	var body bytes.Buffer
	for _, s := range Sources {
		dir, err := DownloadSource(s)
		if err != nil {
			return nil, err
		}
		files, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(s.Dir), "*.yaml"))
		if err != nil || len(files) == 0 {
			return nil, fmt.Errorf("%s has no definitions in %s: %v", s.Module, s.Dir, err)
		}
		for _, name := range files {
			if index, err = addCustom(index, &body, name, s.Name+" "+s.Version); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	slices.SortFunc(index, func(a, b format.Custom) int { return strings.Compare(a.Group+"/"+a.Kind, b.Group+"/"+b.Kind) })
	head, err := json.Marshal(index)
	if err != nil {
		return nil, err
	}
	out := u32([]byte(format.CustomMagic), format.Version)
	out = u32(out, uint32(len(head)))
	return append(append(out, head...), body.Bytes()...), nil
}

// addCustom adds a file, if it is a definition.
func addCustom(index []format.Custom, body *bytes.Buffer, name, from string) ([]format.Custom, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var crd map[string]any
	if err := yaml.Unmarshal(text, &crd); err != nil {
		return nil, err
	}
	if crd["kind"] != "CustomResourceDefinition" {
		return index, nil
	}
	spec := crd["spec"].(map[string]any)
	kept, err := json.Marshal(slim(crd, spec))
	if err != nil {
		return nil, err
	}
	entry := format.Custom{Group: spec["group"].(string), Kind: spec["names"].(map[string]any)["kind"].(string), From: from, At: body.Len()}
	w, err := flate.NewWriter(body, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(kept); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	entry.Length = body.Len() - entry.At
	return append(index, entry), nil
}

// slim keeps of a definition what objects are held against: no descriptions, columns,
// annotations and status.
func slim(crd, spec map[string]any) map[string]any {
	for _, v := range spec["versions"].([]any) {
		version := v.(map[string]any)
		delete(version, "additionalPrinterColumns")
		if schema, ok := version["schema"].(map[string]any); ok {
			undescribe(schema["openAPIV3Schema"])
		}
	}
	return map[string]any{
		"apiVersion": crd["apiVersion"], "kind": crd["kind"], "spec": spec,
		"metadata": map[string]any{"name": crd["metadata"].(map[string]any)["name"], "annotations": approval(crd)},
	}
}

// approval is the annotation without which the server takes no definition of a group of
// Kubernetes' own.
func approval(crd map[string]any) map[string]any {
	const name = "api-approved.kubernetes.io"
	annotations, _ := crd["metadata"].(map[string]any)["annotations"].(map[string]any)
	if approved, ok := annotations[name]; ok {
		return map[string]any{name: approved}
	}
	return nil
}

// undescribe takes the descriptions off a schema and those in it. A property may be called
// description.
func undescribe(v any) {
	schema, ok := v.(map[string]any)
	if !ok {
		return
	}
	delete(schema, "description")
	for _, key := range []string{"properties", "patternProperties", "definitions"} {
		members, _ := schema[key].(map[string]any)
		for _, member := range members {
			undescribe(member)
		}
	}
	for _, key := range []string{"items", "additionalProperties", "not"} {
		undescribe(schema[key])
	}
	for _, key := range []string{"allOf", "anyOf", "oneOf"} {
		list, _ := schema[key].([]any)
		for _, item := range list {
			undescribe(item)
		}
	}
}
