package rules

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

const rejects = "../../../../testdata/rejects"

// ofCouplet are the categories and cases that couplet finds before it asks the companion.
var ofCouplet = map[string]string{
	"017-missing-kind":       "an object without a kind never gets here",
	"019-unknown-kind-typo":  "which kinds a minor serves is in couplet's schemas",
	"021-duplicate-yaml-key": "objects come as JSON that couplet wrote",

	"205-quota-request-missing":     "quotas are couplet's to add up",
	"206-quota-exceeded-by-one-pod": "quotas are couplet's to add up",
	"207-quota-of-secrets":          "quotas are couplet's to add up",
	"208-quota-of-load-balancers":   "quotas are couplet's to add up",
	"209-quota-of-storage":          "quotas are couplet's to add up",
	"210-nodeport-taken":            "what services take of each other is couplet's to tell",
	"220-cr-kind-of-no-definition":  "which kinds a group has is in couplet's schemas",
	"248-hpa-v2beta2-is-gone":       "which kinds a minor serves is in couplet's schemas",
}

func TestRejects(t *testing.T) {
	gaps := table(t, "gaps.tsv")
	judge := newest(t)
	for _, row := range table(t, "cases.tsv") {
		name := row["case"]
		t.Run(name, func(t *testing.T) {
			for _, gap := range gaps {
				if gap["case"] == name {
					t.Skip(gap["reason"])
				}
			}
			if why := ofCouplet[name]; why != "" {
				t.Skip(why)
			}
			var b Bundle
			for _, doc := range documents(t, name+".setup.yaml") {
				must(t, b.AddGiven(doc))
			}
			for _, doc := range documents(t, name+".yaml") {
				must(t, b.AddObject(doc))
			}
			var causes []Cause
			judge.Check(context.Background(), b, func(_ int, v Verdict) {
				if v.Unknown {
					t.Error("its kind has no rules")
				}
				causes = append(causes, v.Causes...)
			})
			if rejected := len(causes) > 0; rejected != (row["expect"] == "reject") {
				t.Errorf("want %s, got %v\nthe server says: %s", row["expect"], causes, row["server message"])
			}
			for _, c := range causes {
				if c.Rule == RuleInternal {
					t.Error(c.Message)
				}
				if c.Field != "" && len(row["server message"]) < 200 && !strings.Contains(row["server message"], c.Message) && c.Rule != RuleDecode {
					t.Logf("%s: %s\nthe server says: %s", c.Field, c.Message, row["server message"])
				}
			}
		})
	}
}

func newest(t *testing.T) *Judge {
	t.Helper()
	judge, err := New("")
	must(t, err)
	return judge
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// table reads a file of tab-separated values with a line of names.
func table(t *testing.T, name string) []map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(rejects, name))
	must(t, err)
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = '\t', true, -1
	lines, err := r.ReadAll()
	must(t, err)
	if len(lines) < 2 {
		t.Fatalf("%s is empty", name)
	}
	var out []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, cell := range line {
			row[lines[0][i]] = cell
		}
		out = append(out, row)
	}
	return out
}

// documents gives the documents of a YAML file as JSON; none where there is no such file.
func documents(t *testing.T, name string) [][]byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(rejects, name))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	must(t, err)
	var out [][]byte
	docs := utilyaml.NewDocumentDecoder(io.NopCloser(bytes.NewReader(text)))
	for {
		buf := make([]byte, 1<<20)
		n, err := docs.Read(buf)
		if errors.Is(err, io.EOF) {
			return out
		}
		must(t, err)
		doc, err := yaml.YAMLToJSON(buf[:n])
		must(t, err)
		if string(doc) != "null" {
			out = append(out, doc)
		}
	}
}
