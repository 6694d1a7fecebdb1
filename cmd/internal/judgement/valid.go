package judgement

import (
	"encoding/json"
	"os"
	"strings"

	"sigs.k8s.io/yaml"
)

// Read reads the objects of a file of YAML.
func Read(name string) ([]Object, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return parse(string(text))
}

func parse(text string) ([]Object, error) {
	var out []Object
	for doc := range strings.SplitSeq(text, "\n---\n") {
		form, err := yaml.YAMLToJSON([]byte(doc))
		if err != nil {
			return nil, err
		}
		var o Object
		if err := json.Unmarshal(form, &o); err != nil {
			return nil, err
		}
		if o != nil {
			out = append(out, o)
		}
	}
	return out, nil
}
