package resolve_test

import (
	"testing"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/internal/inplace"
	"github.com/couplet-k8s/couplet/compiler/resolve"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/syntax"
)

// TestErrors does not count the errors of the parser.
func TestErrors(t *testing.T) {
	inplace.Compare(t, "testdata/errors.jsonnet", func(program *source.File) diag.List {
		return resolve.Resolve(syntax.Parse(program)).Errors
	})
}
