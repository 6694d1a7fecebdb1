package main

import (
	"testing"
	"time"
)

func TestMinimum(t *testing.T) {
	got := minimum([]sample{{CPU: 5, Wall: 9, RSS: 100}, {CPU: 7, Wall: 8, RSS: 90}, {CPU: 6, Wall: 10, RSS: 95}})
	if want := (sample{CPU: 5, Wall: 8, RSS: 90}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := minimum([]sample{{CPU: 5}, {CPU: 1, Failure: "error"}}); got.Failure != "error" {
		t.Errorf("a failure is lost: %v", got)
	}
	if got := minimum(nil); got != (sample{}) {
		t.Errorf("got %v of no rounds", got)
	}
}

func TestTotal(t *testing.T) {
	got := total(done{Wall: 20, Samples: []sample{{CPU: 5, RSS: 3}, {CPU: 7, RSS: 4, Failure: "error"}, {CPU: 1, RSS: 2}}})
	if want := (sample{CPU: 13, Wall: 20, RSS: 4, Failure: "error"}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestRounds(t *testing.T) {
	b := bench{options: options{rounds: 5, slowRounds: 2, slow: 3 * time.Second}}
	for _, c := range []struct {
		first sample
		want  int
	}{
		{sample{CPU: time.Millisecond}, 15},
		{sample{CPU: time.Second}, 5},
		{sample{CPU: 4 * time.Second}, 2},
		{sample{CPU: time.Millisecond, Failure: "error"}, 0},
	} {
		if got := b.roundsAfter([]sample{c.first}); got != c.want {
			t.Errorf("after %v: %d rounds, want %d", c.first, got, c.want)
		}
	}
	if got := b.roundsAfter(nil); got != 15 {
		t.Errorf("%d rounds before the first, want all 15", got)
	}
}
