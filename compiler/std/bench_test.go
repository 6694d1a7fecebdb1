package std_test

import "testing"

// BenchmarkStd runs programs that spend their time in functions of std.
func BenchmarkStd(b *testing.B) {
	data := "local data = { ['key' + i]: { name: 'name-%d' % i, labels: { app: 'web', tier: 'ä' }, ports: [80, 443, i], on: true, text: 'a\\nb\\n' } for i in std.range(1, 300) };"
	for name, code := range map[string]string{
		"formatInt":      "std.length(std.map(function(i) 'item-%d: %s' % [i, 'x'], std.range(1, 10000))) + std.length(std.join('', std.map(function(i) 'item-%d: %s' % [i, 'x'], std.range(1, 10000))))",
		"formatFloat":    "std.length(std.join('', std.map(function(i) '%.2f|%5d|%x' % [i / 3, i, i], std.range(1, 10000))))",
		"formatObject":   "std.length(std.join('', std.map(function(i) '%(a)s-%(b)05d' % { a: 'x', b: i }, std.range(1, 10000))))",
		"manifestJson":   data + "std.length(std.manifestJsonEx(data, '  '))",
		"manifestYaml":   data + "std.length(std.manifestYamlDoc(data, quote_keys=false))",
		"manifestToml":   data + "std.length(std.manifestToml(data))",
		"manifestPython": data + "std.length(std.manifestPython(data))",
		"parseJson":      data + "std.length(std.parseJson(std.manifestJsonMinified(data)))",
		"strReplace":     "std.length(std.strReplace(std.repeat('abcä', 50000), 'ä', 'xy'))",
		"split":          "std.length(std.split(std.repeat('abc,', 50000), ','))",
		"findSubstr":     "std.length(std.findSubstr('aa', std.repeat('a', 100000)))",
		"stringChars":    "std.foldl(function(a, c) a + std.codepoint(c), std.stringChars(std.repeat('abc', 10000)), 0)",
		"asciiUpper":     "std.length(std.asciiUpper(std.repeat('abc', 100000)))",
		"substr":         "local s = std.repeat('abc', 1000); std.foldl(function(a, i) a + std.length(std.substr(s, i, 3)), std.range(1, 2900), 0)",
		"startsWith":     "local s = std.repeat('abc', 1000); std.length(std.filter(function(i) std.startsWith(s, 'abc') && std.endsWith(s, 'c'), std.range(1, 10000)))",
		"base64":         "std.length(std.base64Decode(std.base64(std.repeat('abc', 100000))))",
		"max":            "std.foldl(function(a, i) std.max(a, std.abs(i)), std.range(1, 10000), 0)",
	} {
		b.Run(name, func(b *testing.B) {
			differ(b, code)
			b.ReportAllocs()
			for b.Loop() {
				ours(code)
			}
		})
	}
}
