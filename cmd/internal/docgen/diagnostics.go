package main

import (
	"fmt"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/diag"
)

// groups are the first characters of the codes, and what the codes are about.
var groups = []struct{ prefix, title string }{
	{"CP1", "Files, the app and its environments"},
	{"CP2", "jsonnet before it runs"},
	{"CP3", "jsonnet while it runs"},
	{"CP4", "Kubernetes objects"},
	{"CP5", "Schemas"},
	{"CP6", "The API server's own rules"},
	{"CP7", "What objects say about each other"},
	{"CP8", "Parameters"},
	{"CP9", "couplet itself"},
}

const diagnosticsHead = generated + `# Diagnostics

Every diagnostic has a code. An error stops the command with exit code 1; a warning does not. Below each code stands an
example that produces it, as a txtar archive: the first line is the command, what follows are the files of the
working folder.

`

// diagnosticsPage explains the codes.
func diagnosticsPage(codes []diag.Info) (string, error) {
	var contents, body strings.Builder
	seen := 0
	for _, g := range groups {
		fmt.Fprintf(&contents, "\n**%s**\n\n", g.title)
		fmt.Fprintf(&body, "\n## %s\n", g.title)
		for _, info := range codes {
			if strings.HasPrefix(string(info.Code), g.prefix) {
				seen++
				fmt.Fprintf(&contents, "- [%s](#%s) %s\n", info.Code, strings.ToLower(string(info.Code)), escaped(info.Title))
				body.WriteString(codeSection(info))
			}
		}
	}
	if seen != len(codes) {
		return "", fmt.Errorf("%d of %d codes belong to no group", len(codes)-seen, len(codes))
	}
	return diagnosticsHead + strings.TrimPrefix(contents.String(), "\n") + body.String(), nil
}

func codeSection(info diag.Info) string {
	text := fmt.Sprintf("\n### %s\n\n**%s.** %s\n", info.Code, escaped(sentence(info.Title)), escaped(joined(info.Explain)))
	if info.Example == "" {
		return text
	}
	var lines []string
	for line := range strings.Lines(info.Example) {
		lines = append(lines, shortened(line))
	}
	example := strings.TrimRight(strings.Join(lines, ""), "\n")
	fence := "```"
	for strings.Contains(example, fence) {
		fence += "`"
	}
	return text + "\n" + fence + "txtar\n" + example + "\n" + fence + "\n"
}

// joined undoes the line breaks of a text.
func joined(text string) string { return strings.Join(strings.Fields(text), " ") }

func sentence(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

// escaped keeps markdown from taking characters of a text for markup; what stands in
// backquotes it takes for nothing else anyway.
func escaped(text string) string {
	parts := strings.Split(text, "`")
	for i := 0; i < len(parts); i += 2 {
		parts[i] = strings.NewReplacer("*", `\*`, "<", `\<`, "[", `\[`, "_", `\_`).Replace(parts[i])
	}
	return strings.Join(parts, "`")
}

// shortened cuts a line that no page has room for.
func shortened(line string) string {
	const limit, kept = 160, 60
	if len(line) <= limit {
		return line
	}
	return fmt.Sprintf("%s... (%d characters)\n", line[:kept], len(strings.TrimRight(line, "\n")))
}
