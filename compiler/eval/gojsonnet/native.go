package gojsonnet

import (
	jsonnet "github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"

	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/value"
)

func nativeFunction(n eval.Native) *jsonnet.NativeFunction {
	params := make(ast.Identifiers, len(n.Params))
	for i, name := range n.Params {
		params[i] = ast.Identifier(name)
	}
	return &jsonnet.NativeFunction{
		Name:   n.Name,
		Params: params,
		Func: func(given []any) (any, error) {
			args := make([]value.Value, len(given))
			for i, arg := range given {
				args[i] = value.FromGo(arg)
			}
			result, err := n.Call(args)
			if err != nil {
				return nil, err
			}
			return result.ToGo(), nil
		},
	}
}
