package decode

import (
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/source"
)

// TestExamples: the documented example of every code of this package gives that code.
func TestExamples(t *testing.T) {
	for _, info := range diag.Codes() {
		if !strings.HasPrefix(string(info.Code), "CP11") {
			continue
		}
		archive := txtar.Parse([]byte(info.Example))
		file := source.NewFile(archive.Files[0].Name, string(archive.Files[0].Data))
		var found diag.List
		if path.Ext(file.Name()) == ".json" {
			_, found = JSON(file)
		} else {
			_, found = YAML(file)
		}
		if !slices.ContainsFunc(found, func(d diag.Diagnostic) bool { return d.Code == info.Code }) {
			t.Errorf("the example of %s gives %v", info.Code, found)
		}
	}
}
