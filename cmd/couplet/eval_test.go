package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
)

// evalFiles is the working folder of every command line.
const evalFiles = `
-- plain.jsonnet --
// A comment.
local lib = import 'lib.libsonnet';
{ a: 1, 'b c': lib.greet('x'), hidden:: error 'never', nested: { z: [], y: {}, x: [1, [2, { w: null }]] } }
-- lib.libsonnet --
{ greet(name):: 'hello ' + name }
-- string.jsonnet --
'a\tb\n' + "\u0001 \u007f \u0085 \u2028 é 世界 😀 \" \\ /"
-- strings.jsonnet --
["\u0000\u0001\u001f", "\u007f\u0080\u009f\u00a0", "\u2028\u2029\ufeff\ufffd", "\ud83d\ude00", "\b\f\n\r\t\"\\/'",
 '世界', 'a\u0300', "\ud800", std.char(55296), std.char(1114111)]
-- keys.jsonnet --
{ '': 1, ' ': 2, "\n": 3, 'é': 4, 'Z': 5, 'a': 6, "\u0001": 7, '10': 8, '9': 9, '😀': 10, '\uffff': 11 }
-- numbers.jsonnet --
[0, -0, 1, -1, 0.1, 0.30000000000000004, 1e15, 1e16, 1e17, 123456789012345678, 1e21, 1e22, 1e100, 1.5e300,
 1.7976931348623157e308, 5e-324, 1e-5, 1e-4, 0.0001234, 1e-7, 1/3, 100, 9007199254740993, -2.5e-10, 3.14159,
 std.pow(2, 63), std.pow(2, 64), std.pow(2, 53) + 1, 1e5, 123456.789, 4.9406564584124654e-324, 2.2250738585072014e-308]
-- multi.jsonnet --
{ 'a.json': { x: 1 }, 'b.json': [1, 2], hidden:: 'no', 'c.txt': 'text' }
-- texts.jsonnet --
{ 'a.txt': 'one', 'b.txt': 'two\n', 'empty': '' }
-- nested.jsonnet --
{ 'd/e/f.json': 1, 'd/g.json': 2, 'h.json': 3 }
-- rooted.jsonnet --
{ '/abs/i.json': 1, '/j.json': 2 }
-- unclean.jsonnet --
{ 'a/../k.json': 1, './l.json': 2, 'm//n.json': 3 }
-- escape.jsonnet --
{ 'a.json': 1, '../x.json': 2, 'z.json': 3 }
-- escapelater.jsonnet --
{ 'a.json': 1, 'b/../../x.json': 2, 'z.json': 3 }
-- noname.jsonnet --
{ '': 1 }
-- clash.jsonnet --
{ 'a': 1, 'a/b': 2 }
-- stream.jsonnet --
[{ a: 1 }, [], 'text', 3, null, {}]
-- array.jsonnet --
[]
-- object.jsonnet --
{}
-- this.jsonnet --
[std.thisFile, (import 'sub/this.libsonnet'), (import './sub/../sub/this2.libsonnet')]
-- sub/this.libsonnet --
std.thisFile
-- sub/this2.libsonnet --
[std.thisFile, import '../sub/this.libsonnet']
-- who.jsonnet --
import 'who.libsonnet'
-- j1/who.libsonnet --
'j1'
-- j2/who.libsonnet --
'j2'
-- j3/who.libsonnet --
'j3'
-- j3/only.libsonnet --
'only j3'
-- folder.jsonnet --
import 'shadowed'
-- shadowed/file --
-- j1/shadowed --
'behind a folder'
-- through.jsonnet --
import 'lib.libsonnet/x'
-- j1/lib.libsonnet/x --
'behind a file'
-- ext.jsonnet --
{ s: std.extVar('s'), c: std.extVar('c') }
-- extone.jsonnet --
std.extVar('x')
-- tla.jsonnet --
function(s, c=null, d='default') { s: s, c: c, d: d }
-- value.txt --
a text
of two lines
-- value.jsonnet --
{ from: std.thisFile, lib: (import 'lib.libsonnet').greet('file') }
-- it's.txt --
quoted
-- bin.jsonnet --
[importbin 'bytes.dat', importstr 'bytes.dat', std.length(importstr 'bytes.dat')]
-- trace.jsonnet --
std.trace('traced text', { a: std.trace('second text', 1) })
-- error.jsonnet --
{ a: 1, b: error 'the message' }
-- errors/object.jsonnet --
error { an: 'object', of: [1, 2] }
-- assert.jsonnet --
{ assert self.a > 1 : 'a is small', a: 1 }
-- function.jsonnet --
{ f: function(x) x }
-- parse.jsonnet --
{ a: 1
  b: 2 }
-- unbound.jsonnet --
local hello = 1; helo
-- missing.jsonnet --
import 'nowhere.libsonnet'
-- badimport.jsonnet --
import 'parse.jsonnet'
-- loop.jsonnet --
local f(n) = 1 + f(n + 1); f(0)
-- deep.jsonnet --
local f(n) = if n == 0 then 0 else 1 + f(n - 1); f(400)
-- deepdata.jsonnet --
local f(n) = if n == 0 then [] else [f(n - 1)]; f(100)
-- selfimport.jsonnet --
import 'selfimport.jsonnet'
-- cycle.jsonnet --
{ a: 1, b: (import 'cycle2.libsonnet').b }
-- cycle2.libsonnet --
{ b: (import 'cycle.jsonnet').a }
-- empty.jsonnet --
-- -dash.jsonnet --
'file with a dash'
-- -e --
'a file of the name -e'
-- sp ace.jsonnet --
'file with a space'
-- ro/existing.json --
old
`

