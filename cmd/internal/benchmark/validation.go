package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/couplet-k8s/couplet/compiler"
	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/bundle"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/schemas"
)

// objects makes valid objects of sixteen kinds.
//
//go:embed objects/objects.jsonnet
var objects string

// objectCount is how many are checked.
const objectCount = 10000

// validationSection measures the check of many objects beside kubeconform: of a file of
// YAML by both, and of couplet's own bundle.
func (b *bench) validationSection() (string, error) {
	page, err := b.preamble("Validation")
	if err != nil {
		return "", err
	}
	made, err := b.makeObjects()
	if err != nil {
		return "", err
	}
	file := filepath.Join(b.scratch, "objects.yaml")
	f, err := os.Create(file)
	if err != nil {
		return "", err
	}
	if err := made.WriteYAML(f); err != nil {
		return "", err
	}
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	if err := f.Close(); err != nil {
		return "", err
	}
	dir := filepath.Join(b.scratch, "schemas")
	if err := writeJSONSchemas(dir); err != nil {
		return "", err
	}
	kubeconform := []string{filepath.Join(b.corpora, "bin", "kubeconform"), "-strict", "-summary", "-kubernetes-version", "1.37.0",
		"-schema-location", filepath.Join(dir, "{{ .ResourceKind }}{{ .KindSuffix }}.json"), file}
	lines := []struct {
		name string
		args []string
	}{
		{"couplet validate --rules schema", []string{b.couplet, "validate", "--rules", "schema", file}},
		{"couplet validate, with the server's rules", []string{b.couplet, "validate", file}},
		{"kubeconform -strict", kubeconform},
		{"kubeconform -strict -n 1", append([]string{kubeconform[0], "-n", "1"}, kubeconform[1:]...)},
	}
	samples := make([][]sample, len(lines))
	for range b.rounds {
		for i, line := range lines {
			d, err := send(job{Limit: b.limit, Commands: []command{{Args: line.args, Stdout: filepath.Join(b.scratch, "stdout")}}})
			if err != nil {
				return "", err
			}
			if s := d.Samples[0]; s.Failure != "" {
				return "", fmt.Errorf("%s: %s: %s", line.name, s.Failure, s.Detail)
			}
			samples[i] = append(samples[i], d.Samples[0])
		}
	}
	peer := minimum(samples[2])
	t := newTable(fmt.Sprintf("%d objects, %.0f MB of YAML", objectCount, float64(info.Size())/1e6), "CPU, s", "wall, s", "RSS", "CPU ÷ kubeconform's", "wall ÷ kubeconform's")
	for i, line := range lines {
		s := minimum(samples[i])
		t.add(line.name, seconds(s.CPU), seconds(s.Wall), megabytes(s.RSS), factor(float64(s.CPU)/float64(peer.CPU)), factor(float64(s.Wall)/float64(peer.Wall)))
	}
	check := b.checkOwn(made)
	t.add("the schema check of our own bundle alone", seconds(check), seconds(check), "", factor(float64(check)/float64(peer.CPU)), factor(float64(check)/float64(peer.Wall)))
	return page + "Objects of sixteen kinds, made by cmd/internal/benchmark/objects. kubeconform 0.8.0 reads JSON Schemas of the same sixteen\n" +
		"kinds from files, couplet its own. The server's rules are applied by couplet-admit, whose CPU time is in the line; RSS is that\n" +
		"of the larger process. The last line is within one process, on one core, without evaluation.\n\n" + t.String(), nil
}

// makeObjects compiles the objects.
func (b *bench) makeObjects() (*bundle.Bundle, error) {
	entry := filepath.Join(b.scratch, "objects.jsonnet")
	if err := os.WriteFile(entry, fmt.Appendf(nil, "(%s)(%d)", objects, objectCount), 0o666); err != nil {
		return nil, err
	}
	env := &app.Environment{Layout: app.Bare, Name: "objects", Entry: filepath.ToSlash(entry)}
	made, found := compiler.Compile(context.Background(), source.NewSet(source.Disk{}), env, compiler.Options{})
	return made, found.Err()
}

// checkOwn is the least time that the schema check of a bundle takes on one processor,
// where it is the CPU time too.
func (b *bench) checkOwn(made *bundle.Bundle) time.Duration {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	least := time.Duration(0)
	for range b.provenanceRounds() {
		start := time.Now()
		compiler.Check(made)
		if took := time.Since(start); least == 0 || took < least {
			least = took
		}
	}
	return least
}

// writeJSONSchemas writes strict JSON Schemas of the sixteen kinds, as kubeconform reads
// them, from couplet's own schemas.
func writeJSONSchemas(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	minor, err := schemas.Open(schemas.Newest())
	if err != nil {
		return err
	}
	written := 0
	for _, k := range minor.Kinds() {
		if k.List || k.Off || strings.HasSuffix(k.Group, "apiextensions.k8s.io") {
			continue
		}
		text, err := json.Marshal(jsonSchema(minor.Schema(k)))
		if err != nil {
			return err
		}
		name := strings.ToLower(k.Kind)
		if group, _, _ := strings.Cut(k.Group, "."); group != "" {
			name += "-" + group
		}
		if err := os.WriteFile(filepath.Join(dir, name+"-"+k.Version+".json"), text, 0o666); err != nil {
			return err
		}
		written++
	}
	if written < 16 {
		return fmt.Errorf("only %d schemas", written)
	}
	return nil
}

// jsonSchema writes a schema out, references included: those of the kinds in use end.
func jsonSchema(s *schemas.Schema) map[string]any {
	s = s.Resolve()
	out := map[string]any{}
	names := map[schemas.Type]string{schemas.Object: "object", schemas.Array: "array", schemas.String: "string", schemas.Integer: "integer", schemas.Number: "number", schemas.Boolean: "boolean"}
	if name := names[s.Type]; name != "" {
		out["type"] = []string{name, "null"}
	}
	if s.Enum != nil {
		out["enum"] = s.Enum
	}
	if s.Elem != nil && s.Type == schemas.Array {
		out["items"] = jsonSchema(s.Elem)
	}
	if s.Elem != nil && s.Type == schemas.Object {
		out["additionalProperties"] = jsonSchema(s.Elem)
	}
	if s.Members != nil {
		properties := map[string]any{}
		for _, p := range s.Members.Properties {
			properties[p.Name] = jsonSchema(p.Schema)
		}
		out["properties"] = properties
		if len(s.Members.Required) > 0 {
			out["required"] = s.Members.Required
		}
		if s.Flags&schemas.Preserve == 0 {
			out["additionalProperties"] = false
		}
	}
	return out
}
