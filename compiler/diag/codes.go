package diag

import (
	"slices"
	"strings"
)

// Code names a kind of finding: CP1 files and the app, CP2 jsonnet that is not well
// formed, CP3 evaluation, CP4 objects, CP5 schemas, CP6 the API
// server's own rules, CP7 what objects say about each other, CP8 parameters, CP9 couplet itself.
type Code string

// Info documents a code.
type Info struct {
	Code Code
	// Title says in a few words what is wrong.
	Title string
	// Explain says why it is reported and what to do, in whole sentences.
	Explain string
	// Example is a txtar archive that produces the code: its comment is the command
	// line, its files are the working directory.
	Example string
}

// Codes documents every code, in the order of the codes.
func Codes() []Info {
	all := slices.Concat(appCodes, decodeCodes, jsonnetCodes, objectCodes, schemaCodes, rulesCodes, relationCodes, parameterCodes, internalCodes, pluginCodes, liveCodes)
	slices.SortFunc(all, func(a, b Info) int { return strings.Compare(string(a.Code), string(b.Code)) })
	return all
}
