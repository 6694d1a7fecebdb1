package quantity

import (
	"math/rand"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/api/resource"
)

// samples are written in every form, right and wrong.
func samples() []string {
	list := strings.Fields(`0 -0 +1 1 -1 00100 1. .5 . + - 1.5 0.1 1e e1 1e3 1E3 1e-3 1e+3 1e-12 1e25 1Ki 1ki 1K 1Kii 1mi 100m 0.0001m
		1n 0.1n 1.0000000001 1.5Gi 0.3Ki 0.00001Ki 9Ei 9223372036854775807 9223372036854775807Ki 1 1.2.3 1k1 1k-1 1x x ١ 1_0 1e3e3
		1ee3 1eE3 1e3k 12345678901234567890 0.000000001 0.0000000001 1023 1024 1536Mi 1000Mi 2.5Ti 1M 1000k 1500m 1100000n -1.5Gi Ki m 1i 1e1000 1e-1000`)
	r := rand.New(rand.NewSource(1))
	for range 20_000 {
		text := ""
		for range r.Intn(6) {
			text += string("0123456789."[r.Intn(11)])
		}
		list = append(list, text+[]string{"", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "e2", "E-4", "e", "x", "e-11", "E21"}[r.Intn(22)])
	}
	return list
}

// TestLikeTheServer reads texts as the API server's library does: the same are wrong, and
// the others have the same amount and canonical form.
func TestLikeTheServer(t *testing.T) {
	read := 0
	for _, text := range samples() {
		want, wantErr := resource.ParseQuantity(text)
		got, err := Parse(text)
		if (err != nil) != (wantErr != nil) {
			t.Errorf("%q: %v, want %v", text, err, wantErr)
			continue
		}
		if err != nil || beyond(want) {
			continue
		}
		read++
		// A sum with 0 is written anew by the library, not as it was read.
		one, again := resource.MustParse("1"), want.DeepCopy()
		again.Add(one)
		again.Sub(one)
		if got.String() != again.String() {
			t.Errorf("%q is %s, want %s", text, got, again.String())
		}
	}
	if read < 5000 {
		t.Errorf("only %d texts are quantities", read)
	}
}

// beyond tells whether a quantity is larger than ours can be.
func beyond(q resource.Quantity) bool {
	most := resource.MustParse("1e28")
	return q.Cmp(most) > 0
}

// TestReckon adds, multiplies and compares as the library does.
func TestReckon(t *testing.T) {
	list := samples()
	var sum Quantity
	var want resource.Quantity
	done := 0
	for i, text := range list {
		other := list[len(list)-1-i]
		q, err := Parse(text)
		p, err2 := Parse(other)
		if err != nil || err2 != nil {
			continue
		}
		x, y := resource.MustParse(text), resource.MustParse(other)
		if beyond(x) || beyond(y) {
			continue
		}
		done++
		if q.Compare(p) != x.Cmp(y) || q.IsZero() != x.IsZero() {
			t.Errorf("%s and %s compare as %d, want %d", text, other, q.Compare(p), x.Cmp(y))
		}
		n := int64(i%7 - 3)
		q.Times(n)
		x.Mul(n)
		sum.Add(q)
		want.Add(x)
		if i%10 == 0 {
			sum, want = q, x
		}
		if q.Compare(p) != x.Cmp(y) {
			t.Errorf("%d times %s and %s compare as %d, want %d", n, text, other, q.Compare(p), x.Cmp(y))
		}
		if sum.String() != want.String() && !beyond(want) {
			t.Errorf("the sum is %s, want %s", sum, want.String())
			sum, want = q, x
		}
	}
	if done < 2000 {
		t.Errorf("only %d pairs were reckoned with", done)
	}
	if one := Of(-3); one.String() != "-3" {
		t.Error(one)
	}
}

func TestEndless(t *testing.T) {
	for text, want := range map[string]bool{
		"": false, "1": false, "1e3": false, "1e-9999": false, "1E99999": false, "1E999999": true, "1e999999999": true, "-1e-99999": true, "abcde99999x": false,
		strings.Repeat("9", 1000): false, strings.Repeat("9", 1001): true, strings.Repeat("9", 2000) + "Gi": true, strings.Repeat("a", 2000): false,
	} {
		if got := Endless(text); got != want {
			t.Errorf("%.40q: %t", text, got)
		}
	}
}
