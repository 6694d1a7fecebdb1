package gojsonnet

import (
	"strconv"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/value"
)

// parseJSON reads the text that go-jsonnet printed. It is well-formed by
// construction, its object keys are unique, and every number is a float64 written so
// that it reads back the same.
func parseJSON(text string) value.Value {
	p := jsonText{text: text}
	return p.value()
}

type jsonText struct {
	text string
	at   int
}

func (p *jsonText) space() {
	for p.at < len(p.text) && strings.IndexByte(" \n\t\r,:", p.text[p.at]) >= 0 {
		p.at++
	}
}

func (p *jsonText) value() value.Value {
	p.space()
	switch p.text[p.at] {
	case 'n':
		p.at += len("null")
		return value.Null
	case 't':
		p.at += len("true")
		return value.Bool(true)
	case 'f':
		p.at += len("false")
		return value.Bool(false)
	case '"':
		return value.String(p.str())
	case '[':
		return p.array()
	case '{':
		return p.object()
	}
	return p.number()
}

func (p *jsonText) array() value.Value {
	p.at++
	var items []value.Value
	for p.space(); p.text[p.at] != ']'; p.space() {
		items = append(items, p.value())
	}
	p.at++
	return value.Array(items...)
}

func (p *jsonText) object() value.Value {
	p.at++
	var fields []value.Field
	for p.space(); p.text[p.at] != '}'; p.space() {
		name := p.str()
		fields = append(fields, value.Field{Name: name, Value: p.value()})
	}
	p.at++
	return value.Object(fields...)
}

func (p *jsonText) number() value.Value {
	start := p.at
	for p.at < len(p.text) && strings.IndexByte(" \n,]}", p.text[p.at]) < 0 {
		p.at++
	}
	f, _ := strconv.ParseFloat(p.text[start:p.at], 64)
	return value.Number(f)
}

func (p *jsonText) str() string {
	p.at++
	start := p.at
	for p.text[p.at] != '"' && p.text[p.at] != '\\' {
		p.at++
	}
	if p.text[p.at] == '"' {
		p.at++
		return p.text[start : p.at-1]
	}
	b := []byte(p.text[start:p.at])
	for p.text[p.at] != '"' {
		if p.text[p.at] == '\\' {
			b = p.escape(b)
			continue
		}
		b = append(b, p.text[p.at])
		p.at++
	}
	p.at++
	return string(b)
}

// escape reads one of the escapes that go-jsonnet writes: it keeps all but control
// characters as they are, so that \u never stands for half of a surrogate pair.
func (p *jsonText) escape(b []byte) []byte {
	c := p.text[p.at+1]
	p.at += 2
	if c != 'u' {
		if i := strings.IndexByte("bfnrt", c); i >= 0 {
			c = "\b\f\n\r\t"[i]
		}
		return append(b, c)
	}
	code, _ := strconv.ParseUint(p.text[p.at:p.at+4], 16, 32)
	p.at += 4
	return append(b, string(rune(code))...)
}
