package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xeipuuv/gojsonschema"
)

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

// schemaDir holds the published JSON Schemas of the commands' outputs.
var schemaDir = func() string {
	dir, err := filepath.Abs("../../docs/schemas")
	if err != nil {
		panic(err)
	}
	return dir
}()

// jsonSchema asserts that a file, or stdout, satisfies a published schema:
// jsonschema version stdout.
func jsonSchema(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: jsonschema NAME FILE")
	}
	schema, err := os.ReadFile(filepath.Join(schemaDir, args[0]+".json"))
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
