package eval

import "context"

// Work counts what an evaluation did. For one program the counts are always the same,
// so that a change in what the machine does shows where a stopwatch sees only noise.
type Work struct {
	Steps   int // frames entered: calls, suspended expressions, fields, levels of output
	Calls   int // of functions written in jsonnet
	Objects int // literals evaluated
	Merges  int // objects added to objects
	Layouts int // made for stacks of layers that had none
	Bytes   int // asked for where the program decides how many: strings, arrays
}

// Work evaluates a program, its output included, and counts.
func (e Machines) Work(ctx context.Context, p *Program, form Form) (Work, error) {
	var work Work
	found := e.Run(ctx, p, func(m *Machine, root Value) {
		m.output(root, form)
		work = m.work
		work.Steps, work.Bytes = m.steps, m.bytes
	})
	return work, found.Err()
}
