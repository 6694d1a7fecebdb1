package profile

import "github.com/couplet-k8s/couplet/compiler/eval"

// Recorder notes the costs of one compilation. A nil Recorder notes nothing.
type Recorder struct {
	evaluation  eval.Profile
	laps        []lap
	time, bytes int
}

// lap is what was spent on one step.
type lap struct {
	phase              string
	nanoseconds, bytes int
}

// The phases of a compilation.
const (
	Parse    = "parse"    // reading jsonnet
	Evaluate = "evaluate" // running it
	Output   = "output"   // making data of its values
	Objects  = "objects"  // finding the Kubernetes objects in the data and completing them
	Check    = "check"    // holding them against schemas
	Emit     = "emit"     // writing YAML
)

// NewRecorder starts a recording. now tells the time in nanoseconds, allocated how many
// bytes the process has allocated; both count from any point.
func NewRecorder(now, allocated func() int) *Recorder {
	r := &Recorder{evaluation: eval.Profile{Now: now, Allocated: allocated}}
	r.time, r.bytes = now(), allocated()
	return r
}

// Evaluation is where the machine is to note the costs of evaluation.
func (r *Recorder) Evaluation() *eval.Profile {
	if r == nil {
		return nil
	}
	return &r.evaluation
}

// Lap charges what was spent since the last lap to a phase.
func (r *Recorder) Lap(phase string) {
	if r == nil {
		return
	}
	time, bytes := r.evaluation.Now(), r.evaluation.Allocated()
	r.laps = append(r.laps, lap{phase, time - r.time, bytes - r.bytes})
	r.time, r.bytes = time, bytes
}
