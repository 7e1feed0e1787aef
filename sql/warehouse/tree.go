package warehouse

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
)

// node is an object of DuckDB's own syntax tree.
type node = map[string]any

// syntaxError is what DuckDB's parser says about a text.
type syntaxError struct {
	message  string
	position int // Byte offset, -1 when it is not known.
	kind     string
}

func (e *syntaxError) Error() string { return e.message }

// parseSQL returns the syntax trees of the statements of a text. A text that does not parse, or holds anything but SELECT,
// is a *syntaxError.
func parseSQL(ctx context.Context, on *sql.DB, text string) ([]any, error) {
	var out string
	row := on.QueryRowContext(ctx, "SELECT CAST(json_serialize_sql(CAST(? AS VARCHAR)) AS VARCHAR)", text)
	if err := row.Scan(&out); err != nil {
		return nil, translate(ctx, err, "")
	}
	decoder := json.NewDecoder(bytes.NewReader([]byte(out)))
	decoder.UseNumber()
	var answer node
	if err := decoder.Decode(&answer); err != nil {
		return nil, fmt.Errorf("read syntax tree: %w", err)
	}
	if failed, _ := answer["error"].(bool); failed {
		e := &syntaxError{message: str(answer, "error_message"), kind: str(answer, "error_type"), position: -1}
		if at, err := json.Number(fmt.Sprint(answer["position"])).Int64(); err == nil {
			e.position = int(at)
		}
		return nil, e
	}
	statements, ok := answer["statements"].([]any)
	if !ok {
		return nil, errors.New("read syntax tree: it has no statements")
	}
	return statements, nil
}

// printSQL returns the text of a statement's tree.
func printSQL(ctx context.Context, on *sql.DB, statement any) (string, error) {
	tree, err := json.Marshal(node{"error": false, "statements": []any{statement}})
	if err != nil {
		return "", fmt.Errorf("write syntax tree: %w", err)
	}
	var out string
	row := on.QueryRowContext(ctx, "SELECT json_deserialize_sql(CAST(? AS JSON))", string(tree))
	if err := row.Scan(&out); err != nil {
		return "", translate(ctx, err, "")
	}
	return out, nil
}

// sameTree reports whether two trees mean the same: all but the places in the text, and whether a function was written
// as an operator, is equal.
func sameTree(a, b any) bool {
	switch a := a.(type) {
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for i := range a {
			if !sameTree(a[i], b[i]) {
				return false
			}
		}
		return true
	case node:
		b, ok := b.(node)
		if !ok || len(a) != len(b) {
			return false
		}
		for key, value := range a {
			if key != "query_location" && key != "is_operator" && !sameTree(value, b[key]) {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(a, b)
}

// str returns a text property, or "".
func str(n node, key string) string {
	s, _ := n[key].(string)
	return s
}

// texts returns a property that is a list of texts.
func texts(n node, key string) []string {
	list, _ := n[key].([]any)
	out := make([]string, 0, len(list))
	for _, item := range list {
		if s, ok := item.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// location returns where a node stands in the text as a byte offset, or -1.
func location(n node, size int) int {
	number, ok := n["query_location"].(json.Number)
	if !ok {
		return -1
	}
	at, err := number.Int64()
	if err != nil || at < 0 || at >= int64(size) {
		return -1
	}
	return int(at)
}

// settled returns a copy of a tree without two liberties of the printer: the parser writes a schema for its own calls, such
// as those for a list, but not for the same call written out; and VALUES in FROM comes back wrapped in a SELECT of all
// its columns.
func settled(v any) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = settled(item)
		}
		return out
	case node:
		out := make(node, len(v))
		for key, item := range v {
			out[key] = settled(item)
		}
		if values, ok := wrappedValues(out); ok {
			return values
		}
		if class := str(v, "class"); (class == "FUNCTION" || class == "WINDOW") && str(v, "schema") == "main" {
			out["schema"] = ""
		}
		return out
	}
	return v
}

// wrappedValues returns the VALUES inside of (SELECT * FROM VALUES …) AS valueslist, if that is what the node is.
func wrappedValues(n node) (values node, ok bool) {
	if str(n, "type") != "SUBQUERY" || str(n, "alias") != "valueslist" || len(texts(n, "column_name_alias")) > 0 {
		return nil, false
	}
	sub, _ := n["subquery"].(node)
	query, _ := sub["node"].(node)
	values, _ = query["from_table"].(node)
	if str(values, "type") != "EXPRESSION_LIST" {
		return nil, false
	}
	list, _ := query["select_list"].([]any)
	if len(list) != 1 || str(query, "type") != "SELECT_NODE" {
		return nil, false
	}
	star, _ := list[0].(node)
	bare := star["columns"] == false && str(star, "type") == "STAR" && nothing(star, "exclude_list", "replace_list", "expr", "rename_list", "relation_name")
	return values, bare && nothing(query, "modifiers", "where_clause", "group_expressions", "group_sets", "having", "sample", "qualify")
}

// nothing reports whether all of these properties are absent or empty.
func nothing(n node, keys ...string) bool {
	for _, key := range keys {
		switch v := n[key].(type) {
		case nil:
		case string:
			if v != "" {
				return false
			}
		case []any:
			if len(v) > 0 {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// castDoubles writes every floating point constant as a text with a cast: the printer would write 1e0 as 1.0, which reads
// as a DECIMAL.
func castDoubles(v any) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			castDoubles(item)
		}
	case node:
		value, _ := v["value"].(node)
		kind, _ := value["type"].(node)
		number, isNumber := value["value"].(json.Number)
		if id := str(kind, "id"); isNumber && str(v, "class") == "CONSTANT" && (id == "DOUBLE" || id == "FLOAT") {
			text := node{
				"class": "CONSTANT", "type": "VALUE_CONSTANT", "alias": "", "query_location": v["query_location"],
				"value": node{"type": node{"id": "VARCHAR", "type_info": nil}, "is_null": false, "value": number.String()},
			}
			delete(v, "value")
			v["class"], v["type"], v["child"], v["try_cast"] = "CAST", "OPERATOR_CAST", text, false
			v["cast_type"] = node{"id": id, "type_info": nil}
			return
		}
		for _, item := range v {
			castDoubles(item)
		}
	}
}
