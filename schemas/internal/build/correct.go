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
	"io.k8s.api.discovery.v1.ForZone":                  {"name"},
	"io.k8s.api.storage.v1.CSIDriver":                  {"spec"},
	"io.k8s.api.storage.v1.CSINode":                    {"spec"},
	"io.k8s.api.storage.v1.CSINodeSpec":                {"drivers"},
	"io.k8s.api.storage.v1.TokenRequest":               {"audience"},
	metaV1 + "GroupResource":                           {"group"},
	apiextension + "CustomResourceDefinitionVersion":   {"served", "storage"},
}

// correct applies the tables above to a minor, and notes in fits which entries fit.
func (m *minor) correct(fits map[string]bool) {
	for name, s := range specials {
		def := m.definitions[name]
		if def == nil {
			continue
		}
		fits[name] = true
		def.special = s
		if element := specialElements[name]; element != "" {
			def.Items = &schema{Ref: refPrefix + element}
		}
	}
	for name, properties := range relaxed {
		def := m.definitions[name]
		if def == nil {
			continue
		}
		for _, property := range properties {
			if i := slices.Index(def.Required, property); i >= 0 {
				fits[name+"."+property] = true
				def.Required = slices.Delete(def.Required, i, i+1)
			}
		}
	}
}

// checkTables refuses an entry of the tables that fits no minor, so that they do not
// outlive what they correct.
func checkTables(fits map[string]bool) error {
	var entries []string
	for name := range specials {
		entries = append(entries, name)
	}
	for name, properties := range relaxed {
		for _, property := range properties {
			entries = append(entries, name+"."+property)
		}
	}
	slices.Sort(entries)
	for _, entry := range entries {
		if !fits[entry] {
			return fmt.Errorf("no minor has what is corrected in %s", entry)
		}
	}
	return nil
}
