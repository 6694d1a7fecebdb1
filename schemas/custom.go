package schemas

import (
	"compress/flate"
	_ "embed" // the definitions
	"encoding/binary"
	"encoding/json"
	"io"
	"strings"
	"sync"

	"github.com/couplet-k8s/couplet/schemas/internal/format"
)

//go:embed custom.bin
var customText string

// customs are the embedded definitions of others, without their texts.
var customs = sync.OnceValue(func() []format.Custom {
	var list []format.Custom
	if err := json.Unmarshal([]byte(customText[12:customStart()]), &list); err != nil {
		panic("the embedded definitions are broken: " + err.Error())
	}
	return list
})

// customStart is where the definitions' texts begin, behind the list of them.
func customStart() int {
	return 12 + int(binary.LittleEndian.Uint32([]byte(customText[8:12])))
}

// Custom gives the CustomResourceDefinition of a kind that an operator or an API brings
// which many apps use, such as Certificate of cert-manager.io: its JSON, without
// descriptions, and the project and version that it is of. Not ok where there is none.
func Custom(group, kind string) (definition []byte, from string, ok bool) {
	if !strings.Contains(customText[12:customStart()], `"`+group+`"`) {
		return nil, "", false
	}
	for _, c := range customs() {
		if c.Group != group || c.Kind != kind {
			continue
		}
		start := customStart() + c.At
		text, err := io.ReadAll(flate.NewReader(strings.NewReader(customText[start : start+c.Length])))
		if err != nil {
			panic("the embedded definitions are broken: " + err.Error())
		}
		return text, c.From, true
	}
	return nil, "", false
}
