package profile

import (
	"bytes"
	"compress/gzip"

	"github.com/couplet-k8s/couplet/compiler/eval"
)

// Pprof gives what was recorded in the form of `go tool pprof`: profile.proto of
// github.com/google/pprof, compressed. Its Go package is not used because the regular
// expressions of its init would slow down every start of couplet.
func (r *Recorder) Pprof() []byte {
	samples := r.evaluation.Samples()
	laps, total := phases(r.laps, samples)
	for _, phase := range laps {
		if name := outsideNames[phase.Name]; name != "" {
			samples = append(samples, outside(name, phase.Cost))
		}
	}
	e := &encoder{strings: map[string]int{"": 0}, functions: map[string]int{}, locations: map[location]int{}}
	e.texts.string(profileStrings, "")
	var p message
	for _, t := range [][2]string{{"calls", "count"}, {"steps", "count"}, {"alloc_space", "bytes"}, {"time", "nanoseconds"}} {
		p.message(profileSampleType, e.valueType(t[0], t[1]))
	}
	for _, s := range samples {
		p.message(profileSample, e.sample(s))
	}
	p.int(profileDuration, total.Nanoseconds)
	p.message(profilePeriodType, e.valueType("time", "nanoseconds"))
	p.int(profilePeriod, 1)
	p.int(profileDefaultType, e.text("time"))
	return compressed(p, e.tables, e.texts)
}

func compressed(parts ...message) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	for _, part := range parts {
		_, _ = z.Write(part) // into memory, which cannot fail
	}
	_ = z.Close()
	return out.Bytes()
}

// outsideNames are frames for the phases that no code is to blame for.
var outsideNames = map[string]string{Objects: "find objects", Check: "check schemas", Emit: "emit YAML"}

// outside is a sample of what no code is to blame for.
func outside(name string, c Cost) eval.Sample {
	return eval.Sample{
		Stack: []eval.ProfileFrame{{Kind: eval.BuiltinFrame, Name: name}},
		Cost:  eval.Cost{Nanoseconds: c.Nanoseconds, Bytes: c.Bytes, Steps: c.Steps},
	}
}

// The fields of profile.proto that are written.
const (
	profileSampleType  = 1
	profileSample      = 2
	profileLocation    = 4
	profileFunction    = 5
	profileStrings     = 6
	profileDuration    = 10
	profilePeriodType  = 11
	profilePeriod      = 12
	profileDefaultType = 14

	valueTypeType, valueTypeUnit                         = 1, 2
	sampleLocation, sampleValue                          = 1, 2
	locationID, locationLine                             = 1, 4
	lineFunction, lineLine                               = 1, 2
	functionID, functionName, functionFile, functionLine = 1, 2, 4, 5
)

// encoder numbers what samples share.
type encoder struct {
	strings, functions map[string]int
	locations          map[location]int
	tables, texts      message
}

type location struct{ function, line int }

func (e *encoder) text(s string) int {
	id, ok := e.strings[s]
	if !ok {
		id = len(e.strings)
		e.strings[s] = id
		e.texts.string(profileStrings, s)
	}
	return id
}

func (e *encoder) valueType(name, unit string) message {
	var m message
	m.int(valueTypeType, e.text(name))
	m.int(valueTypeUnit, e.text(unit))
	return m
}

func (e *encoder) sample(s eval.Sample) message {
	if len(s.Stack) == 0 {
		s = outside("make data", costOf(s.Cost))
	}
	var ids, values message
	for _, f := range s.Stack {
		ids.varint(e.location(f))
	}
	for _, v := range []int{s.Calls, s.Steps, s.Bytes, s.Nanoseconds} {
		values.varint(v)
	}
	var m message
	m.message(sampleLocation, ids)
	m.message(sampleValue, values)
	return m
}

func (e *encoder) location(f eval.ProfileFrame) int {
	at := location{function: e.function(f), line: placeOf(f).line}
	id, ok := e.locations[at]
	if !ok {
		id = len(e.locations) + 1
		e.locations[at] = id
		var line, m message
		line.int(lineFunction, at.function)
		line.int(lineLine, at.line)
		m.int(locationID, id)
		m.message(locationLine, line)
		e.tables.message(profileLocation, m)
	}
	return id
}

// function numbers functions by their whole names. There is no system name: pprof would
// take it for one of C++, and <...> for the arguments of a template.
func (e *encoder) function(f eval.ProfileFrame) int {
	name := Name(f)
	id, ok := e.functions[name]
	if !ok {
		id = len(e.functions) + 1
		e.functions[name] = id
		var m message
		m.int(functionID, id)
		m.int(functionName, e.text(name))
		m.int(functionFile, e.text(fileOf(f)))
		if f.Scope.HasPlace() {
			m.int(functionLine, f.Scope.File.Position(f.Scope.Start).Line)
		}
		e.tables.message(profileFunction, m)
	}
	return id
}

// message is an encoded protocol buffer.
type message []byte

func (m *message) varint(v int) {
	u := uint64(v)
	for ; u >= 0x80; u >>= 7 {
		*m = append(*m, byte(u)|0x80)
	}
	*m = append(*m, byte(u))
}

func (m *message) int(field, v int) {
	m.varint(field << 3)
	m.varint(v)
}

func (m *message) string(field int, s string) { m.message(field, message(s)) }

func (m *message) message(field int, inner message) {
	m.varint(field<<3 | 2)
	m.varint(len(inner))
	*m = append(*m, inner...)
}
