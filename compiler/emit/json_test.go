package emit

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-jsonnet"

	"github.com/couplet-k8s/couplet/compiler/decode"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

func TestJSON(t *testing.T) {
	v := value.Object(
		value.Field{Name: "a", Value: value.Array(value.Number(1), value.Number(0.1), value.Number(1e20), value.Exact("9007199254740993", 9007199254740992))},
		value.Field{Name: "e", Value: value.Array(value.Array(), value.Object(), value.Null, value.Bool(true), value.Bool(false))},
		value.Field{Name: "q\"\\\n\x01\x7f\u0085é\u2028", Value: value.String("</\xff>")},
	)
	for style, want := range map[JSONStyle]string{
		Compact: `{"a":[1,0.1,1e+20,9007199254740993],"e":[[],{},null,true,false],"q\"\\\n\u0001\u007f\u0085é` + "\u2028" + `":"</` + "\ufffd" + `>"}`,
		Pretty: `{
  "a": [
    1,
    0.1,
    1e+20,
    9007199254740993
  ],
  "e": [
    [],
    {},
    null,
    true,
    false
  ],
  "q\"\\\n\u0001\u007f\u0085é` + "\u2028" + `": "</` + "\ufffd" + `>"
}`,
		Jsonnet: `{
   "a": [
      1,
      0.10000000000000001,
      100000000000000000000,
      9007199254740992
   ],
   "e": [
      [ ],
      { },
      null,
      true,
      false
   ],
   "q\"\\\n\u0001\u007f\u0085é` + "\u2028" + `": "</` + "\ufffd" + `>"
}`,
	} {
		if got := string(AppendJSON(nil, v, style)); got != want {
			t.Errorf("style %d: got\n%s", style, got)
		}
	}
}

// checkJSON fails where encoding/json sees another value, or jsonnet would write other bytes.
func checkJSON(t *testing.T, v value.Value) {
	t.Helper()
	for _, style := range []JSONStyle{Compact, Pretty, Jsonnet} {
		text := AppendJSON(nil, v, style)
		got, err := readJSON(text)
		if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		if err := same(v, got, ""); err != nil {
			t.Errorf("style %d: %v", style, err)
		}
	}
	text := string(AppendJSON(nil, v, Jsonnet)) + "\n"
	vm := jsonnet.MakeVM()
	vm.MaxStack = 10_000
	want, err := vm.EvaluateAnonymousSnippet("v.jsonnet", text)
	if err != nil {
		t.Fatalf("go-jsonnet: %v in %s", err, text)
	}
	if text != want {
		t.Errorf("go-jsonnet writes\n%q\nnot\n%q", want, text)
	}
}

// FuzzJSON: whatever the value, it reads back, and jsonnet writes the same bytes.
func FuzzJSON(f *testing.F) {
	for i := range pieces {
		f.Add([]byte{2, 2, 5, byte(i), 1, 1, 2, 6, 5, byte(i), 5, byte(i), 63, 240, 1, 2, 3, 4, 5})
	}
	f.Fuzz(func(t *testing.T, data []byte) { checkJSON(t, (&builder{data}).value(4)) })
}

// TestJSONAgainstGoldens reads what go-jsonnet's own tests expect, and writes it again.
func TestJSONAgainstGoldens(t *testing.T) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/google/go-jsonnet").Output()
	if err != nil {
		t.Skip("no module cache: ", err)
	}
	goldens, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(dir)), "testdata", "*.golden"))
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, name := range goldens {
		text, err := os.ReadFile(name)
		if err != nil || !json.Valid(text) {
			continue // a folder of several outputs, or an expected error
		}
		v, found := decode.JSON(source.NewFile(name, string(text)))
		if found.HasErrors() {
			t.Errorf("%s: %v", name, found)
			continue
		}
		compared++
		if got := string(AppendJSON(nil, v, Jsonnet)); got != strings.TrimSuffix(string(text), "\n") {
			t.Errorf("%s: got\n%s\nwant\n%s", filepath.Base(name), got, text)
		}
	}
	if compared < 300 {
		t.Errorf("compared only %d goldens", compared)
	}
}
