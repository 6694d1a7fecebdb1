package cli

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"path"
	"strings"

	"github.com/couplet-k8s/couplet/cmd/internal/cluster"
)

// The tools of --adopt.
const (
	adoptKsonnet = "ksonnet"
	adoptTanka   = "tanka"
	adoptKubectl = "kubectl"
)

// adoption is what --adopt says; nil without it.
func (t *target) adoption(text string) (*cluster.Adoption, error) {
	tool, environment, named := strings.Cut(text, "=")
	switch {
	case text == "":
		return nil, nil
	case tool == adoptTanka:
		return t.adoptTanka(environment)
	case named:
	case tool == adoptKsonnet:
		return cluster.AdoptKsonnet(cmp.Or(t.namespace, "default")), nil
	case tool == adoptKubectl:
		return cluster.AdoptKubectl(), nil
	}
	return nil, usageError{message: "--adopt takes ksonnet, tanka, tanka=NAME or kubectl, not \"" + text + "\""}
}

// adoptTanka finds the value of Tanka's label: that of the environment, or of the one that is
// named.
func (t *target) adoptTanka(environment string) (*cluster.Adoption, error) {
	if environment != "" {
		return cluster.AdoptTanka(tankaLabel(environment)), nil
	}
	if label := t.env.Labels["tanka.dev/environment"]; label != "" {
		return cluster.AdoptTanka(label), nil
	}
	return nil, usageError{
		message: "environment " + t.env.Name + " has no label of Tanka's: say which environment of Tanka's is meant, with --adopt tanka=NAME",
		hint:    "NAME is its folder in the Tanka tree, such as environments/prod; that of an inline environment is NAME:NAMESPACE, as `tk env list` shows them",
	}
}

// tankaLabel is the value that Tanka gives to its label (spec.injectLabels): a sum of the
// environment's name and namespace. The namespace of one that is a folder is its entry.
func tankaLabel(environment string) string {
	name, namespace, given := strings.Cut(environment, ":")
	if !given {
		name = path.Clean(name)
		namespace = name + "/main.jsonnet"
	}
	sum := sha256.Sum256([]byte(name + ":" + namespace))
	return hex.EncodeToString(sum[:])[:48]
}
