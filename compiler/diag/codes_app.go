package diag

// Findings about files, the app and its environments: CP1.
const (
	// NotFound: an argument names neither an environment nor a file.
	NotFound Code = "CP1001"
	// Unreadable: a file or folder is there and cannot be read.
	Unreadable Code = "CP1002"
	// NoApp: a command needs an app and there is none here.
	NoApp Code = "CP1003"
	// AppInvalid: couplet.yaml does not say what it must, or says what it cannot.
	AppInvalid Code = "CP1004"
	// PathOutside: a path in couplet.yaml leaves the app.
	PathOutside Code = "CP1005"
	// EntryMissing: an environment's folder has no entry.
	EntryMissing Code = "CP1006"
	// ComponentUnknown: -c or targets name a component that the environment does not have.
	ComponentUnknown Code = "CP1007"
	// AlreadyThere: something to be made is there already.
	AlreadyThere Code = "CP1008"
	// EditRefused: an edit of couplet.yaml cannot be made without touching more than asked.
	EditRefused Code = "CP1009"
	// TankaInvalid: a Tanka spec.json or Environment object that Tanka would refuse.
	TankaInvalid Code = "CP1010"
	// KubernetesVersion: the environment's Kubernetes minor is not embedded.
	KubernetesVersion Code = "CP1011"
	// WriteFailed: a file could not be written.
	WriteFailed Code = "CP1012"
	// ExportConflict: an export would write one file twice, or over a file that it does not own.
	ExportConflict Code = "CP1013"
	// GitFailed: a git revision could not be read.
	GitFailed Code = "CP1014"
	// NotFormatted: fmt --test found files that are not in the canonical form.
	NotFormatted Code = "CP1015"
	// CacheUnusable: results cannot be kept or taken from the cache.
	CacheUnusable Code = "CP1017"
	// LintFinding: the linter's remark.
	LintFinding Code = "CP1016"
)

