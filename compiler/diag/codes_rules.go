package diag

// Findings that the API server's own rules give: CP6.
const (
	// ServerRejects: the API server would not take the object.
	ServerRejects Code = "CP6001"
	// PolicyDenies: a ValidatingAdmissionPolicy of the bundle denies the object.
	PolicyDenies Code = "CP6002"
	// PodSecurityDenies: the Pod Security level of a namespace denies a pod.
	PodSecurityDenies Code = "CP6003"
	// LimitRangeDenies: a limit range of the bundle denies a pod or a claim.
	LimitRangeDenies Code = "CP6004"
	// ServerWarns: the API server would take the object and warn of something in it.
	ServerWarns Code = "CP6005"
	// RulesMissing warns that the companion is not there.
	RulesMissing Code = "CP6006"
	// RulesFailed: the companion is there and could not do its work.
	RulesFailed Code = "CP6007"
)

var rulesCodes = []Info{
	{
		Code:  ServerRejects,
		Title: "an object that the API server would reject",
		Explain: "The object has the form that its kind asks for, and breaks a rule of the API server all the same: names that refer to nothing in the object, " +
			"values that exclude each other, a change of what cannot be changed. The message is the server's own. " +
			"couplet-admit applies the rules: they are those of the server, linked.",
		Example: `couplet validate bad.yaml
-- bad.yaml --
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
  - name: web
    image: web
    volumeMounts:
    - name: data
      mountPath: /data
`,
	},
	{
		Code:  PolicyDenies,
		Title: "an object that an admission policy denies",
		Explain: "The bundle, or what is given of the cluster, holds a ValidatingAdmissionPolicy with a binding that applies to the object and denies it. " +
			"The message names both and is the policy's own.",
		Example: `couplet validate bad.yaml
-- bad.yaml --
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  name: pinned-images
spec:
  matchConstraints:
    resourceRules:
    - apiGroups: [""]
      apiVersions: [v1]
      operations: [CREATE]
      resources: [pods]
  validations:
  - expression: object.spec.containers.all(c, c.image.contains('@'))
    message: images are named by their digest
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: pinned-images
spec:
  policyName: pinned-images
  validationActions: [Deny]
---
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
  - name: web
    image: web
`,
	},
	{
		Code:  PodSecurityDenies,
		Title: "a pod that its namespace would refuse",
		Explain: "The bundle, or what is given of the cluster, holds the pod's namespace, whose label pod-security.kubernetes.io/enforce names a Pod Security level " +
			"that the pod exceeds. For a workload this is a warning: the server takes it, and then its pods do not come to be.",
		Example: `couplet validate bad.yaml
-- bad.yaml --
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    pod-security.kubernetes.io/enforce: baseline
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
spec:
  hostNetwork: true
  containers:
  - name: web
    image: web
`,
	},
	{
		Code:    LimitRangeDenies,
		Title:   "a pod or claim beyond the limits of its namespace",
		Explain: "The bundle, or what is given of the cluster, holds a LimitRange of the same namespace, and the object asks for more than it allows, or for less.",
		Example: `couplet validate bad.yaml
-- bad.yaml --
apiVersion: v1
kind: LimitRange
metadata:
  name: small
spec:
  limits:
  - type: Container
    max:
      cpu: "1"
---
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
  - name: web
    image: web
    resources:
      limits:
        cpu: "2"
`,
	},
	{
		Code:    ServerWarns,
		Title:   "something that the API server warns of",
		Explain: "The server would take the object and send a warning, which clients show: a field that is deprecated or has no effect, a value that is likely a mistake.",
		Example: `couplet validate bad.yaml
-- bad.yaml --
apiVersion: v1
kind: Pod
metadata:
  name: web
  annotations:
    seccomp.security.alpha.kubernetes.io/pod: runtime/default
spec:
  containers:
  - name: web
    image: web
`,
	},
	{
		Code:  RulesMissing,
		Title: "the API server's rules are not checked",
		Explain: "couplet-admit is neither beside couplet's executable nor on PATH, so the objects were held against their schemas only: types, fields, enumerations and formats. " +
			"What depends on more than one field, updates, CEL rules and admission policies were not checked. `make install` installs it, and so does " +
			"`go install github.com/couplet-k8s/couplet/cmd/couplet-admit@latest`; `--rules schema` asks for the schemas alone.",
	},
	{
		Code:  RulesFailed,
		Title: "the API server's rules could not be applied",
		Explain: "couplet-admit was found and could not judge the objects: it ended, did not answer, or is of another release. Whether the server would take the objects is not known, " +
			"so this is an error.",
	},
}
