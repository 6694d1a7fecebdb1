package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestCompare(t *testing.T) {
	want := output{"": []byte(`{"a": 0.80000000000000004}`), "f": []byte("[]")}
	for _, c := range []struct {
		name string
		got  output
		mark string
	}{
		{"equal", output{"": []byte(`{"a": 0.80000000000000004}`), "f": []byte("[]")}, same},
		{"number", output{"": []byte(`{"a": 0.8}`), "f": []byte("[]")}, sameValues},
		{"value", output{"": []byte(`{"a": 0.7}`), "f": []byte("[]")}, differs},
		{"no JSON", output{"": []byte(`{"a": 0.8`), "f": []byte("[]")}, differs},
		{"file missing", output{"": []byte(`{"a": 0.80000000000000004}`)}, differs},
		{"other file", output{"": []byte(`{"a": 0.80000000000000004}`), "g": []byte("[]")}, differs},
		{"failed", nil, unknown},
	} {
		if mark := compare(want, c.got); mark != c.mark {
			t.Errorf("%s: %q, want %q", c.name, mark, c.mark)
		}
	}
	if mark := compare(nil, want); mark != unknown {
		t.Errorf("without the oracle: %q", mark)
	}
}

func TestReadOutput(t *testing.T) {
	dir := t.TempDir()
	stdout, file := filepath.Join(dir, "stdout"), filepath.Join(dir, "out", "setup", "a.json")
	if err := writeFiles(dir, map[string]string{"stdout": "listing", "out/setup/a.json": "{}"}); err != nil {
		t.Fatal(err)
	}
	o, err := readOutput(stdout, filepath.Join(dir, "out"))
	if err != nil || len(o) != 2 || string(o[""]) != "listing" || string(o[file]) != "{}" {
		t.Errorf("%q, %v", o, err)
	}
	if _, err := readOutput(stdout, filepath.Join(dir, "absent")); !os.IsNotExist(err) {
		t.Errorf("a folder that is not there: %v", err)
	}
}
