package admission

import (
	"slices"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/schema"
	"github.com/couplet-k8s/couplet/schemas"
)

// tightening is something that the server asks for since a minor only, although the
// published schemas of older ones require it too, or the rules do that are applied to all.
type tightening struct {
	kind string // with its group; "" for the pod templates of any kind
	// field starts the path, or, where it starts with "*", ends it; indices are left out.
	field string
	since string
	// missing: it is only that the field itself may be missing.
	missing bool
}

// tightenings were found by asking the API servers of the minors about the same mutants
// (cmd/internal/judgement/run).
var tightenings = []tightening{
	{"ControllerRevision.apps", "revision", "1.37", true},
	{"RoleBinding.rbac.authorization.k8s.io", "roleRef.apiGroup", "1.36", true},
	{"ClusterRoleBinding.rbac.authorization.k8s.io", "roleRef.apiGroup", "1.36", true},
	{"EndpointSlice.discovery.k8s.io", "endpoints", "1.36", true},
	{"PriorityClass.scheduling.k8s.io", "value", "1.36", true},
	{"Job.batch", "spec.podFailurePolicy.rules[].onPodConditions[].status", "1.35", true},
	{"CronJob.batch", "spec.jobTemplate.spec.podFailurePolicy.rules[].onPodConditions[].status", "1.35", true},
	{"NetworkPolicy.networking.k8s.io", "spec.podSelector", "1.34", true},
	{"HorizontalPodAutoscaler.autoscaling", "*.apiVersion", "1.34", false},
	{"StatefulSet.apps", "spec.template", "1.34", false},
	{"StatefulSet.apps", "spec.volumeClaimTemplates", "1.34", false},
	{"StatefulSet.apps", "spec.serviceName", "1.34", false},
	{"", "*.matchExpressions[].values[]", "1.33", false},
}

// loosened are the codes of findings that a minor which did not ask yet would not give.
var loosened = []diag.Code{diag.FieldMissing, diag.NotInEnum, diag.ServerRejects}

// Lenient makes warnings of errors that an object's kind has only since a later minor than
// the one that is checked against. Kind has its group: Deployment.apps.
func Lenient(found []schema.Finding, kind, minor string) {
	for i := range found {
		f := &found[i]
		if f.Severity != diag.Error || !slices.Contains(loosened, f.Code) {
			continue
		}
		if since := askedSince(kind, fieldOf(f.Message), minor, f.Code == diag.FieldMissing); since != "" {
			f.Severity = diag.Warning
			f.Hint = "Kubernetes " + since + " and later reject this"
		}
	}
}

// fieldOf is the field that a message starts with, without its indices.
func fieldOf(message string) string {
	field, _, _ := strings.Cut(message, ": ")
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(field, "[")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		b.WriteString("[]")
		if _, field, ok = strings.Cut(after, "]"); !ok {
			return b.String()
		}
	}
}

// askedSince gives the minor since which the server asks for a field; "" where that is not
// later than a minor.
func askedSince(kind, field, minor string, missing bool) string {
	minors := schemas.Minors()
	for _, t := range tightenings {
		end, isEnd := strings.CutPrefix(t.field, "*")
		rest, isStart := strings.CutPrefix(field, t.field)
		fits := isEnd && strings.HasSuffix(field, end) || isStart && (rest == "" || rest[0] == '.' || rest[0] == '[')
		if t.missing && (!missing || rest != "") {
			continue
		}
		if fits && (t.kind == "" || t.kind == kind) && slices.Index(minors, minor) < slices.Index(minors, t.since) {
			return t.since
		}
	}
	return ""
}
