package cli

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/couplet-k8s/couplet/compiler/profile"
)

// sourceWidth is how many characters of a line of source a table shows.
const sourceWidth = 60

// profileTables prints the first top rows of each table; all for 0.
func (p *Process) profileTables(r profile.Report, top int) error {
	total := r.Total.Nanoseconds
	err := p.table("PHASE\tTIME\t\tALLOC\tSTEPS", len(r.Phases)+1, func(i int) string {
		if i == len(r.Phases) {
			return "total\t" + costCells(r.Total, total) + "\t" + strconv.Itoa(r.Total.Steps)
		}
		phase := r.Phases[i]
		return phase.Name + "\t" + costCells(phase.Cost, total) + "\t" + strconv.Itoa(phase.Cost.Steps)
	})
	if err != nil {
		return err
	}
	err = p.profileTable("LINE\tSOURCE", upTo(top, len(r.Lines)), func(i int) string {
		l := r.Lines[i]
		return groupCells(l.Self, l.Cumulative, l.Calls, total) + "\t" + l.File + ":" + strconv.Itoa(l.Line) + "\t" + shortened(l.Source)
	})
	for _, t := range []struct {
		name   string
		groups []profile.Group
	}{{"FUNCTION", r.Functions}, {"FILE", r.Files}, {"LIBRARY", r.Libraries}} {
		if err != nil {
			return err
		}
		err = p.profileTable(t.name, upTo(top, len(t.groups)), func(i int) string {
			g := t.groups[i]
			return groupCells(g.Self, g.Cumulative, g.Calls, total) + "\t" + g.Name
		})
	}
	return err
}

func (p *Process) profileTable(what string, rows int, row func(i int) string) error {
	if rows == 0 {
		return nil
	}
	if err := p.write([]byte("\n")); err != nil {
		return err
	}
	return p.table("SELF\t\tALLOC\tTOTAL\t\tCALLS\t"+what, rows, row)
}

func upTo(top, n int) int {
	if top == 0 {
		return n
	}
	return min(top, n)
}

func groupCells(self, cumulative profile.Cost, calls, total int) string {
	return costCells(self, total) + "\t" + timeCells(cumulative, total) + "\t" + strconv.Itoa(calls)
}

func costCells(c profile.Cost, total int) string {
	return timeCells(c, total) + "\t" + byteText(c.Bytes)
}

func timeCells(c profile.Cost, total int) string {
	return fmt.Sprintf("%.2f ms\t%.1f%%", float64(c.Nanoseconds)/1e6, 100*float64(c.Nanoseconds)/float64(max(total, 1)))
}

func byteText(n int) string {
	if n < 1<<20 {
		return strconv.Itoa((n+1<<9)>>10) + " KiB"
	}
	return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
}

// shortened is a line of source without what a terminal would act on.
func shortened(s string) string {
	s = strings.ReplaceAll(s, "\t", " ")
	if utf8.RuneCountInString(s) > sourceWidth {
		s = string([]rune(s)[:sourceWidth-3]) + "..."
	}
	return s
}
