package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/google/go-jsonnet"

	"github.com/couplet-k8s/couplet/compiler/resolve"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/syntax"
)

// parsingSection measures the front end alone, on the largest file that people import.
func (b *bench) parsingSection() (string, error) {
	page, err := b.preamble("Parsing")
	if err != nil {
		return "", err
	}
	const name = "ksonnet.beta.4/k8s.libsonnet"
	text, err := os.ReadFile(filepath.Join(b.corpora, "ksonnet-lib", name))
	if err != nil {
		return "", err
	}
	file := source.NewFile(name, string(text))
	if tree := syntax.Parse(file); len(tree.Errors) > 0 {
		return "", fmt.Errorf("%s: %s", name, tree.Errors[0].Message)
	}
	size := float64(len(text)) / 1e6
	t := newTable(fmt.Sprintf("%s, %.1f MB", name, size), "ms", "MB/s")
	for _, line := range []struct {
		name string
		run  func() error
	}{
		{"couplet, tokens and tree, comments and spans kept", func() error { syntax.Parse(file); return nil }},
		{"couplet, the same and names resolved", func() error { resolve.Resolve(syntax.Parse(file)); return nil }},
		{"go-jsonnet, SnippetToAST", func() error { _, err := jsonnet.SnippetToAST(name, string(text)); return err }},
	} {
		least := time.Duration(0)
		for range b.provenanceRounds() {
			start := time.Now()
			if err := line.run(); err != nil {
				return "", err
			}
			if took := time.Since(start); least == 0 || took < least {
				least = took
			}
		}
		t.add(line.name, milliseconds(least), fmt.Sprintf("%.0f", size/least.Seconds()))
	}
	return page + fmt.Sprintf("Minimum of %d runs each within one process, on one core.\n\n", b.provenanceRounds()) + t.String(), nil
}
