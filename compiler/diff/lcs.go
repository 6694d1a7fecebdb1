package diff

import "slices"

// gap is what stands between two common parts of two sequences: the old part that was
// replaced by the new one. One of them may be empty.
type gap struct{ oldStart, oldEnd, newStart, newEnd int }

// gapsBetween finds the gaps of a longest common subsequence, in order.
func gapsBetween(a, b []int) []gap {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	endA, endB := len(a), len(b)
	for endA > head && endB > head && a[endA-1] == b[endB-1] {
		endA--
		endB--
	}
	var gaps []gap
	at := gap{oldStart: head, newStart: head}
	for _, m := range matches(a[head:endA], b[head:endB]) {
		at.oldEnd, at.newEnd = head+m.a, head+m.b
		gaps = appendGap(gaps, at)
		at.oldStart, at.newStart = at.oldEnd+1, at.newEnd+1
	}
	at.oldEnd, at.newEnd = endA, endB
	return appendGap(gaps, at)
}

func appendGap(gaps []gap, g gap) []gap {
	if g.oldStart == g.oldEnd && g.newStart == g.newEnd {
		return gaps
	}
	return append(gaps, g)
}

// match is a pair of positions with equal elements.
type match struct{ a, b int }

// furthest is how many differences Myers' algorithm looks for: its memory grows with
// their square. Two sequences that differ more have nothing in common worth showing.
const furthest = 1000

// matches gives a longest common subsequence of two sequences by Myers' greedy
// algorithm ("An O(ND) Difference Algorithm and Its Variations").
func matches(a, b []int) []match {
	if len(a) == 0 || len(b) == 0 {
		return nil
	}
	reach := map[int]int{1: 0} // by diagonal, how far along a
	var trace []map[int]int
	for d := 0; d <= min(len(a)+len(b), furthest); d++ {
		next := make(map[int]int, d+1)
		for k := -d; k <= d; k += 2 {
			x := step(reach, k, d)
			for x < len(a) && x-k < len(b) && x-k >= 0 && a[x] == b[x-k] {
				x++
			}
			next[k] = x
			if x >= len(a) && x-k >= len(b) {
				return backtrack(append(trace, reach), a, b)
			}
		}
		trace = append(trace, reach)
		reach = next
	}
	return nil
}

// step is where diagonal k is entered with one difference more: from above, which
// takes an element of b, or from the left, which drops one of a.
func step(reach map[int]int, k, d int) int {
	if k == -d || k != d && reach[k-1] < reach[k+1] {
		return reach[k+1]
	}
	return reach[k-1] + 1
}

func backtrack(trace []map[int]int, a, b []int) []match {
	var found []match
	x, y := len(a), len(b)
	for d := len(trace) - 1; d >= 0; d-- {
		reach, k := trace[d], x-y
		from := k - 1
		if k == -d || k != d && reach[k-1] < reach[k+1] {
			from = k + 1
		}
		startX := step(reach, k, d)
		for x > startX && y > startX-k {
			x--
			y--
			found = append(found, match{x, y})
		}
		x = reach[from]
		y = x - from
	}
	slices.Reverse(found)
	return found
}
