package kube

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strconv"

	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/rest"

	"github.com/couplet-k8s/couplet/cmd/internal/cluster"
	"github.com/couplet-k8s/couplet/compiler/decode"
	"github.com/couplet-k8s/couplet/compiler/emit"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// path is where a resource's objects are; with a name one of them.
func path(r cluster.Resource, namespace string, rest ...string) []string {
	var parts []string
	if r.Group == "" {
		parts = []string{"/api", r.Version}
	} else {
		parts = []string{"/apis", r.Group, r.Version}
	}
	if r.Namespaced && namespace != "" {
		parts = append(parts, "namespaces", namespace)
	}
	return append(append(parts, r.Name), rest...)
}

func decodeJSON(body []byte) (value.Value, error) {
	v, found := decode.JSON(source.NewFile("the server's answer", string(body)))
	return v, found.Err()
}

// send makes a request and reads the object of its answer.
func (c *Client) send(ctx context.Context, request func() *rest.Request) (value.Value, error) {
	body, err := c.do(ctx, request)
	if err != nil {
		return value.Null, err
	}
	return decodeJSON(body)
}

func body(v value.Value) []byte { return emit.AppendJSON(nil, v, emit.Compact) }

// Get implements cluster.Server.
func (c *Client) Get(ctx context.Context, r cluster.Resource, namespace, name string) (value.Value, error) {
	return c.send(ctx, func() *rest.Request { return c.rest.Get().AbsPath(path(r, namespace, name)...) })
}

// metadataOnly has a list made of PartialObjectMetadata.
const metadataOnly = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"

// pageSize is how many objects a server is asked for at once.
const pageSize = 500

// List implements cluster.Server.
func (c *Client) List(ctx context.Context, r cluster.Resource, namespace string, o cluster.ListOptions) (cluster.List, error) {
	var list cluster.List
	for next := ""; ; {
		page, err := c.send(ctx, func() *rest.Request {
			request := listing(c.rest.Get().AbsPath(path(r, namespace)...), o).Param("limit", strconv.Itoa(pageSize)).Param("continue", next)
			if o.Names {
				request = request.SetHeader("Accept", metadataOnly)
			}
			return request
		})
		if err != nil {
			return cluster.List{}, err
		}
		for _, item := range page.Get("items").Items() {
			list.Items = append(list.Items, typed(r, item))
		}
		list.Version = page.Get("metadata", "resourceVersion").Str()
		next = page.Get("metadata", "continue").Str()
		if list.Rest = next != ""; !list.Rest || o.Names {
			return list, nil
		}
	}
}

// typed gives an item of a list the kind that only the list has.
func typed(r cluster.Resource, item value.Value) value.Value {
	if item.Has("kind") {
		return item
	}
	return item.With("apiVersion", value.String(r.APIVersion())).With("kind", value.String(r.Kind))
}

func listing(request *rest.Request, o cluster.ListOptions) *rest.Request {
	if o.Labels != "" {
		request = request.Param("labelSelector", o.Labels)
	}
	if o.Fields != "" {
		request = request.Param("fieldSelector", o.Fields)
	}
	return request
}

// Watch implements cluster.Server. It does not try again: who watches lists first.
func (c *Client) Watch(ctx context.Context, r cluster.Resource, namespace string, o cluster.ListOptions, version string, each func(cluster.Event) bool) error {
	stream, err := listing(c.rest.Get().AbsPath(path(r, namespace)...), o).
		Param("watch", "true").Param("resourceVersion", version).MaxRetries(0).Stream(ctx)
	if err != nil {
		return c.translate(ctx, err)
	}
	defer func() { _ = stream.Close() }()
	lines := bufio.NewReader(stream)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			if errors.Is(err, io.EOF) || ctx.Err() != nil {
				return ctx.Err()
			}
			return c.translate(ctx, err)
		}
		event, err := decodeJSON(line)
		if err != nil {
			return err
		}
		object := event.Get("object")
		if event.Get("type").Str() == "ERROR" {
			return &cluster.Error{Status: int(object.Get("code").Float()), Reason: object.Get("reason").Str(), Message: object.Get("message").Str()}
		}
		if !each(cluster.Event{Deleted: event.Get("type").Str() == "DELETED", Object: object}) {
			return nil
		}
	}
}

