package cli

import (
	"path"

	"github.com/spf13/cobra"

	"github.com/couplet-k8s/couplet/cmd/internal/cache"
	"github.com/couplet-k8s/couplet/compiler"
	"github.com/couplet-k8s/couplet/compiler/bundle"
	"github.com/couplet-k8s/couplet/compiler/source"
)

// mapSuffix makes the name of a source map from that of its file. No tool that reads a
// folder of manifests takes it for one.
const mapSuffix = ".map"

func (o *ExportOptions) bindProvenance(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&o.SourceMap, "source-map", false, "write beside each file a "+mapSuffix+" file that tells where each line was made")
	keepGoingFlag(cmd, &o.KeepGoing, "export")
}

// provenance sets what the flags of bindProvenance ask of the compiler.
func (o *ExportOptions) provenance(opts *compiler.Options) (err error) {
	opts.KeepGoing = o.KeepGoing
	if o.SourceMap {
		opts.Provenance, err = wantProvenance("--source-map", o.Output, opts.Engine)
	}
	return err
}

// addMaps adds the source maps of a bundle's files.
func (r *rendering) addMaps(b *bundle.Bundle) {
	for i, o := range b.Objects {
		name := r.files[i].Name
		text := b.MapSources(o, path.Base(name)).AppendJSON(nil)
		r.texts = append(r.texts, text)
		r.files = append(r.files, cache.File{Name: name + mapSuffix, Size: len(text), Sum: source.SumOf(text)})
		r.maps++
	}
}

// withoutFailed drops the environments of which there is nothing to write, when a run
// keeps going.
func withoutFailed(parts []*rendering) []*rendering {
	var out []*rendering
	for _, r := range parts {
		if !r.failed {
			r.partial = r.partial || r.found.HasErrors()
			out = append(out, r)
		}
	}
	return out
}
