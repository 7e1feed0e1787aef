package warehouse

import (
	"fmt"
	"slices"
	"strings"

	"strata/segments/source"
)

// expressions lists the classes of expressions that may occur; where types are given, only those.
var expressions = map[string][]string{
	"BETWEEN":              {"COMPARE_BETWEEN", "COMPARE_NOT_BETWEEN"},
	"CASE":                 {"CASE_EXPR"},
	"CAST":                 {"OPERATOR_CAST"},
	"COLLATE":              {"COLLATE"},
	"COLUMN_REF":           {"COLUMN_REF"},
	"COMPARISON":           nil,
	"CONJUNCTION":          {"CONJUNCTION_AND", "CONJUNCTION_OR"},
	"CONSTANT":             {"VALUE_CONSTANT"},
	"FUNCTION":             {"FUNCTION"},
	"LAMBDA":               {"LAMBDA"},
	"LAMBDA_REF":           nil,
	"OPERATOR":             nil,
	"PARAMETER":            {"VALUE_PARAMETER"},
	"POSITIONAL_REFERENCE": {"POSITIONAL_REFERENCE"},
	"STAR":                 {"STAR"},
	"SUBQUERY":             {"SUBQUERY"},
	"WINDOW":               nil,
}

// operators lists the types of class OPERATOR.
var operators = setOf(`OPERATOR_NOT OPERATOR_IS_NULL OPERATOR_IS_NOT_NULL OPERATOR_COALESCE OPERATOR_TRY OPERATOR_UNPACK
COMPARE_IN COMPARE_NOT_IN ARRAY_EXTRACT ARRAY_SLICE ARRAY_CONSTRUCTOR STRUCT_EXTRACT ARROW GROUPING_FUNCTION OPERATOR_NULLIF`)

// parts lists the types of nodes without a class that hold nothing to judge by themselves: query nodes, references in FROM
// and modifiers. Base tables and table functions are judged apart.
var parts = setOf(`SELECT_NODE SET_OPERATION_NODE RECURSIVE_CTE_NODE JOIN SUBQUERY EMPTY EXPRESSION_LIST ORDER_MODIFIER
LIMIT_MODIFIER LIMIT_PERCENT_MODIFIER DISTINCT_MODIFIER ORDER_DEFAULT ASCENDING DESCENDING DECIMAL_TYPE_INFO
LIST_TYPE_INFO STRUCT_TYPE_INFO ARRAY_TYPE_INFO STRING_TYPE_INFO UNBOUND_TYPE_INFO INTEGER_LITERAL_TYPE_INFO`)

// constants lists the types of constants that survive being printed and read again.
var constants = setOf(`BOOLEAN TINYINT SMALLINT INTEGER BIGINT HUGEINT UTINYINT USMALLINT UINTEGER UBIGINT UHUGEINT FLOAT DOUBLE
DECIMAL VARCHAR NULL INTEGER_LITERAL STRING_LITERAL`)

// walker goes through a syntax tree. Everything that it does not know is refused.
type walker struct {
	size    int // Of the text, in bytes.
	refuse  func(at int, what, hint string) error
	table   func(n node, name []string, at int) error // A table that is no common table expression.
	param   func(n node, name string, at int) error
	called  map[string]bool // Names of functions, in lower case.
	nearest int             // The last place seen, for nodes that have none.
}

// scope is the names of common table expressions that can be seen.
type scope struct {
	outer *scope
	name  string
}

func (s *scope) has(name string) bool {
	for ; s != nil; s = s.outer {
		if s.name == name {
			return true
		}
	}
	return false
}

// visit judges a value and everything below it.
func (w *walker) visit(v any, seen *scope) error {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			if err := w.visit(item, seen); err != nil {
				return err
			}
		}
	case node:
		if at := location(v, w.size); at >= 0 {
			w.nearest = at
		}
		return w.visitNode(v, seen)
	}
	return nil
}

func (w *walker) visitNode(n node, seen *scope) error {
	if sample := n["sample"]; sample != nil {
		return w.refuse(w.nearest, "a sample", "it takes other rows each time")
	}
	if _, ok := n["class"]; ok {
		return w.expression(n, seen)
	}
	if _, ok := n["cte_map"]; ok {
		return w.query(n, seen)
	}
	kind, hasType := n["type"].(string)
	switch {
	case kind == "BASE_TABLE":
		return w.baseTable(n, seen)
	case kind == "TABLE_FUNCTION":
		return w.tableFunction(n, seen)
	case hasType && !parts[kind]:
		return w.refuse(w.nearest, words(kind), "only a plain SELECT may stand here")
	}
	return w.children(n, seen)
}

// children visits the properties in order of their names, so that the same text always gives the same error.
func (w *walker) children(n node, seen *scope) error {
	for _, key := range sortedKeys(n) {
		if err := w.visit(n[key], seen); err != nil {
			return err
		}
	}
	return nil
}

