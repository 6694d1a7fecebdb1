package std

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"unicode/utf8"

	"github.com/couplet-k8s/couplet/compiler/eval"
)

func encodeBuiltins() []*eval.Builtin {
	return []*eval.Builtin{
		unary("encodeUTF8", "str", encodeUTF8),
		unary("decodeUTF8", "arr", decodeUTF8),
		unary("base64", "input", encodeBase64),
		unary("base64Decode", "str", decodeBase64),
		unary("base64DecodeBytes", "str", decodeBase64Bytes),
		digest("md5", func(b []byte) []byte { sum := md5.Sum(b); return sum[:] }),
		digest("sha1", func(b []byte) []byte { sum := sha1.Sum(b); return sum[:] }),
		digest("sha256", func(b []byte) []byte { sum := sha256.Sum256(b); return sum[:] }),
		digest("sha512", func(b []byte) []byte { sum := sha512.Sum512(b); return sum[:] }),
		digest("sha3", func(b []byte) []byte { sum := sha3.Sum512(b); return sum[:] }),
	}
}

func digest(name string, sum func(b []byte) []byte) *eval.Builtin {
	return unary(name, "s", func(m *eval.Machine, s eval.Value) eval.Value {
		wantString(m, name, "s", s)
		return eval.ASCII(hex.EncodeToString(sum(s.Bytes())))
	})
}

func encodeUTF8(m *eval.Machine, str eval.Value) eval.Value {
	wantString(m, "encodeUTF8", "str", str)
	return bytesOf(str.Bytes())
}

// bytesOf is bytes as an array of numbers.
func bytesOf(b []byte) eval.Value {
	return eval.NewView(len(b), func(_ *eval.Machine, i int) eval.Value { return eval.Number(float64(b[i])) })
}

func decodeUTF8(m *eval.Machine, arr eval.Value) eval.Value {
	return decoded(byteElements(m, "decodeUTF8", "arr", wantArray(m, "decodeUTF8", "arr", arr)))
}

func byteElements(m *eval.Machine, function, param string, a *eval.Array) []byte {
	m.Allocate(a.Len())
	b := make([]byte, a.Len())
	for i := range b {
		m.Round(i)
		v := a.At(m, i)
		if !v.IsNumber() {
			m.Fail("std.%s: the elements of `%s` must be numbers, but element %d is %s", function, param, i, v.TypeName())
		}
		f := v.Float()
		b[i] = byte(int64(f))
		if float64(b[i]) != f {
			m.Fail("std.%s: the elements of `%s` must be integers from 0 to 255, but element %d is %s",
				function, param, i, numberText(f))
		}
	}
	return b
}

// decoded makes a string of bytes that need not be UTF-8: each one that is not becomes
// U+FFFD. It owns them from now on.
func decoded(b []byte) eval.Value {
	if utf8.Valid(b) {
		return eval.TextOf(b)
	}
	return eval.String(string([]rune(string(b))))
}

// encodeBase64 encodes an array of bytes, or the UTF-8 of a string none of whose code
// points is above 255.
func encodeBase64(m *eval.Machine, input eval.Value) eval.Value {
	var b []byte
	switch input.Kind() {
	case eval.StringKind:
		b = input.Bytes()
		if !input.IsASCII() {
			checkLatin(m, input.Text())
		}
	case eval.ArrayKind:
		b = byteElements(m, "base64", "input", input.Array())
	default:
		failArgument(m, "base64", "input", "a string or an array of bytes", input)
	}
	m.Allocate(base64.StdEncoding.EncodedLen(len(b)))
	return eval.ASCII(base64.StdEncoding.EncodeToString(b))
}

func checkLatin(m *eval.Machine, s string) {
	for _, r := range s {
		if r > 255 {
			m.Fail("std.base64: `input` must have no code point above 255, but has %q", r)
		}
	}
}

func decodeBase64(m *eval.Machine, str eval.Value) eval.Value {
	return decoded(base64Bytes(m, "base64Decode", str))
}

func decodeBase64Bytes(m *eval.Machine, str eval.Value) eval.Value {
	return bytesOf(base64Bytes(m, "base64DecodeBytes", str))
}

func base64Bytes(m *eval.Machine, function string, str eval.Value) []byte {
	s := wantString(m, function, "str", str)
	if len(s)%4 != 0 {
		m.Fail("std.%s: `str` is not base64: its length %d is not a multiple of 4", function, len(s))
	}
	m.Allocate(len(s))
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		m.Fail("std.%s: `str` is not base64: %v", function, err)
	}
	return b
}
