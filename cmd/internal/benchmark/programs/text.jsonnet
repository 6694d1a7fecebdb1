// Text that is taken apart, changed and put together again.
local text = std.repeat('The quick_brown.fox jumps, over the lazy dog. ', 2000);
local slug(s) = std.join('-', [w for w in std.split(std.asciiLower(std.strReplace(std.strReplace(s, '.', ' '), '_', ' ')), ' ') if w != '']);
[
  std.length(slug(text)),
  std.length(std.foldl(function(s, i) std.strReplace(s, 'a%d' % i, 'bb'), std.range(1, 200), text)),
  std.length(std.findSubstr('o', text)),
  std.foldl(function(sum, i) sum + std.codepoint(text[i]), std.range(0, 19999), 0),
  std.foldl(function(sum, i) sum + std.length(std.substr(text, i, 5)), std.range(0, 9999), 0),
  std.length(std.join('', std.map(std.asciiUpper, std.stringChars(text[:20000])))),
  std.length(std.filter(function(w) std.startsWith(w, 'j') || std.endsWith(w, 'x'), std.split(text, ' '))),
  std.length(std.stripChars(text, ' .T')),
  std.length(std.escapeStringJson(text)),
]
