package value

// FromGo takes the forms that encoding/json decodes into an any: nil, bool, float64,
// string, []any and map[string]any. Anything else counts as null.
func FromGo(v any) Value {
	switch v := v.(type) {
	case bool:
		return Bool(v)
	case float64:
		return Number(v)
	case string:
		return String(v)
	case []any:
		items := make([]Value, len(v))
		for i, item := range v {
			items[i] = FromGo(item)
		}
		return Array(items...)
	case map[string]any:
		fields := make([]Field, 0, len(v))
		for name, member := range v {
			fields = append(fields, Field{Name: name, Value: FromGo(member)})
		}
		return Object(fields...)
	}
	return Null
}

// ToGo gives the forms that encoding/json decodes into an any.
func (v Value) ToGo() any {
	switch v.kind {
	case KindBool:
		return v.Bool()
	case KindNumber:
		return v.Float()
	case KindString:
		return v.Str()
	case KindArray:
		items := make([]any, len(v.Items()))
		for i, item := range v.Items() {
			items[i] = item.ToGo()
		}
		return items
	case KindObject:
		members := make(map[string]any, len(v.Fields()))
		for _, f := range v.Fields() {
			members[f.Name] = f.Value.ToGo()
		}
		return members
	}
	return nil
}
