// base64, digests and UTF-8.
local text = std.repeat('secret – Geheimnis ', 3000);
local plain = std.repeat('hello world ', 100000);
[
  std.length(std.base64Decode(std.base64(plain))),
  std.length([std.base64Decode(std.base64('secret-%d' % i)) for i in std.range(1, 8000)]),
  std.length([std.md5('x%d' % i) + std.sha256('x%d' % i) for i in std.range(1, 4000)]),
  std.length(std.decodeUTF8(std.encodeUTF8(text))),
  std.sum(std.map(std.codepoint, std.stringChars(text))),
]
