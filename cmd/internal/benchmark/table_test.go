package main

import (
	"testing"
	"time"
)

func TestTable(t *testing.T) {
	table := newTable("row", "couplet", "×")
	table.add("kube-prometheus", "0.135 / 84M ≈", "0.93")
	table.add("hello", "error")
	want := "" +
		"| row             |       couplet |    × |\n" +
		"|-----------------|--------------:|-----:|\n" +
		"| kube-prometheus | 0.135 / 84M ≈ | 0.93 |\n" +
		"| hello           |         error |      |\n"
	if got := table.String(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{factor(0), "–"},
		{factor(0.0321), "0.032"},
		{factor(1.5), "1.50"},
		{factor(38.1), "38"},
		{seconds(159 * time.Millisecond), "0.159"},
		{milliseconds(1540 * time.Microsecond), "1.5"},
		{megabytes(83 << 20), "83M"},
	} {
		if c.got != c.want {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
}
