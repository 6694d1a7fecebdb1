package cli

import (
	"io"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// progress shows how far long work is, on a terminal and nowhere else.
type progress struct {
	container *mpb.Progress
	bar       *mpb.Bar
}

// progress starts a bar of a number of steps. Work of one step has none.
func (p *Process) progress(label string, steps int) *progress {
	if !p.ErrTerminal || steps < 2 {
		return &progress{}
	}
	container := mpb.New(mpb.WithOutput(io.Writer(p.Err)), mpb.WithWidth(40))
	bar := container.AddBar(int64(steps),
		mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.Name(label, decor.WC{C: decor.DSyncSpaceR}), decor.CountersNoUnit("%d/%d")),
	)
	return &progress{container: container, bar: bar}
}

func (pr *progress) step() {
	if pr.bar != nil {
		pr.bar.Increment()
	}
}

// end removes the bar, whether or not all steps were made.
func (pr *progress) end() {
	if pr.bar != nil {
		pr.bar.Abort(true)
		pr.container.Wait()
	}
}
