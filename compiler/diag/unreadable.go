package diag

import (
	"errors"
	"io/fs"

	"github.com/couplet-k8s/couplet/compiler/source"
)

// CannotRead is the finding about a file or folder that is there and cannot be read,
// with the operating system's reason.
func CannotRead(name string, err error) Diagnostic {
	d := Diagnostic{
		Code:    Unreadable,
		Span:    source.NewFile(name, "").Whole(),
		Message: "cannot read `" + name + "`: " + source.Reason(err),
	}
	if errors.Is(err, fs.ErrPermission) {
		d.Hint = "look at the permissions of it and of the folders above"
	}
	return d
}
