{
  apiVersion: 'v1'
  kind: 'ConfigMap', ### "3: expected `,` or `}` after a field, found `kind`; put a comma at the end of the field before"
  data: { a: 1 b: 2, c: 3 4 }, ### "16: expected `,` or `}` after a field, found `b`" "27: expected `,` or `}` after a field, found `4`"
}
---
local a = import 'x'
local b = 2; ### "1: expected `,` or `;` after a variable, found `local`; a local ends with `;`, before the expression that uses it"
{ a: a, c: b c } ### "14: expected `,` or `}` after a field, found `c`"
---
local a = {
  b: 1,
  c: [1, 2,
}; ### "1: expected an expression, found `}`; `\\[` is not closed at 6"
{ x: a, y: 1 2 } ### "14: expected `,` or `}` after a field, found `2`"
---
{
  a: 1 = 2, ### "8: expected an operator, found `=`; `==` compares"
  b: 3 + , ### "10: expected an expression, found `,`"
  c: (4 + 5, d: 6, ### "12: expected `\\)`, found `,`"
}
---
{
  a: 1 ==-1, ### "8: expected an operator, found `=`; put a space between `==` and `-`"
  b:: 1,
  c: a &&!b, ### "9: expected an expression, found `&`; put a space between `&` and `!`"
  d:: $.a,
  e: f(1 === 2), ### "10: expected an operator, found `===`; `==` compares"
  f: 1 |= 2, ### "8: expected an operator, found `\\|=`"
}
---
[
  a::-1, ### "4: expected `,` or `]` after an element, found `:`; put a space between `::` and `-`"
  b:, ### "4: expected `,` or `]` after an element, found `:`"
  c+:, ### "4: expected an operator, found `\\+:`"
  !, ### "4: expected an expression, found `,`"
]
---
{
  error: 1, ### "3: `error` is a word of the language; as a field's name it stands in quotes: 'error'"
  if: 2, ### "3: `if` is a word of the language; as a field's name it stands in quotes: 'if'"
  self: 3, in: 4, ### "3: `self` is a word of the language; as a field's name it stands in quotes: 'self'" "12: `in` is a word of the language; as a field's name it stands in quotes: 'in'"
  5: 6, ### "3: expected a field, found `5`"
  -: 7, ### "3: expected a field, found `-:`"
  a: 8,, ### "8: expected a field, found `,`"
}
---
local x = 1 2, y = 3; x ### "13: expected `,` or `;` after a variable, found `2`; a local ends with `;`, before the expression that uses it"
---
local x = 1 2, y; x ### "13: expected `,` or `;` after a variable, found `2`; a local ends with `;`, before the expression that uses it"
---
local x = [1 2; x ### "14: expected `,` or `]` after an element, found `2`"
---
local f(x, 1, y) = x + y; f(1, 2 3, 4) ### "12: expected a parameter's name, found `1`" "34: expected `,` or `\\)` after an argument, found `3`"
---
local 1 = 2; x ### "7: expected a variable's name, found `1`"
---
local x y; z ### "9: expected `=`, found `y`"
---
local x = 1,; z ### "13: expected a variable's name, found `;`"
---
local x = 1 z ### "13: expected `,` or `;` after a variable, found `z`; a local ends with `;`, before the expression that uses it"
---
local x = 1
assert true; ### "1: expected `,` or `;` after a variable, found `assert`; a local ends with `;`, before the expression that uses it"
x
---
assert true; assert false
--- ### "1: expected `;` after an assert, found the end of the file"
{
  a: 1, a: 2, ### "9: the field `a` is defined twice; the first one at 3"
  "a": 3, ### "3: the field `a` is defined twice; the first one at 3"
  @'a'(): 4, ### "3: the field `a` is defined twice; the first one at 3"
  local b = 1, local b = 2, ### "22: the variable `b` is defined twice; the first one at 9"
  b: local c = 1, c = 2; c, ### "19: the variable `c` is defined twice; the first one at 12"
  "\u0061": 5, "\u0061": 6, ### "16: the field `a` is defined twice; the first one at 3"
}
---
{ "\u0061": 1, a: 2, "\n": 3, @'\n': 4 } ### "31: the field `\\\\n` is defined twice"
---
{
  a: 1.x, ### "8: expected a digit, found `x`"
  b: 2e, ### "8: expected a digit, found `,`"
  c: 1_, ### "8: expected a digit, found `,`"
  d: 0_1, ### "7: a number cannot start with `0_`"
  e: 1e+ , ### "9: expected a digit, found ` `"
  f: 1__0, ### "8: expected a digit, found `_`"
  g: ?, ### "6: unexpected character `\\?`; a condition is `if a then b else c`"
  h: “x”, ### "6: unexpected character `“`; strings stand in straight quotes: \" or '" "8: unexpected character `”`; strings stand in straight quotes: \" or '"
  i: 01, ### "7: expected `,` or `}` after a field, found `1`"
}
---
[1 for x in [1] if] ### "19: expected an expression, found `]`"
---
[1, 2 for x in y] ### "7: expected `,` or `]` after an element, found `for`"
---
[1 for x in y z] ### "15: expected `for`, `if` or the end of the comprehension, found `z`"
---
[1 for x y] ### "10: expected `in`, found `y`"
---
[1 for 1 in y] ### "8: expected a variable's name, found `1`"
---
{ a: 1 for k in [] } ### "8: the name of an object comprehension's field must be computed; write { \\[name]: value for x in xs }"
---
{ for k in [] } ### "3: an object comprehension has exactly one field; write { \\[name]: value for x in xs }"
---
{ [k]: 1, [l]: 2 for k in [] } ### "18: an object comprehension has exactly one field; write { \\[name]: value for x in xs }"
---
{ a: 1, a: 2, for k in [] } ### "9: the field `a` is defined twice; the first one at 3" "15: an object comprehension has exactly one field; write { \\[name]: value for x in xs }"
----
{ [k]:: 1 for k in [] } ### "11: the field of an object comprehension takes `:`"
---
{ [k]: 1, assert true for k in [] } ### "23: an object comprehension cannot have asserts"
---
{
  a: 'it\'s \q', ### "6: unknown escape `\\\\q` in a string; write `\\\\\\\\` for a backslash, or a verbatim string: @'...'"
  b: "\u12", ### "6: `\\\\u` without four hexadecimal digits in a string"
  c: "\ud83d", ### "6: half of a surrogate pair in a string; write the character itself, or both halves: `\\\\ud83d\\\\ude00`"
  d: "\ud83d\u12", ### "6: `\\\\u` without four hexadecimal digits in a string"
  e: "\ud83dx", f: 1 2, ### "6: half of a surrogate pair in a string; write the character itself, or both halves: `\\\\ud83d\\\\ude00`" "22: expected `,` or `}` after a field, found `2`"
}
---
{ a: "not closed } ### "6: the string does not end; close it with `\"`"
---
@x ### "1: expected a quote after `@`, found `x`; a verbatim string is @'...' or @\"...\""
---
{ a: @'x' 'y', b: @"z } ### "11: expected `,` or `}` after a field, found `'y'`" "19: the string does not end; close it with `\"`"
---
/* not closed ### "1: the comment does not end; close it with `\\*/`"
{}
---
{
  a: |||x ### "6: expected a new line after `\\|\\|\\|`"
    text
  |||,
  b: ||| ### "6: the text block does not end; close it with a line of `\\|\\|\\|`; each line of the text must start with the white space of the first"
    text
  not indented
  |||,
  c: ||| ### "6: the first line of a text block must start with white space; indent the text"
not indented
  |||,
  d: 1 2, ### "8: expected `,` or `}` after a field, found `2`"
}
---
{ a: ||| ### "6: the text block does not end; close it with a line of `\\|\\|\\|`; each line of the text must start with the white space of the first"
    text
---
a and b ### "3: expected the end of the file, found `and`; write `&&`"
---
not a ### "5: expected the end of the file, found `a`"
---
if a { b } ### "10: expected `:` after a field's name, found `}`; a field is written name: value"
--- ### "1: expected `then`, found the end of the file"
if a thn b ### "6: expected `then`, found `thn`"
---
{ a: if x then y els z, b: 1 2 } ### "18: expected `,` or `}` after a field, found `els`" "30: expected `,` or `}` after a field, found `2`"
---
import 'a' + 'b' ### "8: the file of an import must be a plain string; jsonnet finds all imports before it evaluates; put parentheses around the import if its value is meant"
---
[import ||| ### "9: the file of an import cannot be a text block; write it in quotes"
  a
|||]
---
import
--- ### "1: expected an expression, found the end of the file"
function(x, y=1, ) x } ### "22: expected the end of the file, found `}`"
---
function x ### "10: expected `\\(`, found `x`"
---
function(x y) x ### "12: expected `,` or `\\)` after a parameter, found `y`"
---
local a = 1
{ b: a }
--- ### "1: expected `,` or `;` after a variable, found the end of the file; a local ends with `;`, before the expression that uses it"
super ### "1: expected `.` or `\\[` after `super`; super stands for the object on the left of `\\+`: write `super.name`"
---
{ a: super, b: super.x.1, c: super[1 } ### "6: expected `.` or `\\[` after `super`; super stands for the object on the left of `\\+`: write `super.name`" "24: expected a field's name, found `1`" "38: expected `]`, found `}`; `\\[` is not closed at 35"
---
f(a=1, 2, b=3, 4) ### "8: a positional argument after a named one; give it its name, or put it before the named ones" "16: a positional argument after a named one; give it its name, or put it before the named ones"
---
f(1 2 ### "5: expected `,` or `\\)` after an argument, found `2`"
---
x[1:2:3:4] ### "8: a slice has at most two colons; write \\[from:to:step]"
---
[x[], x[1 2], x[1::2:], x[:::]] ### "4: expected an index, found `]`" "11: expected `]`, found `2`" "21: a slice has at most two colons; write \\[from:to:step]" "27: expected an expression, found `:::`"
---
{ a+(x): 1, b+: 2, c(x)+: 3, d+ : 4, e = 5, f 6, g } ### "4: expected `:` after a field's name, found `\\+`; a field is written name: value" "20: a method cannot have `\\+:`; write `:` and use `super` in its body" "31: expected `:` after a field's name, found `\\+`; a field is written name: value" "40: expected `:` after a field's name, found `=`; a field is written name: value" "47: expected `:` after a field's name, found `6`; a field is written name: value" "52: expected `:` after a field's name, found `}`; a field is written name: value"
---
{
  a: 1,
  b: [1, 2}], ### "11: expected `,` or `]` after an element, found `}`; `\\[` is not closed at 6"
  c: 3 4,
}
---
{ a: [1, (2 } ### "13: expected `\\)`, found `}`; `\\(` is not closed at 10"
---
{a:1}} ### "6: expected the end of the file, found `}`"
---
1 2 "unclosed ### "3: expected the end of the file, found `2`" "5: the string does not end; close it with `\"`"
---
a.1 ### "3: expected a field's name, found `1`"
---
a."b" ### "3: expected a field's name, found `\"b\"`"
---
x in super + y ### "12: expected the end of the file, found `\\+`"
---
tailstrict ### "1: expected an expression, found `tailstrict`"
---
( ) ### "3: expected an expression, found `\\)`"
---
(1, 2) ### "3: expected `\\)`, found `,`"
---
[1,,2] ### "4: expected an expression, found `,`"
---
# nothing
--- ### "1: expected an expression, found the end of the file"
[1 }, 3 4] ### "4: expected `,` or `]` after an element, found `}`; `\\[` is not closed at 1" "9: expected `,` or `]` after an element, found `4`"
---
{ a: 1 2, b: é } ### "8: unexpected character U\\+007F" "15: unexpected character `é`"
---
