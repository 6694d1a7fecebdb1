package diag

// Findings about Kubernetes objects: CP4.
const (
	// NotAnObject: the output holds something that is no Kubernetes object.
	NotAnObject Code = "CP4001"
	// ObjectMalformed: an object without what every object has.
	ObjectMalformed Code = "CP4002"
	// DuplicateIdentity: two objects of one group, kind, namespace and name.
	DuplicateIdentity Code = "CP4003"
	// TargetMatchesNothing: a -t that selects no object.
	TargetMatchesNothing Code = "CP4004"
	// PathMissing: a path that leads to nothing in an object.
	PathMissing Code = "CP4005"
)

var objectCodes = []Info{
	{
		Code:  NotAnObject,
		Title: "output that is no Kubernetes object",
		Explain: "An environment's value holds Kubernetes objects, at any depth in objects and arrays. " +
			"A string, number or boolean outside an object, or an object with only one of apiVersion and kind, can be none. " +
			"Parameters and helpers belong in hidden fields (`params::`).",
		Example: `couplet show web.jsonnet
-- web.jsonnet --
{
  web: { replicas: 3 },
}
`,
	},
	{
		Code:  ObjectMalformed,
		Title: "an object without name or with broken metadata",
		Explain: "Every Kubernetes object has a metadata object with a name (or generateName), and labels and annotations, where it has them, " +
			"map strings to strings.",
		Example: `couplet show web.yaml
-- web.yaml --
apiVersion: v1
kind: ConfigMap
metadata:
  labels:
    app: web
`,
	},
	{
		Code:  DuplicateIdentity,
		Title: "two objects of one identity",
		Explain: "A cluster tells objects apart by group, kind, namespace and name. Of two that agree in all, one would overwrite the other. " +
			"Rename one, or put them into different namespaces.",
		Example: `couplet show web.jsonnet
-- web.jsonnet --
local config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' } };
{ a: config, b: config }
`,
	},
	{
		Code:  TargetMatchesNothing,
		Title: "a target that selects nothing",
		Explain: "-t takes a regular expression that must match the whole of kind/name, without regard to case: `-t deployment/web`, `-t 'deployment/.*'`. " +
			"A leading ! excludes.",
		Example: `couplet show web.yaml -t deploy/web
-- web.yaml --
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
`,
	},
	{
		Code:  PathMissing,
		Title: "a path that leads to nothing",
		Explain: "`couplet why` takes a path in an object: `.spec.template.spec.containers[0].image`. A name with dots or slashes stands in brackets and quotes: " +
			"`.metadata.labels[\"app.kubernetes.io/name\"]`.",
		Example: `couplet why web.yaml configmap/web:.data.hots
-- web.yaml --
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  host: example.com
`,
	},
}
