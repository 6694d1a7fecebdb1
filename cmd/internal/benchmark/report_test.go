package main

import (
	"math"
	"strings"
	"testing"
	"time"
)

func cells(couplet, pacesetter, reference time.Duration) map[string]cell {
	of := func(d time.Duration, mark string) cell {
		return cell{sample: sample{CPU: d, RSS: 50 << 20}, mark: mark}
	}
	return map[string]cell{ours: of(couplet, same), pace: of(pacesetter, sameValues), oracle: of(reference, "")}
}

// sampleReport has one row for each thing that can happen.
func sampleReport() report {
	const ms = time.Millisecond
	killed := cells(0, 60*ms, 0)
	killed[ours] = cell{sample: sample{Failure: "CPU limit 60 s"}}
	wrong := cells(30*ms, 40*ms, 100*ms)
	wrong[ours] = cell{sample: sample{CPU: 30 * ms}, mark: differs}
	return report{engines: []string{ours, oracle, pace}, results: []result{
		{row{name: "kube-prometheus", real: true}, cells(50*ms, 100*ms, 6000*ms)},
		{row{name: hello}, cells(4*ms, 2*ms, 3*ms)},
		{row{name: "small"}, cells(10*ms, 5*ms, 8*ms)},
		{row{name: "loss"}, cells(160*ms, 80*ms, 100*ms)},
		{row{name: "near"}, cells(100*ms, 80*ms, 900*ms)},
		{row{name: "killed"}, killed},
		{row{name: "wrong"}, wrong},
	}}
}

func TestReport(t *testing.T) {
	text := sampleReport().text()
	for _, want := range []string{
		"| kube-prometheus |  0.050 / 50M = | 6.000 / 50M | 0.100 / 50M ≈ |               0.50 |                0.008 |\n",
		"| killed          | CPU limit 60 s |",
		"| small           | 6.0 / 50M = |",
		"| startup {hello} | 4.0 / 50M = |",
		"over the 4 rows where jrsonnet takes at least 20 ms: geometric mean 0.98.**",
		"Worst of them: loss (2.00). Above 1.5: loss (2.00). From 1 to 1.5: near (1.25).",
		"on programs in use, start-up included: kube-prometheus (0.50).",
		"quicker rows that can be told from start-up: geometric mean 2.00; above 1.5: small (2.00).",
		"takes more CPU than go-jsonnet (by more than 1 ms): loss (1.60), small (1.25).",
		"No result: killed: couplet (CPU limit 60 s).",
		"Output that differs from go-jsonnet's: wrong: couplet.",
		"| kube-prometheus |     50M |        50M |      50M |               1.00 |                 1.00 |\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("missing: %s\nin\n%s", want, text)
		}
	}
}

func TestReportOfPeers(t *testing.T) {
	r := sampleReport()
	r.engines = []string{oracle}
	if text := r.text(); strings.Contains(text, "÷") {
		t.Errorf("a ratio of one engine:\n%s", text)
	}
}

func TestGeometricMean(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   float64
	}{
		{nil, 0},
		{[]float64{4}, 4},
		{[]float64{0.5, 2, 1}, 1},
		{[]float64{2, 8, 0}, 4},
	} {
		if got := geometricMean(c.values); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%v: %v, want %v", c.values, got, c.want)
		}
	}
}

func TestStartTable(t *testing.T) {
	all := []starter{{name: "hello"}, {name: "couplet"}}
	samples := make([]sample, 2*len(all))
	// In the second round the order is turned.
	samples[0].CPU, samples[1].CPU, samples[2].CPU, samples[3].CPU = 2e6, 5e6, 4e6, 1e6
	if text := startTable(all, samples); !strings.Contains(text, "| couplet |     4.0 |      3.0 |") {
		t.Error(text)
	}
}

func TestReplaceSection(t *testing.T) {
	page := replaceSection("# Performance\n", "a", "one\n")
	page = replaceSection(page, "b", "two\n")
	page = replaceSection(page, "a", "three\n")
	want := "# Performance\n\n" +
		"<!-- begin: a, by cmd/internal/benchmark -->\nthree\n<!-- end: a -->\n\n" +
		"<!-- begin: b, by cmd/internal/benchmark -->\ntwo\n<!-- end: b -->\n"
	if page != want {
		t.Errorf("got\n%s\nwant\n%s", page, want)
	}
}
