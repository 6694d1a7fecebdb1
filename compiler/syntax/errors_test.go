package syntax_test

import (
	"testing"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/internal/inplace"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/syntax"
)

func TestErrors(t *testing.T) {
	inplace.Compare(t, "testdata/errors.jsonnet", func(program *source.File) diag.List {
		tree := syntax.Parse(program)
		if fault := unsound(tree); fault != "" {
			t.Errorf("%q: %s", program.Text(), fault)
		}
		return tree.Errors
	})
}
