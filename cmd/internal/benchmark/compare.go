package main

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
)

// The marks of an output beside the oracle's.
const (
	same       = "="
	sameValues = "≈"
	differs    = "≠"
	unknown    = ""
)

// output is what a run wrote: standard output under "", files by their paths.
type output map[string][]byte

func readOutput(stdout, folder string) (output, error) {
	text, err := os.ReadFile(stdout)
	if err != nil {
		return nil, err
	}
	o := output{"": text}
	err = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		o[path], err = os.ReadFile(path)
		return err
	})
	return o, err
}

// compare marks got. JSON of equal values is told from other output because engines
// write numbers differently: 0.8 and 0.80000000000000004 are one number.
func compare(want, got output) string {
	if want == nil || got == nil {
		return unknown
	}
	mark := same
	if len(want) != len(got) {
		return differs
	}
	for name, text := range want {
		switch other, there := got[name]; {
		case !there:
			return differs
		case bytes.Equal(text, other):
		case equalJSON(text, other):
			mark = sameValues
		default:
			return differs
		}
	}
	return mark
}

func equalJSON(a, b []byte) bool {
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return false
	}
	return reflect.DeepEqual(x, y)
}
