// Package scripttest is what the scripts of both programs have in common: the environment
// in which they run and the commands that they have besides the programs.
//
//	exits CODE COMMAND...     run a command and want this exit code
//	jsonschema NAME FILE      want a file, or stdout, to satisfy docs/schemas/NAME.json
//	[companion]               the companion is built; couplet finds it on PATH
//
// It is used from folders two below the root of the repository.
package scripttest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xeipuuv/gojsonschema"
)

const root = "../.."

// Companion is where `make companion` builds couplet-admit; "" where it is not built.
var Companion = func() string {
	path, err := filepath.Abs(filepath.Join(root, "bin", "couplet-admit"))
	if err != nil {
		return ""
	}
	if _, err := os.Stat(path); err != nil {
		return ""
	}
	return path
}()

// Params are those of the scripts in a folder.
func Params(dir string, update bool) testscript.Params {
	schemas, err := filepath.Abs(filepath.Join(root, "docs", "schemas"))
	if err != nil {
		panic(err)
	}
	return testscript.Params{
		Dir:                dir,
		UpdateScripts:      update,
		RequireUniqueNames: true,
		Setup:              setup,
		Condition: func(cond string) (bool, error) {
			if cond == "companion" {
				return Companion != "", nil
			}
			return false, fmt.Errorf("unknown condition %q", cond)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":      exits,
			"jsonschema": func(ts *testscript.TestScript, neg bool, args []string) { jsonSchema(ts, neg, args, schemas) },
		},
	}
}

// setup keeps a script from what the machine has: the developer's git configuration and
// cache, and what else is beside the companion.
func setup(env *testscript.Env) error {
	env.Setenv("COUPLET_CACHE_DIR", filepath.Join(env.WorkDir, ".tmp", "cache"))
	env.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	env.Setenv("GIT_CONFIG_SYSTEM", os.DevNull)
	env.Setenv("GIT_AUTHOR_NAME", "Test")
	env.Setenv("GIT_AUTHOR_EMAIL", "test@example.com")
	env.Setenv("GIT_COMMITTER_NAME", "Test")
	env.Setenv("GIT_COMMITTER_EMAIL", "test@example.com")
	if Companion == "" {
		return nil
	}
	dir := filepath.Join(env.WorkDir, ".tmp", "companion")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	env.Setenv("ALONE", env.Getenv("PATH"))
	AddPath(env, dir)
	env.Setenv("TOGETHER", env.Getenv("PATH"))
	return os.Symlink(Companion, filepath.Join(dir, filepath.Base(Companion)))
}

// AddPath has a script look for programs in one more folder.
func AddPath(env *testscript.Env, dir string) {
	env.Setenv("PATH", env.Getenv("PATH")+string(os.PathListSeparator)+dir)
}

// exits runs a command and asserts its exit code: exits 2 couplet show.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND...")
	}
	want, err := strconv.Atoi(args[0])
	if err != nil {
		ts.Fatalf("exits: %s is not a number", args[0])
	}
	if got := exitCode(ts.Exec(args[1], args[2:]...)); got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

func exitCode(err error) int {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.ExitCode()
	}
	return -1
}

// jsonSchema asserts that a file, or stdout, satisfies a published schema:
// jsonschema version stdout.
func jsonSchema(ts *testscript.TestScript, neg bool, args []string, schemas string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: jsonschema NAME FILE")
	}
	schema, err := os.ReadFile(filepath.Join(schemas, args[0]+".json"))
	ts.Check(err)
	result, err := gojsonschema.Validate(gojsonschema.NewBytesLoader(schema), gojsonschema.NewStringLoader(ts.ReadFile(args[1])))
	ts.Check(err)
	for _, e := range result.Errors() {
		ts.Logf("%s", e)
	}
	if !result.Valid() {
		ts.Fatalf("%s does not satisfy docs/schemas/%s.json", args[1], args[0])
	}
}
