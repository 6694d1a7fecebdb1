package judgement

import (
	"context"
	"strings"
)

// Difference is an object on which the two judges differ.
type Difference struct {
	Mutant        Mutant
	Local, Server Verdict
}

// Outcome counts what a comparison gave.
type Outcome struct {
	// Mutants is the number of all; Rejected of those that the server rejects; OfState of
	// those whose verdict only the cluster's state explains, which are not compared.
	Mutants, Rejected, OfState int
	Differences                []Difference
}

// Agreement is the share of the compared mutants on which both judges agree.
func (o Outcome) Agreement() float64 {
	compared := o.Mutants - o.OfState
	if compared == 0 {
		return 1
	}
	return 1 - float64(len(o.Differences))/float64(compared)
}

// Add adds another outcome.
func (o *Outcome) Add(p Outcome) {
	o.Mutants, o.Rejected, o.OfState = o.Mutants+p.Mutants, o.Rejected+p.Rejected, o.OfState+p.OfState
	o.Differences = append(o.Differences, p.Differences...)
}

// Compare asks both judges about mutants of one object. Given are objects that the server
// holds and the local judge is told of.
func Compare(ctx context.Context, s *Server, l Local, given []Object, mutants []Mutant) (Outcome, error) {
	objects := make([]Object, len(mutants))
	for i, m := range mutants {
		objects[i] = m.Object
	}
	local, err := l.Judge(ctx, given, objects)
	if err != nil {
		return Outcome{}, err
	}
	out := Outcome{Mutants: len(mutants)}
	for i, m := range mutants {
		server, err := s.Judge(ctx, m.Object)
		if err != nil {
			return out, err
		}
		if server.Rejected {
			out.Rejected++
		}
		// A server-side apply takes some of what a create refuses: it cuts numbers off that
		// are too large for their field.
		if local[i].Rejected && !server.Rejected {
			if server, err = s.Create(ctx, m.Object); err != nil {
				return out, err
			}
		}
		switch {
		case server.Rejected == local[i].Rejected:
		case OfState(server):
			out.OfState++
		default:
			out.Differences = append(out.Differences, Difference{m, local[i], server})
		}
	}
	return out, nil
}

// state are parts of messages that speak of what only a cluster knows.
var state = []string{
	"no PriorityClass with name",            // classes of the cluster
	"error looking up service account",      // accounts of the cluster
	"RuntimeClass",                          // classes of the cluster
	"failed to allocate",                    // addresses and ports of the cluster
	"provided IP is not in the valid range", // the server's flags
	"provided port is not in the valid range",
	"not a valid port. The range of valid ports is", // the server's flags
	"exceeded quota",
	"namespaces \"", // there is no such namespace
	"already allocated",
}

// OfState tells whether a verdict of the server's is due to what the cluster holds, or how
// the server was started.
func OfState(v Verdict) bool {
	for _, part := range state {
		if v.Rejected && strings.Contains(v.Message, part) {
			return true
		}
	}
	return false
}
