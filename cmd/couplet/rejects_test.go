package main

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const rejects = "../../testdata/rejects"

// rejectCase is a line of cases.tsv: an object, what the cluster held, and what a real API
// server said.
type rejectCase struct {
	name, category, expect, message string
	file                            string
	setup                           string // "" where the cluster held nothing
	gap                             string // why only a cluster can decide it; "" where it can be decided
}

func rejectCases(t *testing.T) []rejectCase {
	t.Helper()
	gaps := map[string]string{}
	for _, row := range readTable(t, "gaps.tsv") {
		gaps[row["case"]] = row["reason"]
	}
	dir, err := filepath.Abs(rejects)
	if err != nil {
		t.Fatal(err)
	}
	var cases []rejectCase
	for _, row := range readTable(t, "cases.tsv") {
		c := rejectCase{
			name: row["case"], category: row["category"], expect: row["expect"], message: row["server message"],
			file: filepath.Join(dir, row["case"]+".yaml"), gap: gaps[row["case"]],
		}
		if setup := filepath.Join(dir, row["case"]+".setup.yaml"); exists(setup) {
			c.setup = setup
		}
		delete(gaps, c.name)
		cases = append(cases, c)
	}
	for name := range gaps {
		t.Errorf("gaps.tsv has %s, which is no case", name)
	}
	return cases
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

func readTable(t *testing.T, name string) []map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join(rejects, name))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = '\t', true, -1
	lines, err := r.ReadAll()
	if err != nil || len(lines) < 2 {
		t.Fatal(len(lines), err)
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

// TestRejects wants the verdict of the server on every case that can be decided without
// it, and none of those that cannot.
func TestRejects(t *testing.T) {
	needCompanion(t)
	for _, c := range rejectCases(t) {
		t.Run(c.name, func(t *testing.T) {
			args := []string{"validate", c.file}
			if c.setup != "" {
				args = append(args, "--given", c.setup)
			}
			_, stderr, code := runIn(t, t.TempDir(), args...)
			want := 0
			if c.expect == "reject" {
				want = 1
			}
			switch {
			case c.gap != "" && code == want:
				t.Errorf("this is no gap any more: %s", c.gap)
			case c.gap == "" && code != want:
				t.Errorf("exit code %d, want %d\n%s\nthe server says: %s", code, want, stderr, c.message)
			case strings.Contains(stderr, "[CP9") || strings.Contains(stderr, "[CP6007]"):
				t.Errorf("the check failed:\n%s", stderr)
			}
		})
	}
}
