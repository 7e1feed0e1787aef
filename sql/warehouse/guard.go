package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"strata/segments/source"
	"strata/sql/dialect"

	"github.com/duckdb/duckdb-go/v2"
)

// Allowed says what a user's statement may name.
type Allowed struct {
	// Tables maps a name in lower case, as the user writes it, to the relation it stands for: "main.customers" is in the
	// warehouse, "memory.main.vip" in that catalog. Parts with a dot or space in them are in double quotes.
	Tables map[string]string
	// Params maps the name behind the $ to its value; a time.Time becomes a TIMESTAMPTZ.
	Params map[string]any
}

// Checked is a user's statement that may run.
type Checked struct {
	SQL      string   // One SELECT: tables are names in the catalog warehouse, params are literals.
	Shell    string   // The same for a DuckDB shell that has opened the warehouse, or, for a folder, reads its files.
	UsesAsOf bool     // The statement reads $as_of.
	Tables   []string // The allowed names that it reads, sorted.
}

// Parser checks users' SQL without a warehouse.
type Parser struct {
	db       *sql.DB
	instance *duckdb.Connector // Set when the parser has an instance of its own.
}

// NewParser starts a small instance that only parses.
func NewParser(ctx context.Context) (*Parser, error) {
	instance, err := duckdb.NewConnector("?threads=1&autoinstall_known_extensions=false&enable_external_access=false", nil)
	if err != nil {
		return nil, translate(ctx, err, "")
	}
	return &Parser{db: sql.OpenDB(&connector{inner: instance, running: &running{}}), instance: instance}, nil
}

// Close ends the instance.
func (p *Parser) Close() error {
	if p.instance == nil {
		return nil
	}
	return errors.Join(p.db.Close(), p.instance.Close())
}

// maxText is the longest statement that is looked at, in bytes.
const maxText = 1 << 20

// Guard checks that text is one SELECT over allowed tables and pure functions, and returns the statement to run. The error
// is an *Error of kind Refused that says what is refused, where (line:column) and what is allowed.
func (p *Parser) Guard(ctx context.Context, text string, allowed Allowed) (Checked, error) {
	checked, _, err := p.guard(ctx, text, allowed, nil)
	return checked, err
}

// guard also returns the names of the functions that the statement calls. files is the folder that is the warehouse, or nil.
func (p *Parser) guard(ctx context.Context, text string, allowed Allowed, files *folder) (Checked, map[string]bool, error) {
	statement, err := p.oneSelect(ctx, text)
	if err != nil {
		return Checked{}, nil, err
	}
	g := &guarded{text: text, allowed: allowed, tables: map[string]bool{}, params: map[string][]node{}}
	w := &walker{size: len(text), refuse: g.refuse, table: g.table, param: g.param, called: map[string]bool{}}
	if err := w.visit(statement, nil); err != nil {
		return Checked{}, nil, err
	}
	if err := g.fillParams(ctx, p.db); err != nil {
		return Checked{}, nil, err
	}
	clearParamMaps(statement)
	castDoubles(statement)
	checked := Checked{UsesAsOf: len(g.params["as_of"]) > 0, Tables: sortedKeys(g.tables)}
	if checked.SQL, err = p.faithful(ctx, statement); err != nil {
		return Checked{}, nil, err
	}
	s := &shell{files: files, short: map[string]bool{}}
	if err := s.rewrite(ctx, p.db, statement, g.inWarehouse); err != nil {
		return Checked{}, nil, err
	}
	checked.Shell, err = printSQL(ctx, p.db, statement)
	return checked, w.called, err
}

// oneSelect parses the text and returns its only statement.
func (p *Parser) oneSelect(ctx context.Context, text string) (any, error) {
	if len(text) > maxText || !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return nil, &Error{Kind: Refused, Message: "the statement is no readable text of at most 1 MB"}
	}
	statements, err := parseSQL(ctx, p.db, text)
	var bad *syntaxError
	switch {
	case errors.As(err, &bad) && bad.kind == "parser":
		return nil, &Error{Kind: Refused, Message: spot(text, bad.position) + bad.message, Offset: offset(text, bad.position), Err: err}
	case errors.As(err, &bad):
		return nil, &Error{Kind: Refused, Message: "only one SELECT may stand here", Hint: "everything else writes, or changes settings", Err: err}
	case err != nil:
		return nil, err
	case len(statements) != 1:
		return nil, &Error{Kind: Refused, Message: fmt.Sprintf("one SELECT must stand here, not %d statements", len(statements))}
	}
	return statements[0], nil
}

// faithful prints the tree and reads the text again: both must be the same, or else what runs would not be what was
// checked.
func (p *Parser) faithful(ctx context.Context, statement any) (string, error) {
	out, err := printSQL(ctx, p.db, statement)
	if err != nil {
		return "", err
	}
	again, err := parseSQL(ctx, p.db, out)
	if err != nil || len(again) != 1 || !sameTree(settled(statement), settled(again[0])) {
		return "", &Error{
			Kind: Refused, Err: err, Message: "the statement has a part that cannot be written down again exactly",
			Hint: "write it in a simpler way",
		}
	}
	return out, nil
}

// guarded is what the walk through a user's statement finds.
type guarded struct {
	text        string
	allowed     Allowed
	tables      map[string]bool
	inWarehouse []node
	params      map[string][]node
}

func (g *guarded) refuse(at int, what, hint string) error {
	return &Error{Kind: Refused, Message: spot(g.text, at) + what + " is not allowed here", Hint: hint, Offset: offset(g.text, at)}
}

