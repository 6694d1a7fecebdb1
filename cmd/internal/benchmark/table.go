package main

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// table is a Markdown table with its columns aligned, so that it can be read as text too.
type table struct{ lines [][]string }

func newTable(head ...string) *table { return &table{lines: [][]string{head}} }

func (t *table) add(line ...string) { t.lines = append(t.lines, line) }

// empty tells whether there is only the head.
func (t *table) empty() bool { return len(t.lines) == 1 }

func (t *table) String() string {
	width := make([]int, len(t.lines[0]))
	for _, line := range t.lines {
		for i, text := range line {
			width[i] = max(width[i], utf8.RuneCountInString(text))
		}
	}
	var b strings.Builder
	for i, line := range t.lines {
		b.WriteString(tableLine(line, width))
		if i == 0 {
			b.WriteString(rule(width))
		}
	}
	return b.String()
}

func tableLine(line []string, width []int) string {
	cells := make([]string, len(width))
	for i := range width {
		text := ""
		if i < len(line) {
			text = line[i]
		}
		gap := strings.Repeat(" ", width[i]-utf8.RuneCountInString(text))
		if i == 0 {
			cells[i] = text + gap
		} else {
			cells[i] = gap + text
		}
	}
	return "| " + strings.Join(cells, " | ") + " |\n"
}

// rule aligns the first column left and the numbers right.
func rule(width []int) string {
	var b strings.Builder
	for i, w := range width {
		if i == 0 {
			b.WriteString("|" + strings.Repeat("-", w+2))
		} else {
			b.WriteString("|" + strings.Repeat("-", w+1) + ":")
		}
	}
	return b.String() + "|\n"
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.1f", float64(d)/float64(time.Millisecond))
}

func megabytes(bytes int64) string { return fmt.Sprintf("%.0fM", float64(bytes)/(1<<20)) }

// factor has as many digits as are worth reading.
func factor(x float64) string {
	switch {
	case x <= 0:
		return "–"
	case x < 0.1:
		return fmt.Sprintf("%.3f", x)
	case x < 10:
		return fmt.Sprintf("%.2f", x)
	}
	return fmt.Sprintf("%.0f", x)
}
