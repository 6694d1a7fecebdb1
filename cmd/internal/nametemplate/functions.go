package nametemplate

import (
	"cmp"
	"errors"
	"fmt"
	"text/template"
)

// builtins are the functions of text/template, but for call, which data cannot need, and
// for and and or, which need not look at all their arguments.
var builtins = map[string]Function{
	"not":      one(func(v any) (any, error) { return !truth(v), nil }),
	"len":      one(length),
	"index":    index,
	"slice":    slice,
	"print":    func(args []any) (any, error) { return fmt.Sprint(args...), nil },
	"println":  func(args []any) (any, error) { return fmt.Sprintln(args...), nil },
	"printf":   printf,
	"html":     func(args []any) (any, error) { return template.HTMLEscaper(args...), nil },
	"js":       func(args []any) (any, error) { return template.JSEscaper(args...), nil },
	"urlquery": func(args []any) (any, error) { return template.URLQueryEscaper(args...), nil },
	"eq":       equal,
	"ne": two(func(a, b any) (any, error) {
		same, err := equal([]any{a, b})
		return same == false, err
	}),
	"lt": two(func(a, b any) (any, error) { n, err := compared(a, b); return n < 0, err }),
	"le": two(func(a, b any) (any, error) { n, err := compared(a, b); return n <= 0, err }),
	"gt": two(func(a, b any) (any, error) { n, err := compared(a, b); return n > 0, err }),
	"ge": two(func(a, b any) (any, error) { n, err := compared(a, b); return n >= 0, err }),
}

// Text is a function of one text.
func Text(f func(string) string) Function {
	return one(func(v any) (any, error) {
		text, ok := v.(string)
		if !ok {
			return nil, fmt.Errorf("want a text, found %s", written(v))
		}
		return f(text), nil
	})
}

func one(f func(any) (any, error)) Function {
	return func(args []any) (any, error) {
		if len(args) != 1 {
			return nil, fmt.Errorf("wrong number of args: want 1 got %d", len(args))
		}
		return f(args[0])
	}
}

func two(f func(a, b any) (any, error)) Function {
	return func(args []any) (any, error) {
		if len(args) != 2 {
			return nil, fmt.Errorf("wrong number of args: want 2 got %d", len(args))
		}
		return f(args[0], args[1])
	}
}

// truth tells whether a value is not the empty one of its kind.
func truth(v any) bool {
	switch v := v.(type) {
	case bool:
		return v
	case int:
		return v != 0
	case float64:
		return v != 0
	case string:
		return v != ""
	case []any:
		return len(v) > 0
	case map[string]any:
		return len(v) > 0
	}
	return false
}

// written is a value as the template's text has it.
func written(v any) string {
	if v == nil {
		return "<no value>"
	}
	return fmt.Sprint(v)
}

func length(v any) (any, error) {
	switch v := v.(type) {
	case string:
		return len(v), nil
	case []any:
		return len(v), nil
	case map[string]any:
		return len(v), nil
	}
	return nil, fmt.Errorf("len of %s", written(v))
}

// index follows keys and positions into a value.
func index(args []any) (any, error) {
	if len(args) == 0 {
		return nil, errors.New("wrong number of args: want at least 1")
	}
	v := args[0]
	for _, at := range args[1:] {
		key, isKey := at.(string)
		i, isPosition := at.(int)
		object, isObject := v.(map[string]any)
		length, err := length(v)
		switch {
		case isObject && isKey:
			v = object[key]
			continue
		case err != nil || isObject || !isPosition:
			return nil, fmt.Errorf("cannot index %s with %s", written(v), written(at))
		case i < 0 || i >= length.(int):
			return nil, fmt.Errorf("index out of range: %d", i)
		}
		if text, ok := v.(string); ok {
			v = int(text[i])
		} else {
			v = v.([]any)[i]
		}
	}
	return v, nil
}

// slice is x[i:j], x[i:] or x[:] of a string or an array.
func slice(args []any) (any, error) {
	if len(args) == 0 || len(args) > 3 {
		return nil, errors.New("wrong number of args: want 1 to 3")
	}
	n, err := length(args[0])
	_, isObject := args[0].(map[string]any)
	if err != nil || isObject {
		return nil, fmt.Errorf("can't slice %s", written(args[0]))
	}
	bounds := [2]int{0, n.(int)}
	for k, at := range args[1:] {
		i, ok := at.(int)
		if !ok || i < 0 || i > n.(int) {
			return nil, fmt.Errorf("index out of range: %s", written(at))
		}
		bounds[k] = i
	}
	if bounds[0] > bounds[1] {
		return nil, fmt.Errorf("invalid slice index: %d > %d", bounds[0], bounds[1])
	}
	if text, ok := args[0].(string); ok {
		return text[bounds[0]:bounds[1]], nil
	}
	return args[0].([]any)[bounds[0]:bounds[1]], nil
}

func printf(args []any) (any, error) {
	if len(args) == 0 {
		return nil, errors.New("wrong number of args: want at least 1")
	}
	format, ok := args[0].(string)
	if !ok {
		return nil, fmt.Errorf("the format is %s and no string", written(args[0]))
	}
	return fmt.Sprintf(format, args[1:]...), nil
}

// equal tells whether the first of its arguments equals any other.
func equal(args []any) (any, error) {
	if len(args) < 2 {
		return nil, errors.New("missing argument for comparison")
	}
	for _, other := range args[1:] {
		if args[0] == nil || other == nil {
			if args[0] == nil && other == nil {
				return true, nil
			}
			continue
		}
		a, isBool := args[0].(bool)
		if b, ok := other.(bool); ok && isBool {
			if a == b {
				return true, nil
			}
			continue
		}
		n, err := compared(args[0], other)
		if err != nil || n == 0 {
			return err == nil, err
		}
	}
	return false, nil
}

// compared is negative, 0 or positive: two numbers or two strings have an order.
func compared(a, b any) (int, error) {
	x, isNumber := float(a)
	y, areNumbers := float(b)
	if isNumber && areNumbers {
		return cmp.Compare(x, y), nil
	}
	s, isString := a.(string)
	t, areStrings := b.(string)
	if isString && areStrings {
		return cmp.Compare(s, t), nil
	}
	return 0, fmt.Errorf("%s and %s cannot be compared", written(a), written(b))
}

func float(v any) (float64, bool) {
	switch v := v.(type) {
	case int:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}