// table lets an allowed table through under its full name.
func (g *guarded) table(n node, name []string, at int) error {
	written := strings.Join(name, ".")
	key := lower(written)
	relation, ok := g.allowed.Tables[key]
	if !ok {
		key, relation, ok = g.byRelation(key)
	}
	if !ok {
		return g.unknownTable(written, at)
	}
	full := relationParts(relation)
	if str(n, "alias") == "" && lower(name[len(name)-1]) != lower(full[2]) {
		n["alias"] = name[len(name)-1]
	}
	n["catalog_name"], n["schema_name"], n["table_name"] = full[0], full[1], full[2]
	if full[0] == catalogWarehouse {
		g.inWarehouse = append(g.inWarehouse, n)
	}
	g.tables[key] = true
	return nil
}

// byRelation finds an allowed table by the name that it has in the warehouse.
func (g *guarded) byRelation(written string) (key, relation string, ok bool) {
	for _, key := range sortedKeys(g.allowed.Tables) {
		if full := relationParts(g.allowed.Tables[key]); lower(full[1]+"."+full[2]) == written {
			return key, g.allowed.Tables[key], true
		}
	}
	return "", "", false
}

func (g *guarded) unknownTable(written string, at int) error {
	names := sortedKeys(g.allowed.Tables)
	hint := "allowed: " + strings.Join(names, ", ")
	if near, ok := source.Nearest(written, names); ok {
		hint = "did you mean " + near + "?"
	}
	return g.refuse(at, "the table "+written, hint)
}

func (g *guarded) param(n node, name string, at int) error {
	name = lower(name)
	if _, ok := g.allowed.Params[name]; !ok {
		hint := "there are no params"
		if names := sortedKeys(g.allowed.Params); len(names) > 0 {
			hint = "allowed: $" + strings.Join(names, ", $")
		}
		return g.refuse(at, "$"+name, hint)
	}
	g.params[name] = append(g.params[name], n)
	return nil
}

// fillParams puts the values in place of the parameters. The literals go through the parser too, so that one piece of code
// knows how a value is written.
func (g *guarded) fillParams(ctx context.Context, on *sql.DB) error {
	for _, name := range sortedKeys(g.params) {
		literal, err := dialect.Literal(g.allowed.Params[name])
		if err != nil {
			return fmt.Errorf("param %s: %w", name, err)
		}
		statements, err := parseSQL(ctx, on, "SELECT "+literal)
		if err != nil {
			return fmt.Errorf("param %s: %w", name, err)
		}
		value := firstColumn(statements)
		for _, n := range g.params[name] {
			alias := n["alias"]
			clear(n)
			maps.Copy(n, value)
			n["alias"] = alias
		}
	}
	return nil
}

// firstColumn returns the first expression of the SELECT list.
func firstColumn(statements []any) node {
	list, _ := selectNode(statements)["select_list"].([]any)
	first, _ := list[0].(node)
	return first
}

// selectNode returns the query of the first statement.
func selectNode(statements []any) node {
	statement, _ := statements[0].(node)
	query, _ := statement["node"].(node)
	return query
}

// clearParamMaps forgets the names of parameters everywhere, as there are none any more.
func clearParamMaps(v any) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			clearParamMaps(item)
		}
	case node:
		if _, ok := v["named_param_map"]; ok {
			v["named_param_map"] = []any{}
		}
		for _, item := range v {
			clearParamMaps(item)
		}
	}
}

// catalogWarehouse is the name under which the customer's data is attached.
const catalogWarehouse = "warehouse"

// relationParts splits a relation into catalog, schema and table.
func relationParts(relation string) [3]string {
	var parts []string
	var part strings.Builder
	quoted := false
	for _, r := range relation {
		switch {
		case r == '"':
			quoted = !quoted
		case r == '.' && !quoted:
			parts = append(parts, part.String())
			part.Reset()
		default:
			part.WriteRune(r)
		}
	}
	parts = append(parts, part.String())
	full := [3]string{catalogWarehouse, "main", ""}
	copy(full[max(0, 3-len(parts)):], parts[max(0, len(parts)-3):])
	return full
}

// spot returns "line:column: " of a byte offset, both from 1 and in code points, or nothing when it is not known.
func spot(text string, at int) string {
	if at < 0 || at > len(text) {
		return ""
	}
	before := text[:at]
	line := strings.Count(before, "\n") + 1
	column := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
	return fmt.Sprintf("%d:%d: ", line, column)
}

// offset is a place in the text, or nil.
func offset(text string, at int) *int {
	if at < 0 || at > len(text) {
		return nil
	}
	return &at
}

// Guard is Parser.Guard with one more test that needs the warehouse: none of the functions that the statement calls may be
// replaced by a macro there.
func (db *DB) Guard(ctx context.Context, text string, allowed Allowed) (Checked, error) {
	checked, called, err := db.guard(ctx, text, allowed, db.folder)
	if err != nil {
		return Checked{}, err
	}
	macros, err := db.macros(ctx)
	if err != nil {
		return Checked{}, err
	}
	for _, name := range macros {
		if called[lower(name)] {
			return Checked{}, &Error{
				Kind: Refused, Message: "the warehouse has a macro " + name + " that would replace the function of that name",
				Hint: "rename the macro in the warehouse",
			}
		}
	}
	return checked, nil
}

// macros lists the names of the macros that the warehouse defines, sorted.
func (db *DB) macros(ctx context.Context) (names []string, err error) {
	rows, err := db.Query(ctx, `SELECT DISTINCT function_name FROM duckdb_functions() WHERE database_name = 'warehouse' AND NOT internal`)
	if err != nil {
		return nil, fmt.Errorf("list macros: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, fmt.Errorf("list macros: %w", err)
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return names, translate(ctx, rows.Err(), "")
}
