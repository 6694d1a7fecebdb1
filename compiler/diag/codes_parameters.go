package diag

// Findings about the parameters of components: CP8.
const (
	// ParameterInvalid: a parameter is not what its component's schema wants.
	ParameterInvalid Code = "CP8001"
	// ParameterUnknown: a layer sets a parameter that its component does not have.
	ParameterUnknown Code = "CP8002"
	// ParameterUnread: a layer sets a parameter that nothing reads.
	ParameterUnread Code = "CP8003"
	// ParameterUnset: a component reads a parameter that nothing sets.
	ParameterUnset Code = "CP8004"
	// SchemaInvalid: a JSON Schema that cannot be used.
	SchemaInvalid Code = "CP8005"
)

// shopApp is an app with a component for the examples, to which a schema and parameters
// of the environment come.
const shopApp = `-- couplet.yaml --
apiVersion: couplet/v1
kind: App
name: shop
environments:
  prod: {}
-- environments/prod/main.jsonnet --
local app = import 'couplet/app.libsonnet';

app.new({ settings: import '../../components/settings.jsonnet' }).with(import 'params.libsonnet')
`

var parameterCodes = []Info{
	{
		Code:  ParameterInvalid,
		Title: "a parameter that is not what its schema wants",
		Explain: "Beside the component there is a JSON Schema for its parameters, components/NAME.schema.json, and in this environment they do not have that form. " +
			"They are checked before the component is evaluated.",
		Example: `couplet validate prod
` + shopApp + `-- environments/prod/params.libsonnet --
{ settings: { pageSize: '48' } }
-- components/settings.jsonnet --
{
  local params = self.params,
  params:: { pageSize: 24 },
  config: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { PAGE_SIZE: '' + params.pageSize } },
}
-- components/settings.schema.json --
{ "properties": { "pageSize": { "type": "integer", "minimum": 1 } } }
`,
	},
	{
		Code:  ParameterUnknown,
		Title: "a parameter that the component does not have",
		Explain: "A layer of parameters names a component that the app does not have, or a parameter that the component has no default for. " +
			"It would change nothing. A component declares its parameters by giving each a default in `params`.",
		Example: `couplet show prod
` + shopApp + `-- environments/prod/params.libsonnet --
{ settings: { pagesize: 48 } }
-- components/settings.jsonnet --
{
  local params = self.params,
  params:: { pageSize: 24 },
  config: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { PAGE_SIZE: '' + params.pageSize } },
}
`,
	},
	{
		Code:  ParameterUnread,
		Title: "a parameter that is set and never read",
		Explain: "A layer sets the parameter, and no object of this environment depends on it: the component ignores it, or does so for other parameters' values. " +
			"Leave it out, or let the component read it.",
		Example: `couplet validate prod
` + shopApp + `-- environments/prod/params.libsonnet --
{ settings: { pageSize: 48 } }
-- components/settings.jsonnet --
{
  params:: { pageSize: 24 },
  config: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { PAGE_SIZE: '24' } },
}
`,
	},
	{
		Code:  ParameterUnset,
		Title: "a parameter that is read and set nowhere",
		Explain: "The component reads a parameter for which it has no default and which no layer sets. Where the expression is evaluated that is an error; where it is not, " +
			"it is a warning, for it will be. Give the parameter a default in `params`; `null` and `error 'set it'` are defaults too.",
		Example: `couplet validate prod
` + shopApp + `-- environments/prod/params.libsonnet --
{}
-- components/settings.jsonnet --
{
  local params = self.params,
  params:: { pageSize: 24 },
  config: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { PAGE_SIZE: '' + params.pagesize } },
}
`,
	},
	{
		Code:  SchemaInvalid,
		Title: "a JSON Schema that cannot be used",
		Explain: "The schema of a component's parameters is no JSON, has keywords with values that they cannot have, or refers to something that is not there. " +
			"A `$ref` leads into the same file or to one beside it; one to another host is never fetched.",
		Example: `couplet show prod
` + shopApp + `-- environments/prod/params.libsonnet --
{}
-- components/settings.jsonnet --
{ params:: { pageSize: 24 } }
-- components/settings.schema.json --
{ "properties": { "pageSize": { "$ref": "https://example.com/page.json" } } }
`,
	},
}
