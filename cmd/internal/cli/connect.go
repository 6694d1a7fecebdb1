package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/couplet-k8s/couplet/cmd/internal/cluster"
	"github.com/couplet-k8s/couplet/compiler/app"
)

// ConnectOptions are kubectl's flags for which cluster to speak to, and as whom.
type ConnectOptions struct {
	cluster.ConnectOptions
	Namespace string
	// Pin is the identity of the cluster where couplet.yaml does not say it.
	Pin string
}

func (o *ConnectOptions) bind(cmd *cobra.Command, p *Process) {
	f := cmd.Flags()
	f.StringVar(&o.Kubeconfig, "kubeconfig", "", "read the kubeconfig `FILE`")
	f.StringVar(&o.Context, "context", "", "use this `CONTEXT` of the kubeconfig, whatever the environment says")
	f.StringVar(&o.Cluster, "cluster", "", "use this `CLUSTER` of the kubeconfig")
	f.StringVar(&o.User, "user", "", "use the credentials of this `USER` of the kubeconfig")
	f.StringVarP(&o.Namespace, "namespace", "n", "", "put objects that name no namespace into `NAMESPACE`, whatever the environment says")
	f.StringVarP(&o.Server, "server", "s", "", "the `URL` of the API server")
	f.StringVar(&o.Token, "token", "", "authenticate with this bearer `TOKEN`")
	f.StringVar(&o.Username, "username", "", "authenticate as `NAME` with --password")
	f.StringVar(&o.Password, "password", "", "the `PASSWORD` of --username")
	f.StringVar(&o.ClientCertificate, "client-certificate", "", "authenticate with the certificate in `FILE`")
	f.StringVar(&o.ClientKey, "client-key", "", "the key of --client-certificate, in `FILE`")
	f.StringVar(&o.CertificateAuthority, "certificate-authority", "", "trust the authority in `FILE`")
	f.StringVar(&o.TLSServerName, "tls-server-name", "", "expect this `NAME` in the server's certificate")
	f.BoolVar(&o.InsecureSkipTLSVerify, "insecure-skip-tls-verify", false, "do not verify the server's certificate; a warning says so each time")
	f.StringVar(&o.ProxyURL, "proxy-url", "", "reach the API server through the proxy at `URL`")
	f.StringVar(&o.As, "as", "", "act as `USER`")
	f.StringVar(&o.AsUID, "as-uid", "", "act as the user of this `UID`")
	f.StringArrayVar(&o.AsGroups, "as-group", nil, "act as a member of `GROUP`; may be repeated")
	f.Var(settingFlag(o.setExtra), "as-user-extra", "act as a user with the extra `KEY=VALUE`; may be repeated")
	f.Var((*timeoutFlag)(&o.RequestTimeout), "request-timeout", "give up an attempt of a request after `DURATION`, such as 30s")
	f.BoolVar(&o.DisableCompression, "disable-compression", false, "ask the server not to compress its answers")
	f.StringVar(&o.Pin, "pin", "", "the `IDENTITY` that the cluster must have, where couplet.yaml does not say it")
	o.complete(cmd, p)
	ignore(cmd)
}

// setExtra takes one --as-user-extra.
func (o *ConnectOptions) setExtra(text string) error {
	key, extra, ok := strings.Cut(text, "=")
	if !ok || key == "" {
		return fmt.Errorf("want KEY=VALUE")
	}
	if o.AsExtra == nil {
		o.AsExtra = map[string][]string{}
	}
	o.AsExtra[key] = append(o.AsExtra[key], extra)
	return nil
}

// ignore accepts kubectl's flags that are about kubectl's own files and logs, for scripts
// that give them to whatever kubectl runs.
func ignore(cmd *cobra.Command) {
	f := cmd.Flags()
	for _, name := range []string{"cache-dir", "kuberc", "log-flush-frequency", "vmodule"} {
		f.String(name, "", "")
		_ = f.MarkHidden(name)
	}
	f.StringP("v", "v", "", "")
	_ = f.MarkHidden("v")
}

// unserved are flags of kubectl that couplet cannot keep what they promise, and what to do.
var unserved = map[string]string{
	"warnings-as-errors":   "the server's warnings are printed; `couplet validate --strict` takes warnings for errors before anything is sent",
	"match-server-version": "an environment's `kubernetes` in couplet.yaml says which version it is for",
	"profile-output":       "`couplet profile` tells where the time goes",
	"profile":              "`couplet profile` tells where the time goes",
}

// options adds the environment's hints to the flags.
func (o *ConnectOptions) options(env *app.Environment, p *Process) cluster.ConnectOptions {
	out := o.ConnectOptions
	out.Contexts, out.Destination = env.Destination.Contexts, env.Destination.Server
	out.Warn = func(text string) { fmt.Fprintf(p.Err, "warning: %s\n", text) }
	return out
}

// timeoutFlag is a duration as kubectl writes it: 30s, or a bare number of seconds; 0 is none.
type timeoutFlag time.Duration

// String implements pflag.Value.
func (t *timeoutFlag) String() string {
	if *t == 0 {
		return "0"
	}
	return time.Duration(*t).String()
}

// Type implements pflag.Value.
func (t *timeoutFlag) Type() string { return "DURATION" }

// Set implements pflag.Value.
func (t *timeoutFlag) Set(text string) error {
	d, err := time.ParseDuration(text)
	if err != nil {
		d, err = time.ParseDuration(text + "s")
	}
	if err != nil || d < 0 {
		return fmt.Errorf("%q is no duration: write 30s or 2m", text)
	}
	*t = timeoutFlag(d)
	return nil
}
