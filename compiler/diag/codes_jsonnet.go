package diag

// Findings in jsonnet code: CP2 before it runs, CP3 while it runs.
const (
	// JsonnetSyntax: the text is not jsonnet.
	JsonnetSyntax Code = "CP2001"
	// JsonnetStatic: well-formed text that cannot be evaluated: an unknown variable,
	// self outside an object, a parameter twice.
	JsonnetStatic Code = "CP2002"
	// EvalError: the program raised an error or did what jsonnet forbids.
	EvalError Code = "CP3001"
	// ImportMissing: an import names a file that is not there.
	ImportMissing Code = "CP3002"
	// StackLimit: the evaluation is nested deeper than allowed.
	StackLimit Code = "CP3003"
	// EvalStopped: the evaluation was interrupted.
	EvalStopped Code = "CP3004"
	// OutputForm: the value does not have the form that the command's flags ask for.
	OutputForm Code = "CP3005"
	// EvalBudget: the evaluation uses more steps or memory than it may.
	EvalBudget Code = "CP3006"
)

var jsonnetCodes = []Info{
	{
		Code:  JsonnetSyntax,
		Title: "jsonnet that does not parse",
		Explain: "The file is not well-formed jsonnet: a bracket, comma or quote is missing or one too many. " +
			"The place is where reading could not go on; the cause is there or just before.",
		Example: `couplet show web.jsonnet
-- web.jsonnet --
{
  apiVersion: 'v1'
  kind: 'ConfigMap',
}
`,
	},
	{
		Code:  JsonnetStatic,
		Title: "jsonnet that cannot be evaluated",
		Explain: "The file parses, but names something that is not there: a variable that no local, parameter or import defines, " +
			"or `self`, `super` or `$` outside an object.",
		Example: `couplet show web.jsonnet
-- web.jsonnet --
local name = 'web';
{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: nmae } }
`,
	},
	{
		Code:  EvalError,
		Title: "the evaluation failed",
		Explain: "The code ran into an `error` or a failed `assert`, or did something that jsonnet does not allow, " +
			"such as reading a field that does not exist. The trace shows the way there, the innermost step first.",
		Example: `couplet show web.jsonnet
-- web.jsonnet --
local params = { name: 'web' };
{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: params.nmae } }
`,
	},
	{
		Code:  ImportMissing,
		Title: "an import that is not there",
		Explain: "An import is looked for beside the importing file, then in the search path (-J, lib, vendor). " +
			"Check the spelling, or vendor the library.",
		Example: `couplet show web.jsonnet
-- web.jsonnet --
import 'webb.libsonnet'
-- web.libsonnet --
{}
`,
	},
	{
		Code:  StackLimit,
		Title: "evaluation nested too deep",
		Explain: "A function or a field refers to itself without end, or the data is nested deeper than the limit. " +
			"`couplet eval -s` raises the limit for programs that need it.",
		Example: `couplet show web.jsonnet
-- web.jsonnet --
local f(n) = 1 + f(n + 1);
f(0)
`,
	},
	{
		Code:    EvalStopped,
		Title:   "evaluation interrupted",
		Explain: "The run was ended from outside before the evaluation was complete; nothing was written.",
	},
	{
		Code:  OutputForm,
		Title: "a value of the wrong form",
		Explain: "The output flags of `eval` want a certain value: -S a string, -m an object whose fields are files, " +
			"-y an array of documents.",
		Example: `couplet eval -S web.jsonnet
-- web.jsonnet --
{ a: 1 }
`,
	},
	{
		Code:  EvalBudget,
		Title: "an evaluation that uses too much",
		Explain: "The program takes more steps, data or time than --max-steps, --max-bytes, --max-memory and --timeout allow. " +
			"No real program meets the defaults: look for a loop that does not end, or for text that doubles again and again.",
		Example: `couplet show --max-steps 1000 web.jsonnet
-- web.jsonnet --
local f(n) = f(n + 1) tailstrict;
f(0)
`,
	},
}

// Internal: couplet itself failed.
const Internal Code = "CP9001"

var internalCodes = []Info{{
	Code:    Internal,
	Title:   "couplet failed",
	Explain: "Something happened in couplet that must not, whatever the input. It is never your mistake: please report it with the text shown.",
}}
