package cli

import "testing"

// TestColor holds --color, NO_COLOR (no-color.org) and TERM against each other.
func TestColor(t *testing.T) {
	for _, c := range []struct {
		flag     string
		env      map[string]string
		terminal bool
		want     bool
	}{
		{"auto", nil, true, true},
		{"auto", nil, false, false},
		{"auto", map[string]string{"NO_COLOR": "1"}, true, false},
		{"auto", map[string]string{"NO_COLOR": ""}, true, true},
		{"auto", map[string]string{"TERM": "dumb"}, true, false},
		{"always", map[string]string{"NO_COLOR": "1"}, false, true},
		{"never", nil, true, false},
	} {
		p := &Process{Color: c.flag, Getenv: func(name string) (string, bool) {
			text, ok := c.env[name]
			return text, ok
		}}
		if got := p.color(c.terminal); got != c.want {
			t.Errorf("--color %s, %v, terminal %t: colours %t", c.flag, c.env, c.terminal, got)
		}
	}
}