var appCodes = []Info{
	{
		Code:  NotFound,
		Title: "nothing of that name",
		Explain: "The argument is neither an environment of the app nor the path of a file or folder. " +
			"`couplet env list` shows the environments.",
		Example: `couplet show prd
-- couplet.yaml --
apiVersion: couplet/v1
kind: App
name: shop
environments:
  prod: {}
-- environments/prod/main.jsonnet --
{}
`,
	},
	{
		Code:    Unreadable,
		Title:   "a file that cannot be read",
		Explain: "The file or folder is there, but the operating system refuses to read it, or it is not what is expected: a folder instead of a file.",
		Example: `couplet show empty
-- empty/readme.txt --
no main.jsonnet here
`,
	},
	{
		Code:  NoApp,
		Title: "no app here",
		Explain: "The command needs an app, that is a couplet.yaml in this folder or one above, or a Tanka tree " +
			"(a jsonnetfile.json or tkrc.yaml). `couplet init NAME` makes an app.",
		Example: `couplet env list
-- readme.txt --
`,
	},
	{
		Code:  AppInvalid,
		Title: "an invalid couplet.yaml",
		Explain: "couplet.yaml is checked against a JSON Schema, which `couplet schema app` prints. " +
			"A key that the schema does not know is an error, for a misspelt key would otherwise do nothing.",
		Example: `couplet env list
-- couplet.yaml --
apiVersion: couplet/v1
kind: App
name: shop
environments:
  prod:
    destinaton:
      namespace: shop
`,
	},
	{
		Code:    PathOutside,
		Title:   "a path that leaves the app",
		Explain: "A path in couplet.yaml is relative to its folder and stays inside it, so that an app can be moved and reviewed as a whole.",
		Example: `couplet env list
-- couplet.yaml --
apiVersion: couplet/v1
kind: App
name: shop
environments:
  prod:
    path: ../elsewhere
`,
	},
	{
		Code:    EntryMissing,
		Title:   "an environment without its entry",
		Explain: "An environment's folder holds main.jsonnet, the file that is evaluated.",
		Example: `couplet show prod
-- couplet.yaml --
apiVersion: couplet/v1
kind: App
name: shop
environments:
  prod: {}
`,
	},
	{
		Code:  ComponentUnknown,
		Title: "no such component",
		Explain: "The components of an environment are the top-level fields of its entry's value. `targets` in couplet.yaml and -c choose among them, " +
			"and name one that is not there.",
		Example: `couplet show prod -c webb
-- couplet.yaml --
apiVersion: couplet/v1
kind: App
name: shop
environments:
  prod: {}
-- environments/prod/main.jsonnet --
{ web: {} }
`,
	},
	{
		Code:    AlreadyThere,
		Title:   "already there",
		Explain: "couplet does not overwrite what it did not make. Choose another name or folder, or remove the old one.",
		Example: `couplet init shop
-- shop/couplet.yaml --
apiVersion: couplet/v1
kind: App
name: shop
`,
	},
	{
		Code:  EditRefused,
		Title: "couplet.yaml cannot be edited",
		Explain: "`env add`, `set` and `rm` change the lines that they must and no others, and read the result back to make sure that it says what was asked. " +
			"Where the file is written in a way that does not allow that, such as with anchors or on one line, edit it by hand.",
		Example: `couplet env rm prod
-- couplet.yaml --
apiVersion: couplet/v1
kind: App
name: shop
environments: {prod: {}, dev: {}}
`,
	},
	{
		Code:    TankaInvalid,
		Title:   "an invalid Tanka environment",
		Explain: "spec.json, or an object of kind Environment in the output, is not what Tanka accepts.",
		Example: `couplet show env
-- jsonnetfile.json --
{}
-- env/main.jsonnet --
{}
-- env/spec.json --
{ "apiVersion": "tanka.dev/v1alpha1", "kind": "Deployment" }
`,
	},
	{
		Code:  KubernetesVersion,
		Title: "schemas of another version",
		Explain: "This build embeds the schemas of certain Kubernetes versions. An environment for another one is checked against the newest, " +
			"which may know fields and kinds that the cluster does not, or the reverse.",
		Example: `couplet validate prod
-- couplet.yaml --
apiVersion: couplet/v1
kind: App
name: shop
environments:
  prod:
    kubernetes: "1.12"
-- environments/prod/main.jsonnet --
{}
`,
	},
	{
		Code:    WriteFailed,
		Title:   "a file that cannot be written",
		Explain: "The operating system refused. Files are written aside and then renamed, so what was there before is whole.",
		Example: `couplet eval -o missing/out.json web.jsonnet
-- web.jsonnet --
{}
`,
	},
	{
		Code:  ExportConflict,
		Title: "two owners of one exported file",
		Explain: "Two objects have the same file name, or the file was written by another environment's export or by somebody else. " +
			"Choose another --name-template or folder; --overwrite takes over files that no export wrote.",
		Example: `couplet export web.jsonnet --to out
-- web.jsonnet --
{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' } }
-- out/v1.ConfigMap-web.yaml --
by: hand
`,
	},
	{
		Code:    GitFailed,
		Title:   "a git revision that cannot be read",
		Explain: "`diff --base` reads the app as it was at a revision of the git repository that holds it.",
		Example: `couplet diff --base HEAD
-- couplet.yaml --
apiVersion: couplet/v1
kind: App
name: shop
environments:
  prod: {}
-- environments/prod/main.jsonnet --
{}
`,
	},
	{
		Code:    NotFormatted,
		Title:   "a file in another format",
		Explain: "`couplet fmt --test` changes nothing and fails where `couplet fmt` would change a file.",
		Example: `couplet fmt --test web.jsonnet
-- web.jsonnet --
{a:1}
`,
	},
	{
		Code:  CacheUnusable,
		Title: "no cache",
		Explain: "The folder in which results are kept cannot be used: it belongs to another user, or it cannot be written, " +
			"for example because the disk is full. The command goes on without it, and takes longer the next time. `couplet cache` tells the folder.",
	},
	{
		Code:    LintFinding,
		Title:   "the linter's remark",
		Explain: "Code that is legal and most likely not meant: a variable that nothing uses, a field that no object has.",
		Example: `couplet lint web.jsonnet
-- web.jsonnet --
local unused = 1;
{}
`,
	},
}
