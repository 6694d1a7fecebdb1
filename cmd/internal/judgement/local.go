package judgement

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Local judges by running couplet.
type Local struct {
	// Couplet is the path of the program; couplet-admit stands beside it.
	Couplet string
	// Flags are further flags of validate.
	Flags []string
}

// Judge gives a verdict on each object, all of them in one bundle, and each on its own
// line of the input, by which the findings are told apart.
func (l Local) Judge(ctx context.Context, given, objects []Object) ([]Verdict, error) {
	args := append([]string{"validate", "-", "-o", "json"}, l.Flags...)
	if len(given) > 0 {
		dir, err := os.MkdirTemp("", "couplet-judgement")
		if err != nil {
			return nil, err
		}
		defer func() { _ = os.RemoveAll(dir) }()
		text, err := Stream(given)
		if err != nil {
			return nil, err
		}
		file := filepath.Join(dir, "given.yaml")
		if err := os.WriteFile(file, text, 0o600); err != nil {
			return nil, err
		}
		args = append(args, "--given", file)
	}
	text, err := Stream(objects)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, l.Couplet, args...)
	cmd.Stdin = bytes.NewReader(text)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	var failed *exec.ExitError
	if err != nil && (!errors.As(err, &failed) || failed.ExitCode() != 1) {
		return nil, fmt.Errorf("couplet validate: %w\n%s", err, stderr.Bytes())
	}
	return verdicts(out, len(objects))
}

// Stream writes objects as a YAML stream: a line of JSON each, on every second line.
func Stream(objects []Object) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	for _, o := range objects {
		out.WriteString("---\n")
		if err := encoder.Encode(o); err != nil {
			return nil, err
		}
	}
	return out.Bytes(), nil
}

func verdicts(report []byte, objects int) ([]Verdict, error) {
	var r struct {
		Rules       string `json:"rules"`
		Diagnostics []struct {
			Code, Severity, Message string
			Place                   *struct{ Line int }
		}
	}
	if err := json.Unmarshal(report, &r); err != nil {
		return nil, err
	}
	out := make([]Verdict, objects)
	for _, d := range r.Diagnostics {
		if d.Severity != "error" {
			continue
		}
		if d.Place == nil || d.Place.Line < 2 || d.Place.Line > 2*objects || d.Code == "CP6007" || d.Code[:3] == "CP9" {
			return nil, fmt.Errorf("%s: %s", d.Code, d.Message)
		}
		v := &out[d.Place.Line/2-1]
		v.Rejected = true
		if v.Message != "" {
			v.Message += "; "
		}
		v.Message += d.Code + " " + d.Message
	}
	return out, nil
}
