local hello = 1;
helo  ### "CP2002: unknown variable `helo`; did you mean `hello`\\?"
---
function(replicas) replcas  ### "CP2002: unknown variable `replcas`; did you mean `replicas`\\?"
---
{ f(name):: nam }.f('x')  ### "did you mean `name`\\?"
---
[item for item in [1] if itme > 0]  ### "did you mean `item`\\?"
---
xyz  ### "CP2002: unknown variable `xyz`; ; $"
---
{ a: self.b, b: 1 } + self  ### "CP2002: can't use self outside of an object; ; $"
---
{
  a: 1
  b: 2,  ### "CP2001: expected a comma before next field"
}
---
'é' + 'ö' + nope  ### "unknown variable `nope`"
---
{ a: { b: [0, error 'broken'] } }  ### "CP3001: broken; ; a\\.b\\[1\\]"
---
{ a: error '' }  ### "CP3001: the program raised an error without a message"
---
{ assert self.a > 1 : 'a is small', a: 1 }  ### "CP3001: a is small"
---
error { kind: 'object' }  ### "CP3001: .\"kind\": \"object\".; "
---
local params = { name: 'web' };
params.nmae  ### "CP3001: Field does not exist: nmae"
---
local f(n) = 1 + f(n + 1);  ### "CP3003: the evaluation nests deeper than the limit of stack frames; look for a function"
f(0)
---
import 'lib.libsonet'  ### "CP3002: import `lib.libsonet` is not there; did you mean `lib.libsonnet`\\? \\(testdata/lib/lib.libsonnet\\)"
---
importstr 'not/there.txt'  ### "CP3002: import `not/there.txt` is not there; looked for not/there.txt, testdata/lib/not/there.txt"
---
importbin 'not/there.bin'  ### "CP3002: import `not/there.bin` is not there"
---
import 'folder'  ### "CP3002: import `folder` cannot be read: is a directory; `testdata/lib/folder` is a folder; an import names a file"
---
import 'lib.libsonnet/x'  ### "CP3002: import `lib.libsonnet/x` cannot be read: not a directory; look at `testdata/lib/lib.libsonnet/x`"
---
local lib = import 'lib.libsonnet';
lib.checked(70000)  ### "CP3001: port 70000 is too high"
---
std.extVar('broken')  ### "in <extvar:broken>:1:1: CP2001: unexpected: "
---
std.extVar('unbound')  ### "in <extvar:unbound>:1:5: CP2002: unknown variable `name`"
---
std.extVar('fails')  ### "in <extvar:fails>:1:1: CP3001: inner"
---
std.extVar('missing')  ### "in <extvar:missing>:1:1: CP3002: import `nowhere.txt` is not there"
---
std.extVar('unknown')  ### "CP3001: Undefined external variable: unknown"
---
import 'broken.libsonnet'  ### "in testdata/lib/broken.libsonnet:3:3: CP2001: expected a comma before next field"
---
(import 'unbound.libsonnet').a  ### "in testdata/lib/unbound.libsonnet:1:6: CP2002: unknown variable `nothing`"
---
std.native('fail')()  ### "CP3001: native failure"
---
std.native('one')()  ### "CP3001: Missing argument: x"
---
std.native('one')(1, 2)  ### "CP3001: function expected 1 positional argument.s., but got 2"
---
std.native('nowhere')(1)  ### "CP3001: Unexpected type null, expected function"
---
std.native('crash')()  ### "CP3001: native function .crash. panicked: native panic"
