package judgement

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/couplet-k8s/couplet/cmd/internal/testcluster"
)

// Start runs a test cluster of its own, whose servers are built first where they are not
// there, and stops it with the function that it gives.
func Start(ctx context.Context, log io.Writer) (*Server, func(), error) {
	cache, err := testcluster.Cache()
	if err != nil {
		return nil, nil, err
	}
	servers, err := testcluster.Build(ctx, testcluster.Module, cache, log)
	if err != nil {
		return nil, nil, err
	}
	return StartWith(ctx, servers)
}

// StartWith is Start with servers that are built.
func StartWith(ctx context.Context, servers testcluster.Servers) (*Server, func(), error) {
	dir, err := os.MkdirTemp("", "couplet-cluster")
	if err != nil {
		return nil, nil, err
	}
	c, err := testcluster.Start(ctx, servers, dir, testcluster.Options{Controllers: true})
	if err != nil {
		_ = os.RemoveAll(dir)
		return nil, nil, err
	}
	stop := func() {
		_ = c.Stop()
		_ = os.RemoveAll(dir)
	}
	s, err := NewServer(ctx, c)
	if err != nil {
		stop()
		return nil, nil, err
	}
	return s, stop, nil
}

// Base is a valid object, with what the server must hold for it.
type Base struct {
	Name   string
	Object Object
	Given  []Object
}

// Prepare has the server hold what the valid objects of a file refer to: their namespaces,
// with the service accounts that pods use, and the definitions of custom resources. It
// says of those that the server does not take why.
func Prepare(ctx context.Context, s *Server, file string) (bases []Base, invalid []string, err error) {
	objects, err := Read(file)
	if err != nil {
		return nil, nil, err
	}
	for _, ns := range []string{"shop", "other"} {
		for _, o := range []Object{
			{"apiVersion": "v1", "kind": "Namespace", "metadata": Object{"name": ns}},
			{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": Object{"name": "default", "namespace": ns}},
			{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": Object{"name": "web", "namespace": ns}},
		} {
			if err := s.Apply(ctx, o); err != nil {
				return nil, nil, err
			}
		}
	}
	definitions := map[string]Object{}
	for _, o := range objects {
		b := Base{Name: fmt.Sprint(o["kind"], " ", o["metadata"].(Object)["name"]), Object: o}
		if o["kind"] == "CustomResourceDefinition" {
			kind := o["spec"].(Object)["names"].(Object)["kind"].(string)
			definitions[kind] = o
			b.Given = []Object{o} // the server will hold it for its custom resources
		}
		if crd := definitions[o["kind"].(string)]; crd != nil {
			b.Given = []Object{crd}
			if err := s.Apply(ctx, crd); err != nil {
				return nil, nil, err
			}
			if err := s.Serves(ctx, o["apiVersion"].(string), o["kind"].(string)); err != nil {
				return nil, nil, err
			}
		}
		v, err := s.Judge(ctx, o)
		if err != nil {
			return nil, nil, err
		}
		if v.Rejected {
			invalid = append(invalid, b.Name+": "+v.Message)
			continue
		}
		bases = append(bases, b)
	}
	return bases, invalid, nil
}

// OfKind keeps the objects of a kind.
func OfKind(bases []Base, kind string) []Base {
	var out []Base
	for _, b := range bases {
		if b.Object["kind"] == kind {
			out = append(out, b)
		}
	}
	return out
}
