package judgement

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/couplet-k8s/couplet/cmd/internal/testcluster"
)

// Object is an object as JSON has it.
type Object = map[string]any

// Server is an API server that is asked.
type Server struct {
	cluster *testcluster.Cluster
	kinds   map[string]resource // by apiVersion and kind
}

type resource struct {
	plural     string
	namespaced bool
}

// NewServer finds out which kinds a server serves.
func NewServer(ctx context.Context, c *testcluster.Cluster) (*Server, error) {
	s := &Server{cluster: c}
	return s, s.discover(ctx)
}

// discover asks for the kinds again, which new definitions may have added.
func (s *Server) discover(ctx context.Context) error {
	s.kinds = map[string]resource{}
	for _, root := range []string{"/api", "/apis"} {
		var list struct {
			Items []struct {
				Metadata struct {
					Name string `json:"name"`
				} `json:"metadata"`
				Versions []struct {
					Version   string `json:"version"`
					Resources []struct {
						Resource     string `json:"resource"`
						Scope        string `json:"scope"`
						ResponseKind struct {
							Kind string `json:"kind"`
						} `json:"responseKind"`
					} `json:"resources"`
				} `json:"versions"`
			} `json:"items"`
		}
		if err := s.get(ctx, root, &list); err != nil {
			return err
		}
		for _, g := range list.Items {
			for _, v := range g.Versions {
				for _, r := range v.Resources {
					apiVersion := strings.TrimPrefix(g.Metadata.Name+"/"+v.Version, "/")
					s.kinds[apiVersion+" "+r.ResponseKind.Kind] = resource{plural: r.Resource, namespaced: r.Scope == "Namespaced"}
				}
			}
		}
	}
	return nil
}

func (s *Server) get(ctx context.Context, path string, into any) error {
	status, body, err := s.send(ctx, http.MethodGet, path, "", nil)
	if err != nil {
		return err
	}
	if status != http.StatusOK {
		return fmt.Errorf("GET %s: status %d", path, status)
	}
	return json.Unmarshal(body, into)
}

func (s *Server) send(ctx context.Context, method, path, contentType string, body []byte) (int, []byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, s.cluster.URL+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	s.cluster.Authorize(request)
	request.Header.Set("Accept", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json")
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	response, err := s.cluster.Client().Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	return response.StatusCode, text, err
}

// Verdict is what a judge says about an object.
type Verdict struct {
	Rejected bool
	// Message says why.
	Message string
}

// Judge asks the server about an object by server-side apply, with force, a dry run and
// strict validation of fields.
func (s *Server) Judge(ctx context.Context, o Object) (Verdict, error) {
	return s.apply(ctx, o, "&dryRun=All")
}

// Apply has the server keep an object.
func (s *Server) Apply(ctx context.Context, o Object) error {
	v, err := s.apply(ctx, o, "")
	if err == nil && v.Rejected {
		err = errors.New(v.Message)
	}
	return err
}

func (s *Server) apply(ctx context.Context, o Object, query string) (Verdict, error) {
	path, ok := s.path(o)
	if !ok {
		return Verdict{Rejected: true, Message: "no such kind in discovery"}, nil
	}
	text, err := json.Marshal(o)
	if err != nil {
		return Verdict{}, err
	}
	return s.Patch(ctx, path+"?fieldManager=couplet&force=true&fieldValidation=Strict"+query, text)
}

// Create asks the server about an object by a create, with a dry run and strict validation
// of fields.
func (s *Server) Create(ctx context.Context, o Object) (Verdict, error) {
	path, ok := s.path(o)
	if !ok {
		return Verdict{Rejected: true, Message: "no such kind in discovery"}, nil
	}
	text, err := json.Marshal(o)
	if err != nil {
		return Verdict{}, err
	}
	path = path[:strings.LastIndexByte(path, '/')]
	return s.ask(ctx, http.MethodPost, path+"?fieldManager=couplet&fieldValidation=Strict&dryRun=All", "application/json", text)
}

// Patch sends an apply patch as it is.
func (s *Server) Patch(ctx context.Context, path string, text []byte) (Verdict, error) {
	return s.ask(ctx, http.MethodPatch, path, "application/apply-patch+yaml", text)
}

func (s *Server) ask(ctx context.Context, method, path, contentType string, text []byte) (Verdict, error) {
	for try := 0; ; try++ {
		status, body, err := s.send(ctx, method, path, contentType, text)
		if err != nil {
			return Verdict{}, err
		}
		if status == http.StatusTooManyRequests && try < 10 {
			time.Sleep(100 * time.Millisecond)
			continue
		}
		if status < 300 {
			return Verdict{}, nil
		}
		var answer struct {
			Message string `json:"message"`
		}
		if json.Unmarshal(body, &answer) != nil {
			answer.Message = string(body)
		}
		return Verdict{Rejected: true, Message: answer.Message}, nil
	}
}

// Delete has the server delete an object, at once.
func (s *Server) Delete(ctx context.Context, o Object) error {
	path, ok := s.path(o)
	if !ok {
		return fmt.Errorf("%s is not served", o["kind"])
	}
	status, body, err := s.send(ctx, http.MethodDelete, path+"?gracePeriodSeconds=0&propagationPolicy=Background", "", nil)
	if err == nil && status >= 300 && status != http.StatusNotFound {
		err = fmt.Errorf("status %d: %s", status, body)
	}
	return err
}

// Gone waits until the server has forgotten an object that was deleted.
func (s *Server) Gone(ctx context.Context, o Object) error {
	path, ok := s.path(o)
	for range 200 {
		status, _, err := s.send(ctx, http.MethodGet, path, "", nil)
		if err != nil || !ok || status == http.StatusNotFound {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("%s is still there", path)
}

// Counts waits until the controllers have counted what a quota is about: it holds from then
// on.
func (s *Server) Counts(ctx context.Context, quota Object) error {
	path, _ := s.path(quota)
	for range 200 {
		var held struct {
			Status struct {
				Hard map[string]any `json:"hard"`
			} `json:"status"`
		}
		if err := s.get(ctx, path, &held); err != nil {
			return err
		}
		if len(held.Status.Hard) > 0 {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("%s is not counted", path)
}

// Serves waits until the server serves the kind of an object.
func (s *Server) Serves(ctx context.Context, apiVersion, kind string) error {
	for range 100 {
		if err := s.discover(ctx); err != nil {
			return err
		}
		if _, ok := s.kinds[apiVersion+" "+kind]; ok {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("%s %s is not served", apiVersion, kind)
}

// path is that of an object; not ok where its kind is not served.
func (s *Server) path(o Object) (string, bool) {
	apiVersion, _ := o["apiVersion"].(string)
	kind, _ := o["kind"].(string)
	r, ok := s.kinds[apiVersion+" "+kind]
	if !ok {
		return "", false
	}
	metadata, _ := o["metadata"].(Object)
	name, _ := metadata["name"].(string)
	namespace, _ := metadata["namespace"].(string)
	path := "/apis/" + apiVersion
	if !strings.Contains(apiVersion, "/") {
		path = "/api/" + apiVersion
	}
	if r.namespaced {
		if namespace == "" {
			namespace = "default"
		}
		path += "/namespaces/" + url.PathEscape(namespace)
	}
	return path + "/" + r.plural + "/" + url.PathEscape(name), true
}