// evalBytes are the files that a txtar archive cannot hold.
var evalBytes = map[string]string{
	"bytes.dat":        "A\xff\x00\xc3(z",
	"crlf.jsonnet":     "{\r\n  a: |||\r\n    one\r\n    two\r\n  |||,\r\n  b: 'x', // end\r\n}\r\n",
	"bom.jsonnet":      "\ufeff{ a: 1 }",
	"nul.jsonnet":      "{ a: 'x\x00y' }",
	"nulcode.jsonnet":  "{ a: 1 \x00 }",
	"invalid.jsonnet":  "{ a: 'x\xffy', 'k\xc3': 1 }",
	"invalid2.jsonnet": "{ a: 1, \xff: 2 }",
	"noline.jsonnet":   "{ a: 1 } // no line end",
}

// evalCase is one command line that jsonnet and couplet eval must agree on.
type evalCase struct {
	// args are split at spaces; '...' quotes, and $DIR is the working folder.
	args  string
	stdin string
	env   []string
	// before makes what evalFiles cannot hold.
	before func(t *testing.T, dir string)
	// stderr is a text that both must write there.
	stderr string
	// differs is why the two do not agree.
	differs string
}

var evalCases = []evalCase{
	// Values.
	{args: "plain.jsonnet"},
	{args: "./plain.jsonnet"},
	{args: "$DIR/plain.jsonnet"},
	{args: "j1/../plain.jsonnet"},
	{args: "string.jsonnet"},
	{args: "strings.jsonnet"},
	{args: "keys.jsonnet"},
	{args: "numbers.jsonnet"},
	{args: "array.jsonnet"},
	{args: "object.jsonnet"},
	{args: "bin.jsonnet"},
	{args: "crlf.jsonnet"},
	{args: "bom.jsonnet"},
	{args: "nul.jsonnet"},
	{args: "nulcode.jsonnet"},
	{args: "invalid.jsonnet"},
	{args: "invalid2.jsonnet"},
	{args: "noline.jsonnet"},
	{args: "empty.jsonnet"},
	{args: "this.jsonnet"},
	{args: "./this.jsonnet"},
	{args: "$DIR/this.jsonnet"},
	{args: "$DIR/j1/..//this.jsonnet"},
	{args: "j1/../this.jsonnet"},
	{args: "'sp ace.jsonnet'"},

	// Code, standard input, and what is a file's name.
	{args: "-e '{ a: 1 }'"},
	{args: "--exec '{ a: 1 }'"},
	{args: "-e ''"},
	{args: "-e -"},
	{args: "-e -- -1"},
	{args: "-e -1"},
	{args: "-e std.thisFile"},
	{args: "-e '[import \"plain.jsonnet\", importstr \"./value.txt\"]'"},
	{args: "-e '(import \"who.libsonnet\")' -J j1"},
	{args: "-e 'std.trace(\"seen\", 1)'", stderr: "TRACE: <cmdline>:1 seen"},
	{args: "-e 'local a = 1; b'"},
	{args: "-e plain.jsonnet"},
	{args: "plain.jsonnet -e"},
	{args: "-", stdin: "{ a: 1 }"},
	{args: "-", stdin: ""},
	{args: "-", stdin: "[std.thisFile, import 'sub/this.libsonnet']"},
	{args: "-", stdin: "std.trace('seen', 1)", stderr: "TRACE: <stdin>:1 seen"},
	{args: "- -S", stdin: "'text'"},
	{args: "-- -", stdin: "3"},
	{args: "-- -dash.jsonnet"},
	{args: "-- -e"},
	{args: "./-dash.jsonnet"},
	{args: "-dash.jsonnet"},
	{args: "-S -- string.jsonnet"},
	{args: "-- string.jsonnet -S"},
	{args: "string.jsonnet -S"},

	// Command lines that are wrong.
	{args: ""},
	{args: "-e"},
	{args: "--"},
	{args: "plain.jsonnet object.jsonnet"},
	{args: "--nonsense plain.jsonnet"},
	{args: "-Z plain.jsonnet"},
	{args: "nowhere.jsonnet"},
	{args: "j1"},
	{args: "."},
	{args: "''"},
	{args: "plain.jsonnet/x"},
	{args: "-o"},
	{args: "-s"},
	{args: "plain.jsonnet -J"},
	{args: "-o '' plain.jsonnet"},
	{args: "-m '' multi.jsonnet"},
	{args: "-J '' plain.jsonnet"},
	{args: "-s 0 plain.jsonnet"},
	{args: "-s -5 plain.jsonnet"},
	{args: "-s ten plain.jsonnet"},
	{args: "-s 1.5 plain.jsonnet"},
	{args: "-s 1_000 plain.jsonnet"},
	{args: "-s 0x100 plain.jsonnet"},
	{args: "-s 99999999999999999999 plain.jsonnet"},
	{args: "-t -1 plain.jsonnet"},
	{args: "-t x plain.jsonnet"},
	{args: "-y --no-trailing-newline stream.jsonnet"},
	{args: "-m out -y --no-trailing-newline multi.jsonnet"},

	// Text instead of JSON.
	{args: "-S string.jsonnet"},
	{args: "--string string.jsonnet"},
	{args: "-S strings.jsonnet"},
	{args: "-S plain.jsonnet"},
	{args: "-S -e null"},
	{args: "-S -e \"''\""},
	{args: "-Se '\"x\"'"},
	{args: "-eS '\"x\"'"},
	{args: "-S bin.jsonnet"},
	{args: "-S -e 'importstr \"bytes.dat\"'"},
	{args: "-S -e '\"\\ud800\" + std.char(7)'"},
	{args: "--no-trailing-newline plain.jsonnet"},
	{args: "--no-trailing-newline -S string.jsonnet"},

	// Output to a file.
	{args: "-o out.json plain.jsonnet"},
	{args: "--output-file out.json plain.jsonnet"},
	{args: "plain.jsonnet -o out.json"},
	{args: "-o out.json -S string.jsonnet"},
	{args: "-o out.json --no-trailing-newline plain.jsonnet"},
	{args: "-o new/deep/out.json plain.jsonnet"},
	{args: "-o new/deep/out.json -c plain.jsonnet"},
	{args: "-o new/deep/out.json --create-output-dirs plain.jsonnet"},
	{args: "-co new/out.json plain.jsonnet"},
	{args: "-o j1 plain.jsonnet"},
	{args: "-o plain.jsonnet/x plain.jsonnet"},
	{args: "-c -o plain.jsonnet/x/y plain.jsonnet"},
	{args: "-o out.json -o out2.json plain.jsonnet"},
	{args: "-o value.txt plain.jsonnet"},
	{args: "-o out.json error.jsonnet"},
	{args: "-o value.txt error.jsonnet"},
	{args: "-o ro/new.json plain.jsonnet", before: readOnly, stderr: "permission denied"},
	{args: "-o ro/existing.json plain.jsonnet", before: readOnly},
	{args: "-o private.json plain.jsonnet", before: private},
	{args: "-o link.json plain.jsonnet", before: links},
	{args: "-o dangling.json plain.jsonnet", before: links},
	{args: "-o /dev/null plain.jsonnet"},
	{args: "-o /dev/stdout plain.jsonnet"},

	// One file per field.
	{args: "-m out multi.jsonnet"},
	{args: "-m out -c multi.jsonnet"},
	{args: "-cm out multi.jsonnet"},
	{args: "--multi out --create-output-dirs multi.jsonnet"},
	{args: "-m out/ -c multi.jsonnet"},
	{args: "-m ./out/../out2 -c multi.jsonnet"},
	{args: "-m $DIR/out -c multi.jsonnet"},
	{args: "-m . multi.jsonnet"},
	{args: "-m plain.jsonnet multi.jsonnet"},
	{args: "-m plain.jsonnet -c multi.jsonnet"},
	{args: "-m out/a/b -c multi.jsonnet"},
	{args: "-m . nested.jsonnet"},
	{args: "-m . -c nested.jsonnet"},
	{args: "-m out -c nested.jsonnet"},
	{args: "-m out -c rooted.jsonnet"},
	{args: "-m . rooted.jsonnet"},
	{args: "-m . -c unclean.jsonnet"},
	{args: "-m out -c escape.jsonnet"},
	{args: "-m out -c escapelater.jsonnet"},
	{args: "-m out -c noname.jsonnet"},
	{args: "-m out -c clash.jsonnet"},
	{args: "-m out -c -S texts.jsonnet"},
	{args: "-m out -c -S --no-trailing-newline texts.jsonnet"},
	{args: "-m out -c --no-trailing-newline multi.jsonnet"},
	{args: "-m out -c -S multi.jsonnet"},
	{args: "-m out -c -y multi.jsonnet"},
	{args: "-m out -c -y stream.jsonnet"},
	{args: "-m out -c stream.jsonnet"},
	{args: "-m out -c string.jsonnet"},
	{args: "-m out object.jsonnet"},
	{args: "-m out -c object.jsonnet"},
	{args: "-m out -c error.jsonnet"},
	{args: "-m out -c tla.jsonnet -A s=1"},
	{args: "-m out -c multi.jsonnet -o list.txt"},
	{args: "-m out -c object.jsonnet -o list.txt"},
	{args: "-m out -c multi.jsonnet -o new/list.txt"},
	{args: "-m out -c escape.jsonnet -o list.txt"},
	{args: "-m out -c -e '{ a: 1 }'"},
	{args: "-m out -c -", stdin: "{ a: 1 }"},
	{args: "-m ro multi.jsonnet", before: readOnly, stderr: "permission denied"},
	{args: "-m ro -e '{ \"existing.json\": 1 }'", before: readOnly},
	{args: "-m . -e '{ \"private.json\": 1 }'", before: private},
	{args: "-m . -e '{ \"link.json\": 1 }'", before: links},
	{args: "-m . -e '{ \"dangling.json\": 1 }'", before: links},
	{args: "-m j1 -e '{ \"out.json\": 1 }'", before: links},
	{args: "-m j1 -e '{ \"up/out.json\": 1 }'", before: links},
	{args: "-m . -e '{ \"j1\": 1 }'"},

	// A stream of documents.
	{args: "-y stream.jsonnet"},
	{args: "--yaml-stream stream.jsonnet"},
	{args: "-y array.jsonnet"},
	{args: "-y object.jsonnet"},
	{args: "-y string.jsonnet"},
	{args: "-y -S stream.jsonnet"},
	{args: "-y stream.jsonnet -o out.yaml"},
	{args: "-y array.jsonnet -o out.yaml"},
	{args: "-y stream.jsonnet -c -o new/out.yaml"},
	{args: "-ye '[1]'"},

	// Where imports are found.
	{args: "who.jsonnet"},
	{args: "-J j1 who.jsonnet"},
	{args: "-J j1 -J j2 who.jsonnet"},
	{args: "-J j2 -J j1 who.jsonnet"},
	{args: "--jpath j1 --jpath j2 who.jsonnet"},
	{args: "-J $DIR/j1 who.jsonnet"},
	{args: "-J j1/ who.jsonnet"},
	{args: "-J nowhere -J j1 -J nowhere2 who.jsonnet"},
	{args: "-J plain.jsonnet who.jsonnet"},
	{args: "-J j1 -J plain.jsonnet who.jsonnet"},
	{args: "who.jsonnet", env: []string{"JSONNET_PATH=j1:j2"}},
	{args: "who.jsonnet", env: []string{"JSONNET_PATH=j2:j1"}},
	{args: "-J j3 who.jsonnet", env: []string{"JSONNET_PATH=j2:j1"}},
	{args: "-J j3 -J j1 who.jsonnet", env: []string{"JSONNET_PATH=j2"}},
	{args: "-J j1 -e 'import \"only.libsonnet\"'", env: []string{"JSONNET_PATH=j2:j3"}},
	{args: "who.jsonnet", env: []string{"JSONNET_PATH="}},
	{args: "who.jsonnet", env: []string{"JSONNET_PATH=:"}},
	{args: "who.jsonnet", env: []string{"JSONNET_PATH=:j1:"}},
	{args: "who.jsonnet", env: []string{"JSONNET_PATH=$DIR/j3"}},
	{args: "-J j1 folder.jsonnet"},
	{args: "-J j1 through.jsonnet"},
	{args: "missing.jsonnet"},
	{args: "-e 'import \"$DIR/plain.jsonnet\"'"},
	{args: "-e 'import \"$DIR/nowhere.jsonnet\"' -J j1"},
	{args: "-e 'import \"\"'"},
	{args: "-e 'import \".\"'"},
	{args: "-e 'importstr \"j1\"'"},
	{args: "-e 'import \"couplet/main.libsonnet\"'"},

	// External variables and top-level arguments.
	{args: "-V s=text --ext-code c=1+1 ext.jsonnet"},
	{args: "--ext-str s=text --ext-code c={a:1} ext.jsonnet"},
	{args: "-V s= -V c=a=b=c ext.jsonnet"},
	{args: "-V s -V c ext.jsonnet", env: []string{"s=from outside", "c="}},
	{args: "-V s -V c ext.jsonnet", env: []string{"s=from outside"}},
	{args: "--ext-code s --ext-code c ext.jsonnet", env: []string{"s=[1, 2]", "c=null"}},
	{args: "--ext-code s --ext-code c=1 ext.jsonnet"},
	{args: "--ext-str-file s=value.txt --ext-code-file c=value.jsonnet ext.jsonnet"},
	{args: "--ext-str-file s=$DIR/value.txt --ext-code-file c=$DIR/value.jsonnet ext.jsonnet"},
	{args: "--ext-str-file s=who.libsonnet -J j1 -V c=1 ext.jsonnet"},
	{args: "--ext-str-file s=nowhere -V c=1 ext.jsonnet"},
	{args: "--ext-code-file x=nowhere plain.jsonnet"},
	{args: "--ext-str-file s ext.jsonnet", env: []string{"s=1"}},
	{args: "--ext-code-file s ext.jsonnet"},
	{args: "--ext-str-file s= -V c=1 ext.jsonnet"},
	{args: "--ext-str-file 'x=it''s.txt' extone.jsonnet"},
	{args: "-V x=1 -V x=2 extone.jsonnet"},
	{args: "-V x=1 --ext-code x=2 extone.jsonnet"},
	{args: "--ext-code x=2 -V x=1 extone.jsonnet"},
	{args: "--ext-code x=2 --ext-str-file x=value.txt extone.jsonnet"},
	{args: "--ext-code-file x=value.jsonnet --ext-code x=2 extone.jsonnet"},
	{args: "--ext-code x=) extone.jsonnet"},
	{args: "--ext-code x=) plain.jsonnet"},
	{args: "--ext-code x=nope extone.jsonnet"},
	{args: "--ext-code 'x=error \"inner\"' extone.jsonnet"},
	{args: "--ext-code 'x=import \"lib.libsonnet\"' -e 'std.extVar(\"x\").greet(\"you\")'"},
	{args: "--ext-code x=std.thisFile extone.jsonnet"},
	{args: "-V y=1 extone.jsonnet"},
	{args: "-V '' plain.jsonnet"},
	{args: "-V =x plain.jsonnet"},
	{args: "-V 'é=1' -e 'std.extVar(\"é\")'"},
	{args: "-A s=text tla.jsonnet"},
	{args: "-A s=text --tla-code c=1+1 -A d=2 tla.jsonnet"},
	{args: "--tla-str s=text tla.jsonnet"},
	{args: "-A s --tla-code c tla.jsonnet", env: []string{"s=from outside", "c=[]"}},
	{args: "-A s tla.jsonnet"},
	{args: "--tla-str-file s=value.txt --tla-code-file c=value.jsonnet tla.jsonnet"},
	{args: "--tla-code s=1 --tla-str s=2 tla.jsonnet"},
	{args: "--tla-str s=2 --tla-code s=1 tla.jsonnet"},
	{args: "tla.jsonnet"},
	{args: "-A s=1 -A unknown=2 tla.jsonnet"},
	{args: "-A s=1 plain.jsonnet"},
	{args: "-A s=1 -y -e 'function(s) [s]'"},
	{args: "-A s=1 -S -e 'function(s) s'"},
	{args: "--tla-code s=nope tla.jsonnet"},
	{args: "--tla-code s=) tla.jsonnet"},
	{args: "--tla-code 's=error \"inner\"' tla.jsonnet"},
	{args: "--tla-str-file s=nowhere tla.jsonnet"},

	// Errors of programs.
	{args: "error.jsonnet", stderr: "the message"},
	{args: "errors/object.jsonnet", stderr: `{"an": "object", "of": [1, 2]}`},
	{args: "assert.jsonnet", stderr: "a is small"},
	{args: "function.jsonnet"},
	{args: "parse.jsonnet"},
	{args: "unbound.jsonnet"},
	{args: "badimport.jsonnet"},
	{args: "loop.jsonnet"},
	{args: "selfimport.jsonnet"},
	{args: "cycle.jsonnet"},
	{args: "trace.jsonnet", stderr: "TRACE: trace.jsonnet:1 traced text"},
	{args: "trace.jsonnet", stderr: "TRACE: trace.jsonnet:1 second text"},
	{args: "-e 'local a = [a]; a'"},
	{args: "-e 'local a = a; a'"},
	{args: "-e 'std.native(\"parseYaml\")'"},
	{args: "-e 'std.native(\"parseYaml\")(\"a: 1\")'"},
	{args: "-e '1/0'"},
	{args: "-e '1e309'"},
	{args: "-e 'std.pow(10, 400)'"},
	{args: "-e '{ a: 1, a: 2 }'"},

	// Limits.
	{args: "deep.jsonnet"},
	{args: "-s 10 deep.jsonnet"},
	{args: "-s 401 deep.jsonnet"},
	{args: "-s 403 deep.jsonnet"},
	{args: "--max-stack 10000 deep.jsonnet"},
	{args: "-s 010 -e '[[[[[[[[1]]]]]]]]'"},
	{args: "-s +10 -e '[[[[[[[[1]]]]]]]]'"},
	{args: "-s 100 deepdata.jsonnet"},
	{args: "-s 101 deepdata.jsonnet"},
	{args: "-s 102 deepdata.jsonnet"},
	{args: "-s 103 deepdata.jsonnet"},
	{args: "-s 1 -e 1"},
	{args: "-s 1 -e '[1]'"},
	{args: "-s 2 -e '[1]'"},
	{args: "-s 1 -S -e '\"a\"'"},
	{args: "-s 1 -y -e '[1]'"},
	{args: "-s 2 -y -e '[1]'"},
	{args: "-s 1 -m . -e '{ a: 1 }'"},
	{args: "-s 2 -m . -e '{ a: 1 }'"},
	{args: "-s 3 -m . -e '{ a: 1 }'"},
	{args: "-t 3 loop.jsonnet"},
	{args: "-t 0 error.jsonnet"},
	{args: "--max-trace 1 error.jsonnet"},
	{args: "-s 1000000 plain.jsonnet"},
	{args: "-s 1000000000 loop.jsonnet", differs: "jsonnet crashes, with exit code 2"},

	// What couplet does otherwise.
	{args: "--help", differs: "the text is couplet's"},
	{args: "-h", differs: "the text is couplet's"},
	{args: "--version", differs: "couplet version tells"},
	{args: "-v", differs: "couplet version tells"},
	{args: "-oout.json plain.jsonnet", differs: "a value may follow its letter; jsonnet reads -o -u -t ..."},
	{args: "-Jj1 who.jsonnet", differs: "a value may follow its letter; jsonnet reads -J -j -1"},
	{args: "-s10 plain.jsonnet", differs: "a value may follow its letter; jsonnet reads -s -1 -0"},
	{args: "--max-stack=10 plain.jsonnet", differs: "a value may follow a long flag and ="},
	{args: "--exec=true 1", differs: "a value may follow a long flag and ="},
	{args: "--engine go-jsonnet plain.jsonnet", differs: "a flag of couplet's own"},
	{args: "--color never plain.jsonnet", differs: "a flag of couplet's own"},
	{args: "--help --nonsense", differs: "all flags are read before any takes effect"},
	{args: "/dev/stdin", stdin: "{ a: 1 }", before: devices, differs: "jsonnet reads its input twice, which a pipe does not survive"},
	{args: "plain.jsonnet -o /dev/full", before: devices},
}

