package main

import (
	"fmt"
	"strings"
	"time"
)

// threshold tells the rows of the first table from the quick ones: below it, an engine's
// start-up is a large part of what the pace setter takes.
const threshold = 20 * time.Millisecond

// noise is what two runs of one program differ by, whatever their length.
const noise = time.Millisecond

// report is what the engines' section is written from.
type report struct {
	// engines are the columns; the first is held against the others.
	engines []string
	results []result
}

func (b *bench) enginesSection() (string, error) {
	page, err := b.preamble("Engines")
	if err != nil {
		return "", err
	}
	r, err := b.races(rows())
	if err != nil {
		return "", err
	}
	return page + b.method() + r.text(), nil
}

// races runs the rows that were asked for, and start-up, which is needed for those that it
// is subtracted from.
func (b *bench) races(rows []row) (report, error) {
	r := report{}
	for _, e := range b.chosen {
		r.engines = append(r.engines, e.name)
	}
	for _, row := range rows {
		if !b.rows.MatchString(row.name) && row.name != hello {
			continue
		}
		res, err := b.race(row)
		if err != nil {
			return r, err
		}
		fmt.Fprintln(b.log, r.logLine(res))
		r.results = append(r.results, res)
	}
	return r, nil
}

func (b *bench) method() string {
	return fmt.Sprintf("CPU is user and system time of the whole process in seconds, RSS the peak of resident memory, each the minimum\n"+
		"of %d rounds (%d where an engine takes under 0.1 s, %d where it takes more than %.0f s); a process is killed at %.0f s of CPU\n"+
		"time. After a number: `=` the output equals %s's byte for byte, `≈` it is the same JSON with numbers written\n"+
		"otherwise, `≠` it differs, nothing: there is none to compare with.\n\n",
		b.rounds, 3*b.rounds, b.slowRounds, b.slow.Seconds(), b.limit.Seconds(), oracle)
}

func (r report) logLine(res result) string {
	text := res.row.name
	for _, name := range r.engines {
		text += fmt.Sprintf("  %s %s", name, res.cells[name])
	}
	return text
}

// String is a cell of the first table.
func (c cell) String() string {
	if c.Failure != "" {
		return c.Failure
	}
	return strings.TrimSpace(fmt.Sprintf("%s / %s %s", seconds(c.CPU), megabytes(c.RSS), c.mark))
}

// isQuick says whether res belongs to the second table. Start-up does: it is what is
// subtracted there.
func isQuick(res result) bool {
	c, there := res.cells[pace]
	return there && c.Failure == "" && c.CPU < threshold
}

// others are the engines that the first is held against: the pace setter and the oracle.
func (r report) others() []string {
	var names []string
	for _, name := range []string{pace, oracle} {
		for _, have := range r.engines[1:] {
			if have == name {
				names = append(names, name)
			}
		}
	}
	return names
}

func (r report) text() string {
	var long, short []result
	for _, res := range r.results {
		if isQuick(res) {
			short = append(short, res)
		} else {
			long = append(long, res)
		}
	}
	text := r.longTable(long)
	if len(short) > 0 {
		text += fmt.Sprintf("\nRows where %s takes under %d ms. Here CPU is in milliseconds, with the engine's start-up (the first row, which\n"+
			"is shown whole) subtracted; a ratio needs at least %.0f ms on both sides.\n\n",
			pace, threshold.Milliseconds(), float64(noise.Milliseconds())) + r.shortTable(short)
	}
	return text + "\n" + r.summary(long, short)
}

func (r report) head(unit string) *table {
	columns := []string{"row"}
	for _, name := range r.engines {
		columns = append(columns, name+unit)
	}
	for _, name := range r.others() {
		columns = append(columns, r.engines[0]+" ÷ "+name)
	}
	return newTable(columns...)
}

func (r report) longTable(results []result) string {
	t := r.head("")
	for _, res := range results {
		line := []string{res.row.name}
		for _, name := range r.engines {
			line = append(line, res.cells[name].String())
		}
		for _, name := range r.others() {
			line = append(line, factor(res.ratio(r.engines[0], name)))
		}
		t.add(line...)
	}
	return t.String()
}

func (r report) shortTable(results []result) string {
	start := r.startUp()
	t := r.head(", ms")
	for _, res := range results {
		line := []string{res.row.name}
		for _, name := range r.engines {
			line = append(line, shortCell(res, name, start))
		}
		for _, name := range r.others() {
			line = append(line, factor(res.netRatio(r.engines[0], name, start)))
		}
		t.add(line...)
	}
	return t.String()
}

func shortCell(res result, name string, start map[string]time.Duration) string {
	c := res.cells[name]
	if c.Failure != "" {
		return c.Failure
	}
	cpu := max(c.CPU-start[name], 0)
	if res.row.name == hello {
		cpu = c.CPU
	}
	return strings.TrimSpace(fmt.Sprintf("%s / %s %s", milliseconds(cpu), megabytes(c.RSS), c.mark))
}

// startUp is what each engine takes to do nothing.
func (r report) startUp() map[string]time.Duration {
	start := map[string]time.Duration{}
	for _, res := range r.results {
		if res.row.name == hello {
			for name, c := range res.cells {
				start[name] = c.CPU
			}
		}
	}
	return start
}

// ratio is 0 where one of the two has no result.
func (res result) ratio(a, b string) float64 {
	x, y := res.cells[a], res.cells[b]
	if x.Failure != "" || y.Failure != "" || y.CPU == 0 {
		return 0
	}
	return float64(x.CPU) / float64(y.CPU)
}

// netRatio is ratio without start-up, and 0 where noise would decide it.
func (res result) netRatio(a, b string, start map[string]time.Duration) float64 {
	x, y := res.cells[a], res.cells[b]
	netX, netY := x.CPU-start[a], y.CPU-start[b]
	if x.Failure != "" || y.Failure != "" || netX < noise || netY < noise || res.row.name == hello {
		return 0
	}
	return float64(netX) / float64(netY)
}
