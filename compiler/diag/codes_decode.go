package diag

import "strings"

// Findings about YAML and JSON files.
const (
	// BadYAML is a YAML file that does not parse.
	BadYAML Code = "CP1101"
	// BadJSON is a JSON file that does not parse.
	BadJSON Code = "CP1102"
	// DuplicateField is a second field of one name in an object of a YAML or JSON file.
	DuplicateField Code = "CP1103"
	// NoJSONValue is something in a YAML or JSON file that is no value of JSON.
	NoJSONValue Code = "CP1104"
	// BadAlias is a YAML alias that cannot be replaced by what it stands for.
	BadAlias Code = "CP1105"
	// TooDeep is a YAML or JSON file whose values are nested too deeply.
	TooDeep Code = "CP1106"
	// InexactNumber warns of a number that a double does not hold.
	InexactNumber Code = "CP1107"
	// HalfSurrogate warns of an escape in a JSON string that is no character.
	HalfSurrogate Code = "CP1108"
)

var decodeCodes = []Info{
	{
		Code:  BadYAML,
		Title: "a YAML file does not parse",
		Explain: `The file is not well-formed YAML. The usual reasons are a line that is indented
otherwise than its neighbours, a tab in the indentation, a quote that is not closed, and a plain text that
holds ": " or starts with a character that means something in YAML, such as @, %, * or {; such a text must
stand in quotes. The file must be UTF-8: one from Windows may be UTF-16 or in an 8-bit code page, which most editors can convert.`,
		Example: `couplet show web.yaml
-- web.yaml --
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
   namespace: shop
`,
	},
	{
		Code:  BadJSON,
		Title: "a JSON file does not parse",
		Explain: `The file is not well-formed JSON: one value, with names and strings in double quotes, no comma
after the last element, and no comments, in UTF-8. Where comments are wanted, write jsonnet or YAML.`,
		Example: `couplet show web.json
-- web.json --
{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "web",}}
`,
	},
	{
		Code:  DuplicateField,
		Title: "a field is there twice",
		Explain: `An object in a YAML or JSON file has two fields of one name. Most programs take the last one
without a word, so one of the two settings never had an effect. Names that differ only as YAML scalars, such as 1 and "1", are the
same name. A field that a merge key (<<) brings in may be set again.`,
		Example: `couplet show web.yaml
-- web.yaml --
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  labels:
    app: web
  name: shop
`,
	},
	{
		Code:  NoJSONValue,
		Title: "a value that JSON does not have",
		Explain: `Kubernetes objects are JSON, and a YAML file may say more than JSON can: infinity and
not-a-number, names of fields that are null, arrays or objects, a tag that does not fit its text, and binary data that are not text.
In a JSON file it is a number beyond the range of a double.`,
		Example: `couplet show web.yaml
-- web.yaml --
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
weight: .inf
`,
	},
	{
		Code:  BadAlias,
		Title: "a YAML alias that cannot be resolved",
		Explain: `An alias (*name) stands for the value that carries the anchor (&name) earlier in the same document.
It is an error if there is none, if the alias stands inside of the value that it names, if a merge key (<<) names anything but an
object, or if aliases make the document so much larger than its text that it looks like an attack.`,
		Example: `couplet show web.yaml
-- web.yaml --
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  labels: *common
`,
	},
	{
		Code:  TooDeep,
		Title: "values are nested too deeply",
		Explain: `A YAML or JSON file may have 1,000 values in one another, which no useful file comes near to.
The limit keeps a broken or hostile file from exhausting the memory.`,
		Example: "couplet show deep.json\n-- deep.json --\n" + strings.Repeat("[", 1001) + "\n",
	},
	{
		Code:  InexactNumber,
		Title: "a number that a double does not hold",
		Explain: `A number in a YAML or JSON file has more digits than a double (an IEEE 754 64-bit number) can
hold; integers are safe up to 9007199254740992. In a file that is given directly to show or validate the digits stay as they are.
jsonnet has doubles only, so the number changes where jsonnet reads the file, and many other programs change it as well. If it is an
identifier rather than a quantity, write it as a string.`,
		Example: `couplet show web.yaml
-- web.yaml --
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  generation: 9007199254740993
`,
	},
	{
		Code:  HalfSurrogate,
		Title: "an escape that is no character",
		Explain: `A JSON string holds one half of a surrogate pair, such as \ud83d, without the other half. That is
no character; it is read as U+FFFD. Usually a program cut a string in the middle of an emoji.`,
		Example: `couplet show web.json
-- web.json --
{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "web"}, "data": {"mood": "\ud83d"}}
`,
	},
}
