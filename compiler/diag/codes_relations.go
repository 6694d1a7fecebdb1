package diag

// Findings about what the objects of a bundle say about each other: CP7.
const (
	// ReferenceMissing: an object refers to one that is not there.
	ReferenceMissing Code = "CP7001"
	// KeyMissing: a reference to a key that a ConfigMap or Secret does not have.
	KeyMissing Code = "CP7002"
	// SelectsNothing: a selector that no pods have the labels of.
	SelectsNothing Code = "CP7003"
	// PortMissing: a port that leads to none.
	PortMissing Code = "CP7004"
	// NamespaceMissing: a namespace that nobody makes.
	NamespaceMissing Code = "CP7005"
	// QuotaExceeded: the workloads of a namespace ask for more than its quota.
	QuotaExceeded Code = "CP7006"
	// RequestMissing: a container does not ask for what a quota is about.
	RequestMissing Code = "CP7007"
	// AllowInvalid: a couplet:allow that allows nothing.
	AllowInvalid Code = "CP7008"
	// PortTaken: a node port or an address that another Service has.
	PortTaken Code = "CP7009"
)

var relationCodes = []Info{
	{
		Code:  ReferenceMissing,
		Title: "a reference to an object that is not there",
		Explain: "The object names another one, a ConfigMap, Secret, ServiceAccount, PersistentVolumeClaim, Service, Role, class or workload, that is neither in the bundle nor given by " +
			"--given. The server takes it, and then pods do not start, or nothing happens. If something else makes that object, declare it: `external: [Secret/shop/tls]` " +
			"for an environment in couplet.yaml; * stands for any characters.",
		Example: `couplet validate bad.yaml
-- bad.yaml --
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  serviceAccountName: web
  containers:
  - name: web
    image: web
`,
	},
	{
		Code:    KeyMissing,
		Title:   "a reference to a key that is not there",
		Explain: "The object takes a key of a ConfigMap or Secret of the bundle, which has no such key: the pod would wait for it for ever. `optional: true` says that it may be missing.",
		Example: `couplet validate bad.yaml
-- bad.yaml --
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  log-level: info
---
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
  - name: web
    image: web
    env:
    - name: LOG
      valueFrom:
        configMapKeyRef:
          name: settings
          key: loglevel
`,
	},
	{
		Code:  SelectsNothing,
		Title: "a selector that selects nothing",
		Explain: "A Service, PodDisruptionBudget or NetworkPolicy selects pods by labels that no workload of its namespace gives its pods. Most often a label was changed in one " +
			"of two places. Pods that an operator makes of a custom resource are left out, as far as the selector names that resource.",
		Example: `couplet validate bad.yaml
-- bad.yaml --
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
  - port: 80
`,
	},
	{
		Code:    PortMissing,
		Title:   "a port that leads nowhere",
		Explain: "A Service's targetPort is the name or number of a port of the containers that it selects, and an Ingress names a port of its Service. A number counts only where the containers declare their ports.",
		Example: `couplet validate bad.yaml
-- bad.yaml --
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    app: web
spec:
  containers:
  - name: web
    image: web
    ports:
    - name: http
      containerPort: 8080
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
  - port: 80
    targetPort: web
`,
	},
	{
		Code:    NamespaceMissing,
		Title:   "a namespace that nobody makes",
		Explain: "The object goes into a namespace that the bundle does not make, that is not the environment's own (its destination's), and that not every cluster has. If it is there already, declare it: `external: [Namespace/NAME]`.",
		Example: `couplet validate bad.yaml
-- bad.yaml --
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  namespace: shop
`,
	},
	{
		Code:  QuotaExceeded,
		Title: "more than the quota of the namespace",
		Explain: "The bundle has a ResourceQuota, and what its workloads ask for in the same namespace, all replicas together, is more: some of their pods would not come to be. " +
			"Quotas with scopes are left out.",
		Example: `couplet validate bad.yaml
-- bad.yaml --
apiVersion: v1
kind: ResourceQuota
metadata:
  name: small
spec:
  hard:
    requests.cpu: "1"
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: web
        image: web
        resources:
          requests:
            cpu: 500m
`,
	},
	{
		Code:    RequestMissing,
		Title:   "a container that does not say what it needs, under a quota",
		Explain: "There is a ResourceQuota of the same namespace about CPU or memory. Then each container must say how much it requests, or how much it is limited to, as the quota has it, unless a LimitRange has defaults: its pods would be refused. Of a Pod itself it is an error.",
		Example: `couplet validate bad.yaml
-- bad.yaml --
apiVersion: v1
kind: ResourceQuota
metadata:
  name: small
spec:
  hard:
    limits.memory: 1Gi
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
		Code:  AllowInvalid,
		Title: "a couplet:allow that allows nothing",
		Explain: "`couplet:allow CODE because REASON` in a comment, on the line of a warning or the line above, silences that warning. The code must be that of a warning, for errors cannot be " +
			"silenced, and there must be a reason.",
		Example: `couplet validate bad.yaml
-- bad.yaml --
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  serviceAccountName: web  # couplet:allow CP7001
  containers:
  - name: web
    image: web
`,
	},
	{
		Code:    PortTaken,
		Title:   "a port or an address that another Service has",
		Explain: "Two Services name the same port of the nodes, or the same clusterIP. The server refuses the later one. Without a number it chooses one that is free.",
		Example: `couplet validate bad.yaml
-- bad.yaml --
apiVersion: v1
kind: Service
metadata:
  name: api
spec:
  type: NodePort
  ports:
  - port: 80
    nodePort: 30080
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: NodePort
  ports:
  - port: 80
    nodePort: 30080
`,
	},
}
