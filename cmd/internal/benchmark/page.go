package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// publish prints a section, or puts it into the page between its two marks.
func publish(page, name, text string, out io.Writer) error {
	if page == "" {
		_, err := io.WriteString(out, text+"\n")
		return err
	}
	old, err := os.ReadFile(page)
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	return os.WriteFile(page, []byte(replaceSection(string(old), name, text)), 0o666)
}

// replaceSection gives page with the section's new text, at its end if it had none.
func replaceSection(page, name, text string) string {
	begin := fmt.Sprintf("<!-- begin: %s, by cmd/internal/benchmark -->\n", name)
	end := fmt.Sprintf("<!-- end: %s -->\n", name)
	text = begin + text + end
	before, rest, found := strings.Cut(page, begin)
	_, after, closed := strings.Cut(rest, end)
	if found && closed {
		return before + text + after
	}
	if page != "" {
		page += "\n"
	}
	return page + text
}

// preamble is a section's heading with the machine, the versions and the floor of what
// can be measured.
func (b *bench) preamble(title string) (string, error) {
	floor, err := b.floor()
	if err != nil {
		return "", err
	}
	text := fmt.Sprintf("## %s\n\nMachine: %s, %d cores, Linux %s, load %s when it began; measured by a program of %s.\n\n", title,
		procField("cpuinfo", "model name"), runtime.NumCPU(), procField("sys/kernel/osrelease", ""), load(), runtime.Version())
	for _, e := range b.chosen {
		text += "- " + e.versionText() + "\n"
	}
	return text + fmt.Sprintf("\nFloor of the measurement, the command `true`: %s ms, %s.\n\n",
		milliseconds(floor.CPU), megabytes(floor.RSS)), nil
}

// floor is what a process shows that does nothing: part of it is the starting process.
func (b *bench) floor() (sample, error) {
	j := job{Limit: b.limit}
	for range 20 {
		j.Commands = append(j.Commands, command{Args: []string{"true"}, Stdout: filepath.Join(b.scratch, "stdout")})
	}
	d, err := send(j)
	return minimum(d.Samples), err
}

// procField is the value of the first line of a file below /proc that begins with name.
func procField(file, name string) string {
	text, _ := os.ReadFile("/proc/" + file)
	for line := range strings.Lines(string(text)) {
		if rest, found := strings.CutPrefix(line, name); found {
			return strings.TrimLeft(strings.TrimSpace(rest), ": \t")
		}
	}
	return "unknown"
}

func load() string {
	one, _, _ := strings.Cut(procField("loadavg", ""), " ")
	return one
}
