package build

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
)

// minor is the model of one Kubernetes minor.
type minor struct {
	name        string
	definitions map[string]*schema
	kinds       []kind
}

// kind is one kind of object that the API serves, or a list of such.
type kind struct {
	group, version, kind string
	plural               string
	definition           string
	namespaced, list     bool
	off                  bool // not served unless the server is told to
}

// schema is one OpenAPI schema, with every key that may occur.
type schema struct {
	Description          string             `json:"description"`
	Type                 string             `json:"type"`
	Format               string             `json:"format"`
	Ref                  string             `json:"$ref"`
	Items                *schema            `json:"items"`
	AdditionalProperties *schema            `json:"additionalProperties"`
	Properties           map[string]*schema `json:"properties"`
	Required             []string           `json:"required"`
	Enum                 []string           `json:"enum"`
	ListType             string             `json:"x-kubernetes-list-type"`
	ListMapKeys          []string           `json:"x-kubernetes-list-map-keys"`
	MapType              string             `json:"x-kubernetes-map-type"`
	PatchStrategy        string             `json:"x-kubernetes-patch-strategy"`
	PatchMergeKey        string             `json:"x-kubernetes-patch-merge-key"`
	Preserve             bool               `json:"x-kubernetes-preserve-unknown-fields"`
	Embedded             bool               `json:"x-kubernetes-embedded-resource"`
	GVKs                 []gvk              `json:"x-kubernetes-group-version-kind"`
	// Unions document one-of groups; the checks do not use them.
	Unions json.RawMessage `json:"x-kubernetes-unions"`

	special special
}

type gvk struct {
	Group   string `json:"group"`
	Version string `json:"version"`
	Kind    string `json:"kind"`
}

// swagger is what is read of swagger.json.
type swagger struct {
	Definitions map[string]*schema
	// Resources are the paths of the API: by path, then by method.
	Resources map[string]map[string]json.RawMessage
}

type operation struct {
	GVK    *gvk   `json:"x-kubernetes-group-version-kind"`
	Action string `json:"x-kubernetes-action"`
}

func readSwagger(file string) (*swagger, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var raw struct {
		Definitions json.RawMessage                       `json:"definitions"`
		Paths       map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal(data, &raw); err != nil {
		return nil, err
	}
	spec := &swagger{Resources: raw.Paths}
	strict := json.NewDecoder(bytes.NewReader(raw.Definitions))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&spec.Definitions); err != nil {
		return nil, fmt.Errorf("definitions: %w", err)
	}
	return spec, nil
}

// kinds finds every kind that has a resource, and every list of such.
func (s *swagger) kinds() ([]kind, error) {
	resources, err := s.resources()
	if err != nil {
		return nil, err
	}
	var out []kind
	for name, def := range s.Definitions {
		for _, id := range def.GVKs {
			k := kind{group: id.Group, version: id.Version, kind: id.Kind, definition: name}
			if found, ok := resources[id]; ok {
				k.plural, k.namespaced = found.plural, found.namespaced
			} else if def.isList() {
				k.list = true
			} else {
				continue
			}
			out = append(out, k)
		}
	}
	slices.SortFunc(out, func(a, b kind) int { return strings.Compare(a.id(), b.id()) })
	return out, nil
}

func (k kind) id() string { return k.group + "\x00" + k.version + "\x00" + k.kind }

func (s *schema) isList() bool {
	metadata := s.Properties["metadata"]
	return metadata != nil && strings.HasSuffix(metadata.Ref, ".ListMeta") && s.Properties["items"] != nil
}

type resource struct {
	plural     string
	namespaced bool
}

// resources finds the resource of each kind in the paths.
func (s *swagger) resources() (map[gvk]resource, error) {
	out := map[gvk]resource{}
	for path, methods := range s.Resources {
		res, ok := parsePath(path)
		if !ok {
			continue
		}
		for method, data := range methods {
			if method == "parameters" {
				continue
			}
			var op operation
			if err := json.Unmarshal(data, &op); err != nil {
				return nil, fmt.Errorf("%s %s: %w", method, path, err)
			}
			if op.GVK == nil {
				continue
			}
			old, again := out[*op.GVK]
			if again && old.plural != res.plural {
				return nil, fmt.Errorf("%v has two resources: %s and %s", *op.GVK, old.plural, res.plural)
			}
			out[*op.GVK] = resource{res.plural, old.namespaced || res.namespaced}
		}
	}
	return out, nil
}

// parsePath reads the path of a resource: /apis/GROUP/VERSION or /api/VERSION, then
// namespaces/{namespace} where it is namespaced, then its plural, then {name} or
// nothing. Paths of subresources and of watches are not wanted.
func parsePath(path string) (resource, bool) {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	switch {
	case parts[0] == "api" && len(parts) > 2:
		parts = parts[2:]
	case parts[0] == "apis" && len(parts) > 3:
		parts = parts[3:]
	default:
		return resource{}, false
	}
	namespaced := len(parts) > 2 && parts[0] == "namespaces" && parts[1] == "{namespace}"
	if namespaced {
		parts = parts[2:]
	}
	if parts[0] == "watch" || len(parts) > 2 || len(parts) == 2 && parts[1] != "{name}" {
		return resource{}, false
	}
	return resource{plural: parts[0], namespaced: namespaced}, true
}
