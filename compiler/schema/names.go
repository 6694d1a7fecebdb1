package schema

import (
	"fmt"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// The forms of names and labels are those of apimachinery's validation: a label's key is a
// name after an optional DNS subdomain and a slash, its value a name or nothing; the
// objects of most kinds are called by DNS subdomains (RFC 1123).

// subdomainNamed are kinds of Kubernetes' own whose objects are called by DNS subdomains.
// Of the others the names are looked at by the server's rules alone.
var subdomainNamed = map[string]bool{
	"ConfigMap": true, "Secret": true, "ServiceAccount": true, "Pod": true, "PersistentVolumeClaim": true,
	"Deployment": true, "StatefulSet": true, "DaemonSet": true, "ReplicaSet": true, "Job": true, "CronJob": true,
	"Ingress": true, "NetworkPolicy": true, "PodDisruptionBudget": true, "HorizontalPodAutoscaler": true,
}

// metadata checks the names in an object's metadata, or in that of a template. The server
// looks at those of objects and of pods' templates; what is made of other templates, such
// as the job of a CronJob, it refuses later, of which there is a warning.
func (w *walker) metadata(v value.Value) {
	before := len(w.found)
	defer func() {
		if n := len(w.steps); n > 1 && w.steps[n-2].name != "template" {
			for i := range w.found[before:] {
				w.found[before+i].Severity = diag.Warning
			}
		}
	}()
	if len(w.steps) == 1 && (w.subdomain || w.rules != nil) {
		if name := v.Get("name"); name.Str() != "" && !isSubdomain(name.Str()) {
			w.push(step{name: "name", index: -1})
			w.add(diag.BadFormat, name, fmt.Sprintf("want lower-case letters, digits, '-' and '.', starting and ending with a letter or digit, found %s", quote(name.Str())), "")
			w.pop()
		}
	}
	w.labels("labels", v.Get("labels"))
	w.labels("annotations", v.Get("annotations"))
}

// labels checks the keys of labels or annotations, and the values of labels.
func (w *walker) labels(member string, v value.Value) {
	w.push(step{name: member, index: -1})
	defer w.pop()
	for _, f := range v.Fields() {
		key := f.Name
		if member == "annotations" {
			key = strings.ToLower(key)
		}
		if problem := keyProblem(key); problem != "" {
			w.add(diag.BadFormat, value.String("").WithOrigin(f.Origin), fmt.Sprintf("%s is no key: %s", quote(f.Name), problem), "")
			continue
		}
		if text := f.Value.Str(); member == "labels" && text != "" && !isName(text) {
			w.push(step{name: f.Name, index: -1})
			w.add(diag.BadFormat, f.Value, fmt.Sprintf("want at most 63 letters, digits, '-', '_' and '.', starting and ending with a letter or digit, found %s", quote(text)), labelHint(text))
			w.pop()
		}
	}
}

func labelHint(text string) string {
	if strings.ContainsAny(text, " /:@") {
		return "a longer text can be an annotation"
	}
	return ""
}

// keyProblem says what is wrong with a label's key.
func keyProblem(key string) string {
	prefix, name, ok := strings.Cut(key, "/")
	if !ok {
		prefix, name = "example.com", key
	}
	switch {
	case strings.Contains(name, "/"):
		return "it has more than one slash"
	case !isSubdomain(prefix):
		return "what comes before the slash is no DNS subdomain"
	case name == "":
		return "it has no name"
	case !isName(name):
		return "a name has at most 63 letters, digits, '-', '_' and '.', and starts and ends with a letter or digit"
	}
	return ""
}

// isName tells whether a text is the name in a label's key, or a label's value.
func isName(text string) bool {
	if len(text) > 63 {
		return false
	}
	for i := range len(text) {
		if c := text[i]; !isAlphanumeric(c) && (i == 0 || i == len(text)-1 || c != '-' && c != '_' && c != '.') {
			return false
		}
	}
	return text != ""
}

// isSubdomain tells whether a text is a DNS subdomain in lower case.
func isSubdomain(text string) bool {
	if len(text) > 253 || text == "" {
		return false
	}
	for part := range strings.SplitSeq(text, ".") {
		for i := range len(part) {
			c := part[i]
			if !isAlphanumeric(c) && (c != '-' || i == 0 || i == len(part)-1) || 'A' <= c && c <= 'Z' {
				return false
			}
		}
		if part == "" {
			return false
		}
	}
	return true
}

func isAlphanumeric(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}
