package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/couplet-k8s/couplet/cmd/internal/cli"
	"github.com/couplet-k8s/couplet/cmd/internal/kube"
	"github.com/couplet-k8s/couplet/cmd/internal/scripttest"
	"github.com/couplet-k8s/couplet/cmd/internal/testcluster"
)

// update rewrites the files that scripts compare outputs with: go test ./cmd/kubectl-couplet -update.
var update = flag.Bool("update", false, "rewrite the expected outputs in the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"couplet":         func() { os.Exit(cli.Main(nil)) },
		"kubectl-couplet": func() { os.Exit(cli.Main(kube.Connect)) },
		"kubelet":         playKubelet,
		"gateway":         playGateway,
	})
}

// TestScript runs testdata/cluster/*.txtar, and the examples of two pages, with the
// real mains of both programs and a real kubectl, against one test cluster. Each script has a namespace, NAMESPACE, and a
// kubeconfig, KUBECONFIG, of its own.
func TestScript(t *testing.T) {
	servers := testcluster.Need(t)
	cluster, err := testcluster.Start(context.Background(), servers, t.TempDir(), testcluster.Options{Controllers: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cluster.Stop(); err != nil {
			t.Error(err)
		}
	})
	params := scripttest.Params("", *update)
	if params.Files, err = filepath.Glob("../../testdata/cluster/*.txtar"); err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" {
		params.Files = append(params.Files, pageScript(t, "kubectl", "shop"), pageScript(t, "cluster", "store"))
	}
	common := params.Setup
	params.Setup = func(env *testscript.Env) error {
		if err := common(env); err != nil {
			return err
		}
		return reach(env, cluster, servers)
	}
	testscript.Run(t, params)
}

// TestClusters runs testdata/clusters/*.txtar against two clusters, east and west, each with a
// kubeconfig of its own.
func TestClusters(t *testing.T) {
	servers := testcluster.Need(t)
	names := []string{"east", "west"}
	kubeconfigs := map[string]string{}
	for _, name := range names {
		cluster, err := testcluster.Start(context.Background(), servers, t.TempDir(), testcluster.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = cluster.Stop() })
		text, err := os.ReadFile(cluster.Kubeconfig)
		if err != nil {
			t.Fatal(err)
		}
		kubeconfigs[name] = strings.NewReplacer("couplet-test", name, "name: user", "name: "+name, "user: user", "user: "+name).Replace(string(text))
	}
	params := scripttest.Params("", *update)
	var err error
	if params.Files, err = filepath.Glob("../../testdata/clusters/*.txtar"); err != nil {
		t.Fatal(err)
	}
	common := params.Setup
	params.Setup = func(env *testscript.Env) error {
		if err := common(env); err != nil {
			return err
		}
		if err := addKubectl(env, servers); err != nil {
			return err
		}
		var files []string
		for _, name := range names {
			file := filepath.Join(env.WorkDir, name+".yaml")
			if err := os.WriteFile(file, []byte(kubeconfigs[name]), 0o600); err != nil {
				return err
			}
			files = append(files, file)
		}
		env.Setenv("KUBECONFIG", strings.Join(files, string(os.PathListSeparator)))
		return nil
	}
	testscript.Run(t, params)
}

// reach gives a script the cluster and kubectl.
func reach(env *testscript.Env, cluster *testcluster.Cluster, servers testcluster.Servers) error {
	name := strings.ReplaceAll(strings.TrimPrefix(filepath.Base(env.WorkDir), "script-"), "_", "-")
	if err := createNamespace(cluster, name); err != nil {
		return err
	}
	env.Setenv("NAMESPACE", name)
	if err := addKubectl(env, servers); err != nil {
		return err
	}
	text, err := os.ReadFile(cluster.Kubeconfig)
	if err != nil {
		return err
	}
	kubeconfig := filepath.Join(env.WorkDir, ".tmp", "kubeconfig")
	env.Setenv("KUBECONFIG", kubeconfig)
	return os.WriteFile(kubeconfig, text, 0o600)
}

// addKubectl gives a script kubectl, and the plugin's completion.
func addKubectl(env *testscript.Env, servers testcluster.Servers) error {
	env.Setenv("HOME", filepath.Join(env.WorkDir, ".tmp"))
	dir := filepath.Join(env.WorkDir, ".tmp", "kubectl")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	scripttest.AddPath(env, dir)
	if err := os.Symlink(servers.Kubectl(), filepath.Join(dir, "kubectl")); err != nil {
		return err
	}
	completion, err := filepath.Abs("kubectl_complete-couplet")
	if err != nil {
		return err
	}
	return os.Symlink(completion, filepath.Join(dir, "kubectl_complete-couplet"))
}

func createNamespace(cluster *testcluster.Cluster, name string) error {
	text := fmt.Appendf(nil, `{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": %q}}`, name)
	request, err := http.NewRequest(http.MethodPost, cluster.URL+"/api/v1/namespaces", bytes.NewReader(text))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	cluster.Authorize(request)
	response, err := cluster.Client().Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if answer, _ := io.ReadAll(response.Body); response.StatusCode != http.StatusCreated {
		return fmt.Errorf("the namespace %s: %s: %s", name, response.Status, answer)
	}
	return nil
}

// pageScript makes a script of the examples on a page of docs, in a new app: of each line that
// starts with $, run by a shell, and of what must be its output.
func pageScript(t *testing.T, name, app string) string {
	t.Helper()
	page, err := os.ReadFile("../../docs/" + name + ".md")
	if err != nil {
		t.Fatal(err)
	}
	archive := &txtar.Archive{Comment: fmt.Appendf(nil, "couplet init %[1]s\nexec kubectl create namespace %[1]s\n", app)}
	for _, block := range regexp.MustCompile("(?ms)^```console\n(.*?)^```$").FindAllSubmatch(page, -1) {
		for _, example := range regexp.MustCompile(`(?m)^\$ (.*)\n((?:[^$].*\n)*)`).FindAllSubmatch(block[1], -1) {
			n := len(archive.Files)
			archive.Comment = fmt.Appendf(archive.Comment, "exec sh %d.sh\ncmp stdout %d.txt\n", n, n+1)
			archive.Files = append(archive.Files,
				txtar.File{Name: fmt.Sprintf("%d.sh", n), Data: append(example[1], '\n')},
				txtar.File{Name: fmt.Sprintf("%d.txt", n+1), Data: example[2]})
		}
	}
	if len(archive.Files) < 10 {
		t.Errorf("docs/%s.md has %d examples", name, len(archive.Files)/2)
	}
	file := filepath.Join(t.TempDir(), "page_"+name+".txtar")
	if err := os.WriteFile(file, txtar.Format(archive), 0o666); err != nil {
		t.Fatal(err)
	}
	return file
}
