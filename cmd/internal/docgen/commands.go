package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// commandDir is the folder of the commands' pages.
const commandDir = "docs/cli/"

// commandPages gives a page for each command of a tree, and an index.
func commandPages(root *cobra.Command) map[string]string {
	root.InitDefaultHelpFlag()
	root.InitDefaultCompletionCmd()
	all := map[string]string{}
	walkCommands(root, func(cmd *cobra.Command) { all[commandDir+pageName(cmd)] = commandPage(cmd) })
	all[commandDir+"README.md"] = indexPage(root)
	return all
}

func walkCommands(cmd *cobra.Command, visit func(*cobra.Command)) {
	visit(cmd)
	for _, sub := range subcommands(cmd) {
		walkCommands(sub, visit)
	}
}

// subcommands are those that a user sees, sorted by name.
func subcommands(cmd *cobra.Command) []*cobra.Command {
	var out []*cobra.Command
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() && !sub.IsAdditionalHelpTopicCommand() {
			out = append(out, sub)
		}
	}
	return out
}

func pageName(cmd *cobra.Command) string {
	return strings.ReplaceAll(cmd.CommandPath(), " ", "-") + ".md"
}

const generated = "<!-- Generated from the code by `make docs`. -->\n\n"

func commandPage(cmd *cobra.Command) string {
	cmd.InitDefaultHelpFlag()
	var b strings.Builder
	section := func(title, text string) {
		if text = strings.TrimRight(text, "\n"); text != "" {
			fmt.Fprintf(&b, "\n## %s\n\n%s\n", title, text)
		}
	}
	fmt.Fprintf(&b, "%s# %s\n\n%s.\n", generated, cmd.CommandPath(), strings.TrimSuffix(cmd.Short, "."))
	if cmd.Long != "" {
		fmt.Fprintf(&b, "\n%s\n", prose(cmd.Long))
	}
	if cmd.Runnable() && !cmd.HasAvailableSubCommands() {
		section("Usage", block(cmd.UseLine()))
	}
	section("Examples", block(unindented(cmd.Example)))
	section("Commands", commandTable(subcommands(cmd)))
	section("Flags", block(cmd.NonInheritedFlags().FlagUsages()))
	section("Inherited flags", block(cmd.InheritedFlags().FlagUsages()))
	section("See also", seeAlso(cmd))
	return b.String()
}

// prose is a text for the terminal as markdown: indented lines become blocks.
func prose(text string) string {
	var out, pre []string
	flush := func() {
		if len(pre) > 0 {
			out = append(out, "", block(unindented(strings.Join(pre, "\n"))), "")
			pre = nil
		}
	}
	for line := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		if rest, ok := strings.CutPrefix(strings.ReplaceAll(line, "\t", "  "), "  "); ok {
			pre = append(pre, "  "+rest)
			continue
		}
		flush()
		if line != "" || len(out) > 0 && out[len(out)-1] != "" {
			out = append(out, escaped(line))
		}
	}
	flush()
	text = strings.ReplaceAll(strings.Join(out, "\n"), "\n\n\n", "\n\n")
	return strings.TrimSpace(text)
}

// block is a text as it stands on the terminal; nothing for an empty one.
func block(text string) string {
	if strings.TrimSpace(text) == "" {
		return ""
	}
	var lines []string
	for line := range strings.SplitSeq(strings.Trim(text, "\n"), "\n") {
		lines = append(lines, strings.TrimRight(line, " "))
	}
	return "```text\n" + strings.Join(lines, "\n") + "\n```"
}

// unindented takes away the two spaces that cobra's examples start with.
func unindented(text string) string {
	return strings.TrimPrefix(strings.ReplaceAll(text, "\n  ", "\n"), "  ")
}

func commandTable(commands []*cobra.Command) string {
	if len(commands) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("| command | what it does |\n|---|---|\n")
	for _, cmd := range commands {
		fmt.Fprintf(&b, "| %s | %s |\n", link(cmd), strings.ReplaceAll(cmd.Short, "|", `\|`))
	}
	return b.String()
}

func link(cmd *cobra.Command) string {
	return fmt.Sprintf("[`%s`](%s)", cmd.CommandPath(), pageName(cmd))
}

// seeAlso links the command above and the commands beside.
func seeAlso(cmd *cobra.Command) string {
	if !cmd.HasParent() {
		return "[All commands](README.md)"
	}
	links := []string{link(cmd.Parent())}
	for _, beside := range subcommands(cmd.Parent()) {
		if cmd.Parent().HasParent() && beside != cmd {
			links = append(links, link(beside))
		}
	}
	return strings.Join(append(links, "[all commands](README.md)"), ", ")
}

// indexPage lists all commands.
func indexPage(root *cobra.Command) string {
	var all []*cobra.Command
	walkCommands(root, func(cmd *cobra.Command) {
		if !cmd.HasAvailableSubCommands() || !cmd.HasParent() {
			all = append(all, cmd)
		}
	})
	return generated + "# Commands\n\n" + commandTable(all) + `
Exit codes:

| code | meaning |
|---:|---|
| 0 | done |
| 1 | diagnostics with an error, or a failure |
| 2 | a mistake in the command line |
| 3 | differences found (` + "`diff`, `drift`" + `) |

` + "`eval`" + ` has the exit codes of the jsonnet command: 1 for whatever fails, a mistake in the command line included.
` + "`kubectl couplet`" + ` has [kubectl's](../kubectl.md#exit-codes).

Diagnostics go to standard error, results to standard output. [diagnostics.md](../diagnostics.md) explains each
diagnostic by its code, [schemas](../schemas/README.md) has a JSON Schema for each JSON output.

Environment variables: NO_COLOR, unless empty, and TERM=dumb switch colours off; JSONNET_PATH is ` + "`eval`" + `'s search path.
`
}
