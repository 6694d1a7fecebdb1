package wire

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"strings"
	"testing"

	"github.com/couplet-k8s/couplet/cmd/couplet-admit/internal/rules"
)

// TestConversation says the lines that couplet says in the recorded conversation, and
// wants the recorded answers. Couplet's tests say the other half of it.
func TestConversation(t *testing.T) {
	text, err := os.ReadFile("../../../../testdata/wire/conversation.txt")
	if err != nil {
		t.Fatal(err)
	}
	var said, want strings.Builder
	for line := range strings.Lines(string(text)) {
		switch {
		case strings.HasPrefix(line, "> "):
			said.WriteString(line[2:])
		case strings.HasPrefix(line, "< "):
			want.WriteString(line[2:])
		default:
			t.Fatalf("a line starts with neither > nor <: %q", line)
		}
	}
	judge, err := rules.New("")
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := Serve(context.Background(), judge, bufio.NewReader(strings.NewReader(said.String())), &got); err == nil {
		t.Error("the last line is no object, and yet there is no error")
	}
	if got.String() != want.String() {
		t.Errorf("got\n%s\nwant\n%s", got.String(), want.String())
	}
}

func TestInputEndsWithinBundle(t *testing.T) {
	judge, err := rules.New("")
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	in := `{"object":{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"}}}`
	if err := Serve(context.Background(), judge, bufio.NewReader(strings.NewReader(in)), &got); err == nil {
		t.Error("no error")
	}
	if !strings.Contains(got.String(), `{"error":"the input ends within a bundle"}`) {
		t.Errorf("got %s", got.String())
	}
}
