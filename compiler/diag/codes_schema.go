package diag

// Findings that an object's schema gives: CP5.
const (
	// KindUnknown: Kubernetes, or the kind's definition, has no such kind and version.
	KindUnknown Code = "CP5001"
	// NoSchema warns of an object that is not checked, for its kind's schema is not known.
	NoSchema Code = "CP5002"
	// FieldUnknown: a field that the schema does not have.
	FieldUnknown Code = "CP5003"
	// FieldMissing: a required field is not there.
	FieldMissing Code = "CP5004"
	// WrongType: a value of another JSON type than the field takes.
	WrongType Code = "CP5005"
	// NotInEnum: a value that is none of those the field takes.
	NotInEnum Code = "CP5006"
	// BadNumber: a number that is no integer, or too large, where an integer is wanted.
	BadNumber Code = "CP5007"
	// BadFormat: a text that is no quantity, time, base64 or other form that the field takes.
	BadFormat Code = "CP5008"
	// NullElement: a list has null for an element.
	NullElement Code = "CP5009"
	// RuleBroken: a custom resource breaks a rule of its definition.
	RuleBroken Code = "CP5010"
	// NoSuchKind: `schema show` was asked for a kind that is not known.
	NoSuchKind Code = "CP5011"
	// NoSuchField: `schema show` was asked for a field that is not there.
	NoSuchField Code = "CP5012"
	// DuplicateElement: two elements of a list that is told apart by a key have the same.
	DuplicateElement Code = "CP5013"
)

var schemaCodes = []Info{
	{
		Code:  KindUnknown,
		Title: "a kind that Kubernetes does not have",
		Explain: "The API of the environment's Kubernetes minor has no such kind in this group and version: the kind or the apiVersion is misspelt, " +
			"or the version has been removed or has not yet come. The hint names the nearest kind, or the apiVersions that have it. " +
			"For a custom kind whose definition is in the bundle, the version must be one that the definition serves.",
		Example: `couplet validate bad.yaml
-- bad.yaml --
apiVersion: extensions/v1beta1
kind: Deployment
metadata:
  name: web
spec: {}
`,
	},
	{
		Code:  NoSchema,
		Title: "an object that is not checked",
		Explain: "The kind is not one of Kubernetes itself, and no CustomResourceDefinition for it is known: none in the bundle, in crds or a vendored package, and none that couplet embeds. The cluster may know it, so this is a warning: " +
			"nothing in the object was checked. Put the CustomResourceDefinition into the bundle, or into the folder crds of the app.",
		Example: `couplet validate bad.yaml
-- bad.yaml --
apiVersion: shop.example.com/v1
kind: Basket
metadata:
  name: first
spec:
  size: large
`,
	},
	{
		Code:  FieldUnknown,
		Title: "a field that is not in the schema",
		Explain: "The object has a field that its kind does not know, and the server would refuse it: its name is misspelt, also in upper and lower case, " +
			"or it stands at the wrong place. The hint names the nearest field, or the place that has a field of this name.",
		Example: `couplet validate bad.yaml
-- bad.yaml --
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selectors:
    app: web
  ports:
  - port: 80
`,
	},
	{
		Code:  FieldMissing,
		Title: "a required field is missing",
		Explain: "The kind requires a field that the object does not have, or has as null, which the server reads as absent. " +
			"`couplet schema show` marks the required fields of each type.",
		Example: `couplet validate bad.yaml
-- bad.yaml --
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports:
  - name: http
`,
	},
	{
		Code:  WrongType,
		Title: "a value of the wrong type",
		Explain: "The field takes another type of value: a string in place of a number, one object in place of a list. " +
			"In labels, annotations and the data of a ConfigMap all values are strings: \"8080\", \"true\".",
		Example: `couplet validate bad.yaml
-- bad.yaml --
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  port: 8080
`,
	},
	{
		Code:    NotInEnum,
		Title:   "a value that is not among the allowed ones",
		Explain: "The field takes one of a few values, which the message lists. Upper and lower case matter.",
		Example: `couplet validate bad.yaml
-- bad.yaml --
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports:
  - port: 80
    protocol: tcp
`,
	},
	{
		Code:    BadNumber,
		Title:   "a number that the field cannot hold",
		Explain: "The field takes integers of 32 or 64 bits. A number with a fraction is none, unless the fraction is zero (2.0); a number out of range is refused, not cut.",
		Example: `couplet validate bad.yaml
-- bad.yaml --
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports:
  - port: 80.5
`,
	},
	{
		Code:  BadFormat,
		Title: "a text of the wrong form",
		Explain: "The field takes text of a certain form: a quantity such as 500m or 2Gi, base64, a time such as 2006-01-02T15:04:05Z. " +
			"The data of a Secret are base64; its stringData are plain text. What stands in a Secret is never shown.",
		Example: `couplet validate bad.yaml
-- bad.yaml --
apiVersion: v1
kind: ResourceQuota
metadata:
  name: team
spec:
  hard:
    requests.memory: 4 GB
`,
	},
	{
		Code:    NullElement,
		Title:   "a list with null in it",
		Explain: "A list element is null, often for an empty dash in YAML or a condition without an else in jsonnet. The server would refuse it, or make an empty value of it, of which there is a warning.",
		Example: `couplet validate bad.yaml
-- bad.yaml --
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports:
  - port: 80
  -
`,
	},
	{
		Code:  RuleBroken,
		Title: "a custom resource breaks a rule of its definition",
		Explain: "The CustomResourceDefinition in the bundle limits what the field may hold: a pattern, a least or greatest number or length, " +
			"or alternatives of which one (oneOf), at least one (anyOf) or none (not) must fit. The message says which rule.",
		Example: `couplet validate bad.yaml
-- bad.yaml --
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: baskets.shop.example.com
spec:
  group: shop.example.com
  scope: Namespaced
  names:
    kind: Basket
    plural: baskets
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties:
              size:
                type: integer
                minimum: 1
---
apiVersion: shop.example.com/v1
kind: Basket
metadata:
  name: first
spec:
  size: 0
`,
	},
	{
		Code:    NoSuchKind,
		Title:   "no such kind to show",
		Explain: "The kind is not known. It may be given as Deployment, deployment or deployments, and more exactly as apps/v1/Deployment or deployments.apps. `couplet schema list` lists all.",
		Example: `couplet schema show deploymnet
`,
	},
	{
		Code:    NoSuchField,
		Title:   "no such field to show",
		Explain: "A name in the path is no field of the type before it. Lists are passed through: deployment.spec.template.spec.containers.image names the image of each container.",
		Example: `couplet schema show deployment.spec.stratgey
`,
	},
	{
		Code:  DuplicateElement,
		Title: "two elements of a list are the same one",
		Explain: "The elements of the list are told apart by some of their members, such as the name of a container or the port and protocol of a service's port, and two have the same: " +
			"which of them is meant cannot be told, and the server refuses both when they are applied. Of a list that is a set the elements themselves must differ.",
		Example: `couplet validate bad.yaml
-- bad.yaml --
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports:
  - name: http
    port: 80
  - name: web
    port: 80
`,
	},
}
