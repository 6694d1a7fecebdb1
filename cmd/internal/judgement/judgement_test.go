package judgement

import (
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/couplet-k8s/couplet/cmd/internal/testcluster"
)

const root = "../../.."

// cluster starts a test cluster, or skips the test where its servers are not built.
func cluster(t *testing.T) *Server {
	t.Helper()
	s, stop, err := StartWith(context.Background(), testcluster.Need(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return s
}

func local(t *testing.T) Local {
	t.Helper()
	couplet, err := filepath.Abs(root + "/bin/couplet")
	if err != nil {
		t.Fatal(err)
	}
	for _, program := range []string{couplet, couplet + "-admit"} {
		if _, err := os.Stat(program); err != nil {
			t.Skip("couplet and couplet-admit are not built: run `make companion`")
		}
	}
	return Local{Couplet: couplet}
}

// TestServer asks a real API server about every case of testdata/rejects, and about
// mutants of every valid object: it must say what the cases say that it said, and what
// couplet says.
func TestServer(t *testing.T) {
	l, s := local(t), cluster(t)
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	t.Run("cases", func(t *testing.T) { serverCases(ctx, t, s) })
	t.Run("mutants", func(t *testing.T) { serverMutants(ctx, t, s, l) })
}

func serverCases(ctx context.Context, t *testing.T, s *Server) {
	f, err := os.Open(root + "/testdata/rejects/cases.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = '\t', true, -1
	rows, err := r.ReadAll()
	if err != nil || len(rows) < 10 {
		t.Fatal(len(rows), err)
	}
	for _, row := range rows[1:] {
		t.Run(row[0], func(t *testing.T) {
			base := root + "/testdata/rejects/" + row[0]
			held := setup(ctx, t, s, base+".setup.yaml")
			got := serverFile(ctx, t, s, base+".yaml")
			for i := len(held) - 1; i >= 0; i-- {
				if err := s.Delete(ctx, held[i]); err != nil {
					t.Error(err)
				}
				if held[i]["kind"] == "CustomResourceDefinition" {
					if err := s.Gone(ctx, held[i]); err != nil {
						t.Error(err)
					}
				}
			}
			if got.Rejected != (row[2] == "reject") {
				t.Errorf("the server rejects: %t (%s), and the case says %s", got.Rejected, got.Message, row[2])
			}
		})
	}
}

// setup has the server hold the objects of a file, if there is one.
func setup(ctx context.Context, t *testing.T, s *Server, name string) []Object {
	t.Helper()
	if _, err := os.Stat(name); err != nil {
		return nil
	}
	objects, err := Read(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range objects {
		if err := s.Apply(ctx, o); err != nil {
			t.Fatal(err)
		}
		if o["kind"] == "ResourceQuota" {
			if err := s.Counts(ctx, o); err != nil {
				t.Fatal(err)
			}
		}
		if o["kind"] == "CustomResourceDefinition" {
			spec := o["spec"].(Object)
			version := spec["versions"].([]any)[0].(Object)["name"].(string)
			if err := s.Serves(ctx, spec["group"].(string)+"/"+version, spec["names"].(Object)["kind"].(string)); err != nil {
				t.Fatal(err)
			}
		}
	}
	return objects
}

// serverFile asks about the objects of a file as they stand there. What is no object for
// discovery is refused before it is sent.
func serverFile(ctx context.Context, t *testing.T, s *Server, name string) Verdict {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for doc := range strings.SplitSeq(string(text), "\n---\n") {
		objects, err := parse(doc)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range objects {
			path, ok := s.path(o)
			if !ok {
				return Verdict{Rejected: true, Message: "no such kind in discovery"}
			}
			v, err := s.Patch(ctx, path+"?fieldManager=couplet&force=true&fieldValidation=Strict&dryRun=All", []byte(doc))
			if err != nil || v.Rejected {
				return v
			}
		}
	}
	return Verdict{}
}

func serverMutants(ctx context.Context, t *testing.T, s *Server, l Local) {
	bases, invalid, err := Prepare(ctx, s, root+"/testdata/valid/kinds.yaml")
	if err != nil || len(invalid) > 0 {
		t.Fatal(invalid, err)
	}
	var total Outcome
	for i, b := range bases {
		o, err := Compare(ctx, s, l, b.Given, Mutants(b.Object, 10, 77+uint64(i)))
		if err != nil {
			t.Fatal(b.Name, err)
		}
		for _, d := range o.Differences {
			t.Errorf("%s: %s\ncouplet rejects: %t %s\nthe server rejects: %t %s", b.Name, d.Mutant.Changes,
				d.Local.Rejected, d.Local.Message, d.Server.Rejected, d.Server.Message)
		}
		total.Add(o)
	}
	if total.Mutants != 10*len(bases) || total.Rejected < total.Mutants/2 || total.Rejected == total.Mutants {
		t.Errorf("of %d mutants the server rejects %d: they test little", total.Mutants, total.Rejected)
	}
}

func TestMutantsAreTheSame(t *testing.T) {
	bases, err := Read(root + "/testdata/valid/kinds.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range bases {
		before, _ := Stream([]Object{o})
		var changed int
		for i, m := range Mutants(o, 20, 5) {
			again := Mutants(o, 20, 5)[i]
			a, _ := Stream([]Object{m.Object})
			b, _ := Stream([]Object{again.Object})
			if string(a) != string(b) || m.Changes != again.Changes {
				t.Fatalf("%s: two runs differ: %s and %s", o["kind"], m.Changes, again.Changes)
			}
			if string(a) != string(before) {
				changed++
			}
		}
		if after, _ := Stream([]Object{o}); string(after) != string(before) {
			t.Errorf("%s: the valid object was changed", o["kind"])
		}
		if changed < 10 {
			t.Errorf("%s: only %d of 20 mutants differ from it", o["kind"], changed)
		}
	}
}
