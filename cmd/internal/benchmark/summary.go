package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// geometricMean is of the positive values; 0 if there are none.
func geometricMean(values []float64) float64 {
	sum, n := 0.0, 0
	for _, v := range values {
		if v > 0 {
			sum += math.Log(v)
			n++
		}
	}
	if n == 0 {
		return 0
	}
	return math.Exp(sum / float64(n))
}

// named is a number with the row it is of.
type named struct {
	name  string
	value float64
}

// above keeps what is above limit, the largest first.
func above(all []named, limit float64) []named {
	var kept []named
	for _, n := range all {
		if n.value > limit {
			kept = append(kept, n)
		}
	}
	slices.SortStableFunc(kept, func(a, b named) int {
		switch {
		case a.value > b.value:
			return -1
		case a.value < b.value:
			return 1
		}
		return strings.Compare(a.name, b.name)
	})
	return kept
}

func list(all []named) string {
	if len(all) == 0 {
		return "none"
	}
	var texts []string
	for _, n := range all {
		texts = append(texts, fmt.Sprintf("%s (%s)", n.name, factor(n.value)))
	}
	return strings.Join(texts, ", ")
}

// summary holds the first engine against the pace setter and the oracle.
func (r report) summary(long, short []result) string {
	var b strings.Builder
	for _, other := range r.others() {
		switch other {
		case pace:
			b.WriteString(r.paceSummary(long, short))
		case oracle:
			fmt.Fprintf(&b, "- Rows where %s takes more CPU than %s (by more than %d ms): %s.\n",
				r.engines[0], oracle, noise.Milliseconds(), list(r.slower(oracle)))
		}
	}
	b.WriteString(r.failures())
	b.WriteString(r.differences())
	return strings.TrimRight(b.String()+"\n"+r.memory(), "\n") + "\n"
}

func (r report) paceSummary(long, short []result) string {
	subject := r.engines[0]
	var ratios, net, inUse []named
	for _, res := range long {
		ratios = append(ratios, named{res.row.name, res.ratio(subject, pace)})
	}
	start := r.startUp()
	for _, res := range short {
		net = append(net, named{res.row.name, res.netRatio(subject, pace, start)})
	}
	for _, res := range r.results {
		if res.row.real {
			inUse = append(inUse, named{res.row.name, res.ratio(subject, pace)})
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "- %s ÷ %s on programs in use, start-up included: %s.\n", subject, pace, list(above(inUse, 0)))
	fmt.Fprintf(&b, "- **%s ÷ %s over the %d rows where %s takes at least %d ms: geometric mean %s.**\n", subject, pace,
		len(above(ratios, 0)), pace, threshold.Milliseconds(), factor(geometricMean(valuesOf(ratios))))
	if order := above(ratios, 0); len(order) > 0 {
		far := above(ratios, 1.5)
		fmt.Fprintf(&b, "- Worst of them: %s. Above 1.5: %s. From 1 to 1.5: %s.\n",
			list(order[:1]), list(far), list(above(ratios, 1)[len(far):]))
	}
	fmt.Fprintf(&b, "- Over the %d quicker rows that can be told from start-up: geometric mean %s; above 1.5: %s.\n",
		len(above(net, 0)), factor(geometricMean(valuesOf(net))), list(above(net, 1.5)))
	return b.String()
}

func valuesOf(all []named) []float64 {
	var values []float64
	for _, n := range all {
		values = append(values, n.value)
	}
	return values
}

// slower are the rows where the first engine takes more CPU than other, start-up
// included.
func (r report) slower(other string) []named {
	var all []named
	for _, res := range r.results {
		x, y := res.cells[r.engines[0]], res.cells[other]
		if x.CPU > y.CPU+noise {
			all = append(all, named{res.row.name, res.ratio(r.engines[0], other)})
		}
	}
	return above(all, 1)
}

func (r report) failures() string {
	var texts []string
	for _, res := range r.results {
		for _, name := range r.engines {
			if c := res.cells[name]; c.Failure != "" {
				texts = append(texts, fmt.Sprintf("%s: %s (%s)", res.row.name, name, c.Failure))
			}
		}
	}
	return "- No result: " + orNone(texts) + ".\n"
}

func (r report) differences() string {
	var texts []string
	for _, res := range r.results {
		for _, name := range r.engines {
			if res.cells[name].mark == differs {
				texts = append(texts, res.row.name+": "+name)
			}
		}
	}
	return fmt.Sprintf("- Output that differs from %s's: %s.\n", oracle, orNone(texts))
}

func orNone(texts []string) string {
	if len(texts) == 0 {
		return "none"
	}
	return strings.Join(texts, ", ")
}

// memory is the table of peaks on the programs in use.
func (r report) memory() string {
	head := append([]string{"peak memory"}, r.engines...)
	for _, name := range r.others() {
		head = append(head, r.engines[0]+" ÷ "+name)
	}
	t := newTable(head...)
	for _, res := range r.results {
		if res.row.real {
			t.add(r.memoryLine(res)...)
		}
	}
	if t.empty() {
		return ""
	}
	return t.String()
}

func (r report) memoryLine(res result) []string {
	line := []string{res.row.name}
	for _, name := range r.engines {
		text := "–"
		if c := res.cells[name]; c.Failure == "" {
			text = megabytes(c.RSS)
		}
		line = append(line, text)
	}
	subject := res.cells[r.engines[0]]
	for _, name := range r.others() {
		ratio := 0.0
		if c := res.cells[name]; c.Failure == "" && subject.Failure == "" && c.RSS > 0 {
			ratio = float64(subject.RSS) / float64(c.RSS)
		}
		line = append(line, factor(ratio))
	}
	return line
}
