package companion

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/couplet-k8s/couplet/compiler/decode"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// The tests' own executable stands in for companions that do not behave: what it does is
// in this variable.
const behaviour = "COUPLET_TEST_COMPANION"

func TestMain(m *testing.M) {
	if do := os.Getenv(behaviour); do != "" {
		misbehave(do)
		return
	}
	os.Exit(m.Run())
}

func misbehave(do string) {
	in := bufio.NewReader(os.Stdin)
	say := func(line string) { fmt.Println(line) }
	bundle := func() {
		for {
			line, err := in.ReadString('\n')
			if err != nil || strings.HasPrefix(line, `{"end"`) {
				return
			}
		}
	}
	switch do {
	case "other protocol":
		say(`{"protocol":9,"kubernetes":"1.99.0"}`)
	case "complains":
		fmt.Fprintln(os.Stderr, "couplet-admit: no rules today")
		os.Exit(1)
	case "no JSON":
		say("hello")
	case "dies":
		say(`{"protocol":1,"kubernetes":"1.37.2"}`)
		bundle()
		say(`{"object":0}`)
		os.Exit(3)
	case "dies once":
		say(`{"protocol":1,"kubernetes":"1.37.2"}`)
		bundle()
		mark := os.Getenv(behaviour + "_MARK")
		if _, err := os.Stat(mark); err != nil {
			_ = os.WriteFile(mark, nil, 0o600)
			os.Exit(3)
		}
		say(`{"object":0}`)
		say(`{"object":1}`)
		say(`{"done":true}`)
		bundle()
	case "hangs":
		say(`{"protocol":1,"kubernetes":"1.37.2"}`)
		time.Sleep(time.Hour)
	case "never ends":
		say(`{"protocol":1,"kubernetes":"1.37.2"}`)
		bundle()
		say(`{"object":0}`)
		say(`{"object":1}`)
		say(`{"done":true}`)
		time.Sleep(time.Hour)
	case "leaves a child":
		child := exec.Command("sleep", "15")
		child.Stdout, child.Stderr = os.Stdout, os.Stderr
		_ = child.Start()
		fmt.Fprintln(os.Stderr, "gone")
		os.Exit(3)
	case "never ends a line":
		for {
			fmt.Print(strings.Repeat("x", 1<<20))
		}
	case "judges unread":
		say(`{"protocol":1,"kubernetes":"1.37.2"}`)
		say(`{"object":0}`)
		say(`{"object":1}`)
		say(`{"done":true}`)
		time.Sleep(time.Hour)
	case "judges too few":
		say(`{"protocol":1,"kubernetes":"1.37.2"}`)
		bundle()
		say(`{"object":0}`)
		say(`{"done":true}`)
		bundle()
	case "replays":
		replay(in)
	}
}

// replay is a companion that wants the lines of the recorded conversation, and answers
// with those recorded.
func replay(in *bufio.Reader) {
	text, err := os.ReadFile(os.Getenv(behaviour + "_MARK"))
	if err != nil {
		panic(err)
	}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "< ") {
			fmt.Print(line[2:])
			continue
		}
		got, err := in.ReadString('\n')
		if err != nil {
			return
		}
		if !sameJSON(got, line[2:]) {
			fmt.Printf("{\"error\":%q}\n", "said "+got)
			return
		}
	}
}

func sameJSON(a, b string) bool {
	var x, y any
	return json.Unmarshal([]byte(a), &x) == nil && json.Unmarshal([]byte(b), &y) == nil && fmt.Sprint(x) == fmt.Sprint(y)
}

func objects(t *testing.T, text string) []value.Value {
	t.Helper()
	docs, found := decode.YAML(source.NewFile("objects.yaml", text))
	if found.HasErrors() {
		t.Fatal(found)
	}
	return docs
}

const two = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n"

func TestMisbehaviour(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ do, want string }{
		{"other protocol", "speaks version 9"},
		{"complains", "no rules today"},
		{"no JSON", `no line of the wire format: "hello`},
		{"dies", "couplet-admit ended: exit status 3"},
		{"dies once", ""},
		{"hangs", "couplet-admit has said nothing for 300ms"},
		{"judges too few", "couplet-admit judged 1 objects of 2"},
		{"never ends", ""},
		{"never ends a line", "couplet-admit says a line without an end"},
		{"leaves a child", "couplet-admit has said nothing"},
		{"judges unread", "couplet-admit judged objects that it has not read"},
	}
	for _, test := range tests {
		t.Run(test.do, func(t *testing.T) {
			t.Setenv(behaviour, test.do)
			t.Setenv(behaviour+"_MARK", filepath.Join(t.TempDir(), "mark"))
			c := New(self)
			c.silence = 300 * time.Millisecond
			defer c.Close()
			text := two
			if test.do == "judges unread" {
				text += "data: {a: " + strings.Repeat("x", 1<<20) + "}\n"
			}
			if test.do == "never ends a line" {
				c.silence = time.Minute
			}
			verdicts, err := c.Judge(context.Background(), "1.37", nil, objects(t, text))
			switch {
			case test.want == "" && (err != nil || len(verdicts) != 2):
				t.Errorf("%d verdicts, %v", len(verdicts), err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
				t.Errorf("got %v, want %s", err, test.want)
			}
			if len(c.processes) > 0 && err != nil {
				t.Error("the process is kept")
			}
		})
	}
}

func TestStopped(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(behaviour, "hangs")
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	c := New(self)
	defer c.Close()
	if _, err := c.Judge(ctx, "1.37", nil, objects(t, two)); err == nil {
		t.Error("no error")
	}
}

func TestMissingProgram(t *testing.T) {
	c := New(filepath.Join(t.TempDir(), "nothing"))
	defer c.Close()
	if _, err := c.Judge(context.Background(), "1.37", nil, objects(t, two)); err == nil {
		t.Error("no error")
	}
}

// TestConversation holds the recorded conversation, of which the companion's own tests
// hold the other half.
func TestConversation(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	recorded, err := filepath.Abs("../../../testdata/wire/conversation.txt")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(behaviour, "replays")
	t.Setenv(behaviour+"_MARK", recorded)
	c := New(self)
	defer c.Close()
	text, err := os.ReadFile(recorded)
	if err != nil {
		t.Fatal(err)
	}
	var given, judged []value.Value
	for line := range strings.Lines(string(text)) {
		line, said := strings.CutPrefix(line, "> ")
		if !said {
			continue
		}
		v, found := decode.JSON(source.NewFile("line", line))
		if found.HasErrors() {
			t.Fatal(found)
		}
		if v.Has("end") {
			break
		}
		if g := v.Get("given"); !g.IsNull() {
			given = append(given, g)
		} else {
			judged = append(judged, v.Get("object"))
		}
	}
	verdicts, err := c.Judge(context.Background(), "1.37", given, judged)
	if err != nil || len(verdicts) != len(judged) {
		t.Fatal(verdicts, err)
	}
	if got := verdicts[0].Causes[0].Field; got != "data" {
		t.Errorf("the first cause is about %q", got)
	}
	if !verdicts[3].Unknown || len(verdicts[2].Causes) > 0 || c.Rules() != "1.37.2" {
		t.Errorf("got %v by rules of %s", verdicts, c.Rules())
	}
	if verdicts, err = c.Judge(context.Background(), "1.37", nil, nil); err != nil || len(verdicts) > 0 {
		t.Errorf("an empty bundle: %v, %v", verdicts, err)
	}
}
