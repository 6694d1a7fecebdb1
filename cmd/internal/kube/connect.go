package kube

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	_ "k8s.io/client-go/plugin/pkg/client/auth/oidc" // credentials of kubeconfigs that kubectl can use
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"

	"github.com/couplet-k8s/couplet/cmd/internal/cluster"
)

// Client is a cluster.Server.
type Client struct {
	config    *rest.Config
	rest      *rest.RESTClient
	http      *http.Client
	context   string
	namespace string
	attempt   time.Duration
	// renews tells that the credentials come from where there may be newer ones.
	renews bool

	mu        sync.Mutex
	resources *resources // nil until they are asked for
}

// attemptLimit is how long one attempt of a request may take where --request-timeout says
// nothing: longer than an API server gives its own storage, shorter than a user's patience.
const attemptLimit = 30 * time.Second

// Connect finds a cluster's server and credentials. It sends nothing.
func Connect(_ context.Context, o cluster.ConnectOptions) (cluster.Server, error) {
	config, name, namespace, err := load(o)
	if err != nil {
		return nil, err
	}
	config.QPS = -1 // the server's own priority and fairness is the limit
	config.UserAgent = cluster.Manager
	config.DisableCompression = o.DisableCompression
	config.WarningHandlerWithContext = warnings{o.Warn}
	if config.Insecure && o.Warn != nil {
		o.Warn("the server's certificate is not verified, as the kubeconfig or --insecure-skip-tls-verify says")
	}
	client := &Client{
		config: config, context: name, namespace: namespace, attempt: o.RequestTimeout,
		renews: config.ExecProvider != nil || config.AuthProvider != nil || config.BearerTokenFile != "",
	}
	if client.attempt <= 0 {
		client.attempt = attemptLimit
	}
	if client.http, err = rest.HTTPClientFor(config); err != nil {
		return nil, err
	}
	config.GroupVersion = &schema.GroupVersion{}
	config.NegotiatedSerializer = statusOnly()
	client.rest, err = rest.UnversionedRESTClientForConfigAndClient(config, client.http)
	return client, err
}

// statusOnly reads the one type that matters here: the answer of a request that failed.
func statusOnly() runtime.NegotiatedSerializer {
	scheme := runtime.NewScheme()
	metav1.AddToGroupVersion(scheme, schema.GroupVersion{Version: "v1"})
	return serializer.NewCodecFactory(scheme).WithoutConversion()
}

// load reads the kubeconfig, as kubectl does, and chooses the context.
func load(o cluster.ConnectOptions) (config *rest.Config, name, namespace string, err error) {
	rules := clientcmd.NewDefaultClientConfigLoadingRules()
	rules.ExplicitPath = o.Kubeconfig
	known, err := rules.Load()
	if err != nil {
		return nil, "", "", fmt.Errorf("the kubeconfig cannot be read: %w", err)
	}
	overrides := overridesOf(o)
	overrides.CurrentContext, err = chooseContext(known, o)
	if err != nil {
		return nil, "", "", err
	}
	chosen := clientcmd.NewNonInteractiveClientConfig(*known, overrides.CurrentContext, overrides, rules)
	config, err = chosen.ClientConfig()
	if clientcmd.IsEmptyConfig(err) {
		if config, err = rest.InClusterConfig(); err != nil {
			return nil, "", "", errors.New("there is no kubeconfig, and this is not a pod in a cluster")
		}
		return config, "", "", nil
	}
	if err != nil {
		return nil, "", "", err
	}
	if namespace, _, err = chosen.Namespace(); err != nil {
		return nil, "", "", err
	}
	if current := known.Contexts[overrides.CurrentContext]; current == nil || current.Namespace == "" {
		namespace = ""
	}
	return config, overrides.CurrentContext, namespace, nil
}