func readOnly(t *testing.T, dir string) {
	if runtime.GOOS == "windows" || os.Geteuid() == 0 && runtime.GOOS != "linux" {
		t.Skip("the modes of folders bind nobody on Windows, and root only as runBound does it")
	}
	if err := os.Chmod(filepath.Join(dir, "ro"), 0o555); err != nil {
		t.Fatal(err)
	}
}

func devices(t *testing.T, _ string) {
	for _, name := range []string{"/dev/stdin", "/dev/full"} {
		if _, err := os.Stat(name); err != nil {
			t.Skip("this system has no such device: ", err)
		}
	}
}

func private(t *testing.T, dir string) {
	if err := os.WriteFile(filepath.Join(dir, "private.json"), []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
}

// links makes a link to a file, one to nothing, and one that leads out of j1.
func links(t *testing.T, dir string) {
	for name, target := range map[string]string{"link.json": "value.txt", "dangling.json": "notyet.json", "j1/up": "../j2", "j1/out.json": "../value.txt"} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Skip("symbolic links cannot be made here: ", err)
		}
	}
}

// evalResult is all that a run leaves behind, except for its error messages.
type evalResult struct {
	code   int
	stdout string
	files  map[string]string
}

// TestEvalIsJsonnet runs jsonnet and couplet eval with the same command lines in the
// same folders. Standard output, exit code and files must be equal, except where a
// case says why not.
func TestEvalIsJsonnet(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts hundreds of processes, one of which takes a gigabyte of memory")
	}
	jsonnet := buildJsonnet(t)
	if len(evalCases) < 300 {
		t.Errorf("only %d cases", len(evalCases))
	}
	for _, c := range evalCases {
		t.Run(c.args, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "work")
			want, theirs := c.run(t, dir, jsonnet)
			got, ours := c.run(t, dir, "couplet", "eval")
			difference := got.difference(want)
			switch {
			case difference != "" && c.differs == "":
				t.Errorf("%s\ncouplet's messages:\n%s\njsonnet's messages:\n%s", difference, ours, theirs)
			case difference == "" && c.differs != "":
				t.Errorf("there is no difference any more, though: %s", c.differs)
			}
			if !strings.Contains(ours, c.stderr) || !strings.Contains(theirs, c.stderr) {
				t.Errorf("%q is not in both messages:\n%s\n%s", c.stderr, ours, theirs)
			}
			if got.code != 0 && ours == "" {
				t.Error("it failed without a message")
			}
			if got.code > 1 || strings.Contains(ours, "goroutine") {
				t.Errorf("it crashed:\n%s", ours)
			}
		})
	}
}

