package build

import (
	"fmt"
	"slices"

	"github.com/couplet-k8s/couplet/schemas/internal/format"
)

// special replaces what is published about a definition.
type special struct {
	format format.Format
	flags  format.Flags
}

const (
	metaV1       = "io.k8s.apimachinery.pkg.apis.meta.v1."
	apiextension = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1."
)

// specials are the definitions whose Go type reads its JSON by code of its own, and
// so takes more or other forms than the published schema says.
var specials = map[string]special{
	"io.k8s.apimachinery.pkg.api.resource.Quantity":   {format: format.FormatQuantity},
	"io.k8s.apimachinery.pkg.util.intstr.IntOrString": {format: format.FormatIntOrString},
	metaV1 + "MicroTime":                              {format: format.FormatMicroTime},
	metaV1 + "FieldsV1":                               {flags: format.Preserve},
	metaV1 + "Patch":                                  {flags: format.Preserve},
	"io.k8s.apimachinery.pkg.runtime.RawExtension":    {flags: format.Preserve},
	apiextension + "JSONSchemaPropsOrArray":           {format: format.FormatSchemaOrArray},
	apiextension + "JSONSchemaPropsOrBool":            {format: format.FormatSchemaOrBool},
	apiextension + "JSONSchemaPropsOrStringArray":     {format: format.FormatSchemaOrStrings},
}

// specialElements are what the definitions in specials hold, where they hold schemas.
var specialElements = map[string]string{
	apiextension + "JSONSchemaPropsOrArray":       apiextension + "JSONSchemaProps",
	apiextension + "JSONSchemaPropsOrBool":        apiextension + "JSONSchemaProps",
	apiextension + "JSONSchemaPropsOrStringArray": apiextension + "JSONSchemaProps",
}

// relaxed are properties published as required that the server takes when they are
// absent, at least somewhere: their zero value is valid, and nothing in the kind's
// validation asks for them. Of alpha and beta kinds only what is published counts.
var relaxed = map[string][]string{
	"io.k8s.api.batch.v1.PodFailurePolicy":             {"rules"},
	"io.k8s.api.core.v1.Event":                         {"involvedObject"},
	"io.k8s.api.core.v1.HTTPHeader":                    {"value"},
	"io.k8s.api.core.v1.ISCSIPersistentVolumeSource":   {"lun"},
	"io.k8s.api.core.v1.ISCSIVolumeSource":             {"lun"},
	"io.k8s.api.core.v1.LimitRangeSpec":                {"limits"},
	"io.k8s.api.core.v1.PreferredSchedulingTerm":       {"preference"},
	"io.k8s.api.core.v1.ScaleIOPersistentVolumeSource": {"secretRef"},
	"io.k8s.api.core.v1.ScaleIOVolumeSource":           {"secretRef"},
	"io.k8s.api.core.v1.SleepAction":                   {"seconds"},
	"io.k8s.api.core.v1.Sysctl":                        {"value"},
	"io.k8s.api.storage.v1.CSIDriver":                  {"spec"},
	"io.k8s.api.storage.v1.CSINode":                    {"spec"},
	"io.k8s.api.storage.v1.CSINodeSpec":                {"drivers"},
	"io.k8s.api.storage.v1.TokenRequest":               {"audience"},
	metaV1 + "GroupResource":                           {"group"},
	apiextension + "CustomResourceDefinitionVersion":   {"served", "storage"},
}

// correct applies the tables above; an entry that fits nothing is an error, so that
// the tables do not outlive what they correct.
func (m *minor) correct() error {
	for name, s := range specials {
		def := m.definitions[name]
		if def == nil {
			return fmt.Errorf("special: there is no definition %s", name)
		}
		def.special = s
		if element := specialElements[name]; element != "" {
			def.Items = &schema{Ref: refPrefix + element}
		}
	}
	for name, properties := range relaxed {
		def := m.definitions[name]
		if def == nil {
			return fmt.Errorf("relaxed: there is no definition %s", name)
		}
		for _, property := range properties {
			i := slices.Index(def.Required, property)
			if i < 0 {
				return fmt.Errorf("relaxed: %s does not require %s", name, property)
			}
			def.Required = slices.Delete(def.Required, i, i+1)
		}
	}
	return nil
}