func overridesOf(o cluster.ConnectOptions) *clientcmd.ConfigOverrides {
	return &clientcmd.ConfigOverrides{
		Context: clientcmdapi.Context{Cluster: o.Cluster, AuthInfo: o.User},
		ClusterInfo: clientcmdapi.Cluster{
			Server: o.Server, CertificateAuthority: o.CertificateAuthority,
			TLSServerName: o.TLSServerName, InsecureSkipTLSVerify: o.InsecureSkipTLSVerify,
			ProxyURL: o.ProxyURL,
		},
		AuthInfo: clientcmdapi.AuthInfo{
			Token: o.Token, Username: o.Username, Password: o.Password,
			ClientCertificate: o.ClientCertificate, ClientKey: o.ClientKey,
			Impersonate: o.As, ImpersonateUID: o.AsUID, ImpersonateGroups: o.AsGroups,
			ImpersonateUserExtra: o.AsExtra,
		},
	}
}

// chooseContext gives the context that flags name, or else that the environment's hints
// lead to, or else the kubeconfig's own.
func chooseContext(known *clientcmdapi.Config, o cluster.ConnectOptions) (string, error) {
	if o.Context != "" {
		return named(known, o.Context)
	}
	if o.Server != "" || o.Cluster != "" {
		return known.CurrentContext, nil
	}
	for _, name := range o.Contexts {
		if known.Contexts[name] != nil {
			return name, nil
		}
	}
	switch {
	case len(o.Contexts) > 0:
		return "", fmt.Errorf("the environment is for the context %s, which the kubeconfig does not have; it has %s",
			strings.Join(o.Contexts, " or "), strings.Join(contexts(known), ", "))
	case o.Destination != "":
		return serving(known, o.Destination)
	}
	return known.CurrentContext, nil
}

func named(known *clientcmdapi.Config, name string) (string, error) {
	if known.Contexts[name] == nil {
		return "", fmt.Errorf("the kubeconfig has no context %s; it has %s", name, strings.Join(contexts(known), ", "))
	}
	return name, nil
}

// serving finds the context of an API server: the current one, if it is of several.
func serving(known *clientcmdapi.Config, server string) (string, error) {
	is := func(name string) bool {
		context := known.Contexts[name]
		if context == nil || known.Clusters[context.Cluster] == nil {
			return false
		}
		return sameURL(known.Clusters[context.Cluster].Server, server)
	}
	if is(known.CurrentContext) {
		return known.CurrentContext, nil
	}
	names := slices.DeleteFunc(contexts(known), func(name string) bool { return !is(name) })
	switch len(names) {
	case 0:
		return "", fmt.Errorf("the environment is for the server %s, which no context of the kubeconfig leads to", server)
	case 1:
		return names[0], nil
	}
	return "", fmt.Errorf("the environment is for the server %s, to which several contexts lead: %s; choose one with --context",
		server, strings.Join(names, ", "))
}

func contexts(known *clientcmdapi.Config) []string {
	var names []string
	for name := range known.Contexts {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// sameURL compares URLs of servers as people write them: with or without the port of https,
// and a slash at the end.
func sameURL(a, b string) bool {
	normal := func(text string) string {
		if !strings.Contains(text, "://") {
			text = "https://" + text
		}
		u, err := url.Parse(text)
		if err != nil {
			return text
		}
		host := strings.ToLower(u.Host)
		if u.Scheme == "https" {
			host = strings.TrimSuffix(host, ":443")
		}
		return u.Scheme + "://" + host + strings.TrimSuffix(u.Path, "/")
	}
	return normal(a) == normal(b)
}

// URL implements cluster.Server.
func (c *Client) URL() string { return c.config.Host }

// Context implements cluster.Server.
func (c *Client) Context() string { return c.context }

// Namespace implements cluster.Server.
func (c *Client) Namespace() string { return c.namespace }

// warnings hands what the server warns of to a function.
type warnings struct{ warn func(string) }

// HandleWarningHeaderWithContext implements rest.WarningHandlerWithContext.
func (w warnings) HandleWarningHeaderWithContext(_ context.Context, code int, _, text string) {
	const miscellaneous = 299 // RFC 7234, section 5.5; all that an API server sends
	if code == miscellaneous && text != "" && w.warn != nil {
		w.warn(text)
	}
}