// Apply implements cluster.Server. Unknown and duplicate fields are errors.
func (c *Client) Apply(ctx context.Context, r cluster.Resource, object value.Value, o cluster.ApplyOptions) (value.Value, error) {
	text := body(object)
	metadata := object.Get("metadata")
	return c.send(ctx, func() *rest.Request {
		request := c.rest.Patch(types.ApplyPatchType).AbsPath(path(r, metadata.Get("namespace").Str(), metadata.Get("name").Str())...).
			Param("fieldManager", cluster.Manager).Param("force", strconv.FormatBool(o.Force)).Param("fieldValidation", "Strict").Body(text)
		return dryRun(request, o.DryRun)
	})
}

func dryRun(request *rest.Request, dry bool) *rest.Request {
	if dry {
		return request.Param("dryRun", "All")
	}
	return request
}

// Create implements cluster.Server.
func (c *Client) Create(ctx context.Context, r cluster.Resource, object value.Value) (value.Value, error) {
	text := body(object)
	return c.send(ctx, func() *rest.Request {
		return asJSON(c.rest.Post().AbsPath(path(r, object.Get("metadata", "namespace").Str())...)).
			Param("fieldManager", cluster.Manager).Body(text)
	})
}

func asJSON(request *rest.Request) *rest.Request {
	return request.SetHeader("Content-Type", "application/json")
}

// Update implements cluster.Server.
func (c *Client) Update(ctx context.Context, r cluster.Resource, object value.Value) (value.Value, error) {
	text := body(object)
	metadata := object.Get("metadata")
	return c.send(ctx, func() *rest.Request {
		return asJSON(c.rest.Put().AbsPath(path(r, metadata.Get("namespace").Str(), metadata.Get("name").Str())...)).
			Param("fieldManager", cluster.Manager).Body(text)
	})
}

// Patch implements cluster.Server.
func (c *Client) Patch(ctx context.Context, r cluster.Resource, namespace, name, subresource string, patch value.Value) (value.Value, error) {
	text := body(patch)
	return c.send(ctx, func() *rest.Request {
		parts := []string{name}
		if subresource != "" {
			parts = append(parts, subresource)
		}
		return c.rest.Patch(types.MergePatchType).AbsPath(path(r, namespace, parts...)...).Param("fieldManager", cluster.Manager).Body(text)
	})
}

// Predict implements cluster.Server.
func (c *Client) Predict(ctx context.Context, r cluster.Resource, namespace, name string, patch value.Value) (value.Value, error) {
	text := body(patch)
	return c.send(ctx, func() *rest.Request {
		return dryRun(c.rest.Patch(types.MergePatchType).AbsPath(path(r, namespace, name)...).Param("fieldManager", cluster.Manager).Body(text), true)
	})
}

// Delete implements cluster.Server. The answer is a Status where the object is gone, and the
// object where it is not.
func (c *Client) Delete(ctx context.Context, r cluster.Resource, namespace, name string, o cluster.DeleteOptions) (gone bool, err error) {
	text := body(deleteOptions(o))
	answer, err := c.send(ctx, func() *rest.Request {
		return asJSON(c.rest.Delete().AbsPath(path(r, namespace, name)...)).Body(text)
	})
	if cluster.IsNotFound(err) {
		return true, nil
	}
	return answer.Get("kind").Str() == "Status", err
}

func deleteOptions(o cluster.DeleteOptions) value.Value {
	policy := "Background"
	switch {
	case o.Orphan:
		policy = "Orphan"
	case o.Foreground:
		policy = "Foreground"
	}
	fields := []value.Field{
		{Name: "apiVersion", Value: value.String("v1")}, {Name: "kind", Value: value.String("DeleteOptions")},
		{Name: "propagationPolicy", Value: value.String(policy)},
	}
	var preconditions []value.Field
	if o.UID != "" {
		preconditions = append(preconditions, value.Field{Name: "uid", Value: value.String(o.UID)})
	}
	if o.ResourceVersion != "" {
		preconditions = append(preconditions, value.Field{Name: "resourceVersion", Value: value.String(o.ResourceVersion)})
	}
	if preconditions != nil {
		fields = append(fields, value.Field{Name: "preconditions", Value: value.Object(preconditions...)})
	}
	if o.DryRun {
		fields = append(fields, value.Field{Name: "dryRun", Value: value.Array(value.String("All"))})
	}
	return value.Object(fields...)
}

// Logs implements cluster.Server.
func (c *Client) Logs(ctx context.Context, namespace, pod, container string, lines int, previous bool) (string, error) {
	text, err := c.do(ctx, func() *rest.Request {
		return c.rest.Get().AbsPath("/api/v1/namespaces", namespace, "pods", pod, "log").
			Param("container", container).Param("tailLines", strconv.Itoa(lines)).Param("previous", strconv.FormatBool(previous))
	})
	return string(text), err
}
