package rule

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/source"
)

// text makes a fragment of a rule that stands in a file of its own.
func text(rule string) source.Fragment { return source.WholeFile(source.NewFile("rule", rule)) }

// parsed reads a rule that must be without mistakes.
func parsed(t *testing.T, rule string) Expr {
	t.Helper()
	e, list := Parse(text(rule))
	require.Empty(t, list, "%s", rule)
	require.NotNil(t, e, "%s", rule)
	return e
}

// codes returns the codes of a list in order.
func codes(list source.List) []source.Code {
	var out []source.Code
	for _, d := range list {
		out = append(out, d.Code)
	}
	return out
}

// bare returns a copy of a tree without places and, where brackets is false,
// without Paren nodes, so that trees can be compared by what they mean.
func bare(e Expr, brackets bool) Expr {
	v := reflect.ValueOf(&e).Elem()
	return copied(v, brackets).Interface().(Expr)
}

func copied(v reflect.Value, brackets bool) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.Interface:
		if v.IsNil() {
			return out
		}
		if paren, ok := reflect.TypeAssert[*Paren](v); ok && !brackets {
			return copied(reflect.ValueOf(&paren.X).Elem(), brackets)
		}
		out.Set(copied(v.Elem(), brackets))
	case reflect.Pointer:
		if !v.IsNil() {
			out.Set(reflect.New(v.Type().Elem()))
			out.Elem().Set(copied(v.Elem(), brackets))
		}
	case reflect.Slice:
		for i := range v.Len() {
			out.Set(reflect.Append(out, copied(v.Index(i), brackets)))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && v.Field(i).Type() != reflect.TypeFor[source.Span]() {
				out.Field(i).Set(copied(v.Field(i), brackets))
			}
		}
	default:
		out.Set(v)
	}
	return out
}

// every calls visit for all places of a tree: those of nodes and of words,
// durations, windows and moments inside them.
func every(e Expr, visit func(source.Span)) { spans(reflect.ValueOf(&e).Elem(), visit) }

func spans(v reflect.Value, visit func(source.Span)) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if !v.IsNil() {
			spans(v.Elem(), visit)
		}
	case reflect.Slice:
		for i := range v.Len() {
			spans(v.Index(i), visit)
		}
	case reflect.Struct:
		switch v.Type() {
		case reflect.TypeFor[source.Span]():
			visit(v.Interface().(source.Span))
			return
		case reflect.TypeFor[Ident]():
			if v.IsZero() {
				return
			}
		}
		for _, field := range v.Fields() {
			spans(field, visit)
		}
	default:
	}
}
