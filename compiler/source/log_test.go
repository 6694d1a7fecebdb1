package source_test

import (
	"os"
	"testing"

	"github.com/couplet-k8s/couplet/compiler/source"
)

// TestLog reads through two logs of one set: each has what was asked through it, and the
// file is one.
func TestLog(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("a", []byte("text"), 0o666); err != nil {
		t.Fatal(err)
	}
	set := source.NewSet(source.Disk{})
	var one, two source.Log
	first, _ := set.Logged(&one).Load("./a")
	second, _ := set.Logged(&two).Load("a")
	_, _ = set.Logged(&two).Load("b")
	if first != second || set.Logged(&one).Memo("key", func() any { return 1 }) != set.Memo("key", func() any { return 2 }) {
		t.Error("logged sets do not share what they have")
	}
	reads, complete := one.Reads()
	if len(reads) != 1 || reads[0] != (source.Read{Path: "a", Sum: source.SumOf([]byte("text"))}) || !complete {
		t.Errorf("logged %v", reads)
	}
	if reads, _ := two.Reads(); len(reads) != 2 || reads[1] != (source.Read{Path: "b", Answer: source.Missing}) {
		t.Errorf("logged %v", reads)
	}
	if _, _ = set.Logged(&one).Load("."); true {
		if _, complete := one.Reads(); complete {
			t.Error("a folder that was read as a file can be asked again")
		}
	}
}