// buildJsonnet builds the jsonnet command of the go-jsonnet that go.mod names. It is
// installed by its version because it needs modules that this one does not.
func buildJsonnet(t *testing.T) string {
	t.Helper()
	version, err := exec.Command("go", "list", "-m", "-f", "{{.Version}}", "github.com/google/go-jsonnet").Output()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cmd := exec.Command("go", "install", "github.com/google/go-jsonnet/cmd/jsonnet@"+strings.TrimSpace(string(version)))
	cmd.Env = append(os.Environ(), "GOBIN="+dir, "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	name := filepath.Join(dir, "jsonnet")
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	return name
}

func (c evalCase) run(t *testing.T, dir string, command ...string) (evalResult, string) {
	t.Helper()
	layOut(t, dir)
	if c.before != nil {
		c.before(t, dir)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	here := strings.NewReplacer("$DIR", dir)
	args := slices.Concat(command[1:], words(here.Replace(c.args)))
	cmd := exec.CommandContext(ctx, command[0], args...)
	cmd.Dir = dir
	cmd.Env = os.Environ()
	for _, setting := range c.env {
		cmd.Env = append(cmd.Env, here.Replace(setting))
	}
	cmd.Stdin = strings.NewReader(c.stdin)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := runBound(cmd)
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || ctx.Err() != nil {
		t.Fatal(command[0], err)
	}
	return evalResult{cmd.ProcessState.ExitCode(), stdout.String(), listFiles(t, dir)}, stderr.String()
}

// layOut makes the folder anew, so that both commands see the same paths.
func layOut(t *testing.T, dir string) {
	t.Helper()
	_ = os.Chmod(filepath.Join(dir, "ro"), 0o755)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	for _, f := range txtar.Parse([]byte(evalFiles)).Files {
		writeTestFile(t, filepath.Join(dir, f.Name), string(f.Data))
	}
	for name, text := range evalBytes {
		writeTestFile(t, filepath.Join(dir, name), text)
	}
}

func writeTestFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// word is an argument: '...', in which two quotes are one, or anything up to a space.
var word = regexp.MustCompile(`'((?:[^']|'')*)'|[^ ]+`)

func words(line string) []string {
	var out []string
	for _, m := range word.FindAllStringSubmatch(line, -1) {
		if strings.HasPrefix(m[0], "'") {
			m[0] = strings.ReplaceAll(m[1], "''", "'")
		}
		out = append(out, m[0])
	}
	return out
}

// listFiles gives the mode and content of all that lies in a folder or beside it.
func listFiles(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(filepath.Dir(dir), func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		text := []byte(nil)
		switch {
		case info.Mode().IsRegular():
			text, err = os.ReadFile(name)
		case info.Mode()&fs.ModeSymlink != 0:
			target, linkErr := os.Readlink(name)
			text, err = []byte("-> "+target), linkErr
		}
		files[name] = info.Mode().String() + " " + string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// difference says what differs, "" where nothing does.
func (r evalResult) difference(want evalResult) string {
	var b strings.Builder
	if r.code != want.code {
		fmt.Fprintf(&b, "exit code %d, want %d\n", r.code, want.code)
	}
	if r.stdout != want.stdout {
		fmt.Fprintf(&b, "stdout\n%s\nwant\n%s\n", r.stdout, want.stdout)
	}
	names := map[string]bool{}
	for _, files := range []map[string]string{r.files, want.files} {
		for name := range files {
			names[name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if r.files[name] != want.files[name] {
			fmt.Fprintf(&b, "file %s is\n%q, want\n%q\n", name, r.files[name], want.files[name])
		}
	}
	return b.String()
}