// query visits a query node: its common table expressions in order, each seeing those before it, then the rest seeing
// all.
func (w *walker) query(n node, seen *scope) error {
	if kind := str(n, "type"); !parts[kind] {
		return w.refuse(w.nearest, words(kind), "only a plain SELECT may stand here")
	}
	ctes, _ := n["cte_map"].(node)
	entries, _ := ctes["map"].([]any)
	for _, entry := range entries {
		e, _ := entry.(node)
		if err := w.visit(e["value"], seen); err != nil {
			return err
		}
		seen = &scope{outer: seen, name: lower(str(e, "key"))}
	}
	recursive := str(n, "type") == "RECURSIVE_CTE_NODE"
	for _, key := range queryKeys(n) {
		inner := seen
		if recursive && key != "left" {
			// Only the part behind UNION may speak of itself; before it the name still is a table.
			inner = &scope{outer: seen, name: lower(str(n, "cte_name"))}
		}
		if err := w.visit(n[key], inner); err != nil {
			return err
		}
	}
	return nil
}

// queryKeys returns the properties in the order in which people read a query, without its common table expressions.
func queryKeys(n node) []string {
	keys := slices.DeleteFunc(sortedKeys(n), func(key string) bool { return key == "cte_map" })
	first := []string{"left", "right", "select_list", "from_table", "where_clause"}
	slices.SortStableFunc(keys, func(a, b string) int {
		return place(first, a) - place(first, b)
	})
	return keys
}

func place(list []string, s string) int {
	if i := slices.Index(list, s); i >= 0 {
		return i
	}
	return len(list)
}

func (w *walker) baseTable(n node, seen *scope) error {
	if n["at_clause"] != nil {
		return w.refuse(w.nearest, "AT", "a source is read as it is now")
	}
	name := slices.DeleteFunc([]string{str(n, "catalog_name"), str(n, "schema_name"), str(n, "table_name")},
		func(s string) bool { return s == "" })
	if len(name) == 1 && seen.has(lower(name[0])) {
		return nil
	}
	return w.table(n, name, w.nearest)
}

func (w *walker) tableFunction(n node, seen *scope) error {
	f, _ := n["function"].(node)
	name := lower(str(f, "function_name"))
	if !tableFunctions[name] {
		return w.refuse(w.nearest, name+"(…) as a table", orElse(functionHint(name), "only unnest, range and generate_series may stand in FROM"))
	}
	return w.children(n, seen)
}

func (w *walker) expression(n node, seen *scope) error {
	class, kind := str(n, "class"), str(n, "type")
	types, known := expressions[class]
	if !known || (types != nil && !slices.Contains(types, kind)) || (class == "OPERATOR" && !operators[kind]) {
		return w.refuse(w.nearest, words(orElse(kind, class)), "")
	}
	switch class {
	case "CONSTANT":
		return w.constant(n)
	case "PARAMETER":
		return w.param(n, str(n, "identifier"), w.nearest)
	case "COLUMN_REF":
		return w.column(n)
	case "FUNCTION", "WINDOW":
		if err := w.function(n); err != nil {
			return err
		}
	}
	return w.children(n, seen)
}

func (w *walker) constant(n node) error {
	value, _ := n["value"].(node)
	kind, _ := value["type"].(node)
	if id := str(kind, "id"); !constants[id] {
		return w.refuse(w.nearest, "a constant of type "+id, "write it as a text with a cast")
	}
	return nil
}

// column refuses names that DuckDB takes for the clock or the session when no column is named so.
func (w *walker) column(n node) error {
	names := texts(n, "column_names")
	if len(names) != 1 || !bareColumns[lower(names[0])] {
		return nil
	}
	hint := fmt.Sprintf("if it is a column, write the table before it: t.%s", names[0])
	if clockFunctions[lower(names[0])] {
		hint = clockHint + "; " + hint
	}
	return w.refuse(w.nearest, names[0], hint)
}

// function judges a call, as function or over a window.
func (w *walker) function(n node) error {
	name := lower(str(n, "function_name"))
	if schema := str(n, "schema"); str(n, "catalog") != "" || (schema != "" && lower(schema) != "main") {
		return w.refuse(w.nearest, schema+"."+name+"(…)", "write "+name+"("+schema+", …) or leave the schema out")
	}
	if !pureFunctions[name] {
		return w.refuse(w.nearest, "the function "+name, functionHint(name))
	}
	if arguments, _ := n["children"].([]any); name == "age" && len(arguments) < 2 {
		return w.refuse(w.nearest, "age with one argument", clockHint+": age($as_of, x)")
	}
	// The parser writes its own calls with a schema; without it the printed text reads better and means the same.
	n["schema"] = ""
	w.called[name] = true
	return nil
}

const clockHint = "it reads the clock; use $as_of"

// functionHint says why a function is refused, and what to use.
func functionHint(name string) string {
	switch {
	case clockFunctions[name]:
		return clockHint
	case chanceFunctions[name]:
		return "it gives another answer each time"
	case fileFunctions[name]:
		return "only declared sources may be read"
	}
	if near, ok := source.Nearest(name, sortedKeys(pureFunctions)); ok {
		return "did you mean " + near + "?"
	}
	return "it is not among the functions that depend on their arguments alone"
}

// words makes one of DuckDB's type names readable.
func words(kind string) string {
	return strings.ReplaceAll(strings.TrimSuffix(strings.TrimSuffix(kind, "_REF"), "_NODE"), "_", " ")
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
