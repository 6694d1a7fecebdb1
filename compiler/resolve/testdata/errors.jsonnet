local deployment = 1; deploymnt ### "23: unknown variable `deploymnt`; did you mean `deployment`\\? \\(testdata/errors.jsonnet:1:7\\)"
---
[a, b, self, super.x, $, std, "c" in super] ### "2: unknown variable `a`" "5: unknown variable `b`" "8: `self` outside an object; .*" "14: `super` outside an object; .*" "23: `\\$` outside an object; .*" "31: `super` outside an object; .*"
---
super["a" + x] ### "1: `super` outside .*" "13: unknown variable `x`"
---
function(count, size=cuont) coutn + siez ### "22: .*`cuont`; did you mean `count`\\? \\(.*:7:10\\)" "29: .*`coutn`; did you mean `count`.*" "37: .*`siez`; did you mean `size`\\? \\(.*:7:17\\)"
---
function(x) x + (function(y) x + y)(y) ### "37: unknown variable `y`"
---
local f(x) = x; f(x=xx) + x ### "21: .*" "27: unknown variable `x`"
---
[(local a = 1; a), a] ### "20: unknown variable `a`"
---
{
  local inner = 1,
  [inner]: inner, ### "4: unknown variable `inner`"
  [self.a]: self.b, ### "4: `self` outside an object; it stands for .*"
  [super.a]: super.b, ### "4: `super` outside an object; .*"
  [$.a]: $.b, ### "4: `\\$` outside an object; .*"
  assert inner == self.a : super.c,
  [{ [$.a]: $ }.b]: 1, ### "7: `\\$` outside an object; .*"
  c: { [self.a]: inner, [$.a]: super.d },
  e: inne, ### "6: .*`inne`; did you mean `inner`\\? \\(.*:16:9\\)"
  f: slef.a, ### "6: .*`slef`; did you mean `self`\\?"
}
---
{ local a = 1, b: a } { c: a } ### "28: unknown variable `a`"
---
[x + y for x in x for y in [x, y] if y] + [x] ### "17: unknown variable `x`" "32: unknown variable `y`" "44: unknown variable `x`"
---
{ local o = x, [x + o]: o + $.a + self.a, for x in [x, $, self] } ### "21: unknown variable `o`" "53: unknown variable `x`" "56: `\\$` outside .*" "59: `self` outside .*"
---
{ [$.x]: 1 for x in [] } ### "4: `\\$` outside .*"
---
{ a: { [$.x + self.y]: $ for x in $ } }
---
import 'missing.jsonnet'
---
local a = b, b = a; local sdt = 1; std.x + a
---
local name = nmae.x; ### "14: unknown variable `nmae`; did you mean `name`.*"
assert nam; name ### "8: unknown variable `nam`; did you mean `name`.*"
---
local a 1, b = 2; a + b + c ### "27: unknown variable `c`"
---
local 1a = 2; a + later + x[z] ### "19: unknown variable `later`" "27: unknown variable `x`" "29: unknown variable `z`"
---
{ a: 1 2 later = 3, b: later + lost }  ### "32: unknown variable `lost`"
---
local x = (1 + ; unknown(x) ### "18: unknown variable `unknown`"
---
[{ a: self, b: $ }, self, $, { c: $ }] ### "21: `self` outside .*" "27: `\\$` outside .*"
---
