package compile_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/segments/compile"
	"strata/sql/dialect"
	"strata/sql/warehouse"
)

// clockWords are names that read the clock, chance or the session.
var clockWords = regexp.MustCompile(`(?i)\b(now|current_\w+|today|localtime\w*|transaction_timestamp|get_current_\w+|random|uuid|age)\b`)

// checkLaws demands what holds for any statement: a value for each placeholder,
// nothing that reads the clock, text that DuckDB accepts, and a printed form
// that differs in white space only.
func checkLaws(t testing.TB, db *warehouse.DB, s compile.Statement) {
	t.Helper()
	bare := strings.Join(tokens(s.SQL, func(t string) bool { return t[0] != '\'' && t[0] != '"' }), " ")
	require.Len(t, s.Args, strings.Count(bare, "?"), s.SQL)
	require.Empty(t, clockWords.FindAllString(bare, -1))
	require.NotContains(t, bare, ";")
	require.Equal(t, tokens(s.SQL, nil), tokens(compile.Pretty(s.SQL), nil))
	rendered, err := dialect.Render(s.SQL, s.Args)
	require.NoError(t, err)
	require.Equal(t, tokens(rendered, nil), tokens(compile.Pretty(rendered), nil))
	require.NotEmpty(t, rowsOf(t, db, "EXPLAIN "+s.SQL, s.Args...))
}

// tokens are the words, numbers, operators, marks and quoted parts of SQL; keep,
// where given, drops the others.
func tokens(sql string, keep func(string) bool) []string {
	found := token.FindAllString(sql, -1)
	if keep == nil {
		return found
	}
	return slices.DeleteFunc(found, func(t string) bool { return !keep(t) })
}

var token = regexp.MustCompile(`'(''|[^'])*'|"(""|[^"])*"|[A-Za-z_]\w*|[0-9][\w.]*|[<>=!|:+*/%-]+|\S`)

// TestPrettyKeepsTokens lays out random text: whatever it is, only white space
// between tokens changes, and laying out again changes nothing.
func TestPrettyKeepsTokens(t *testing.T) {
	pieces := []string{
		"SELECT ", "FROM ", "WHERE ", "(", ")", ", ", `"a FROM b"`, "'x WHERE (y'", `"it""s"`, "'o''hara'", "?", "fromage ", "x", " ", "GROUP BY ",
		"LEFT JOIN ", "(SELECT ", "WITH ", " AS (", "1.5", "selected FROM ", "ASOF JOIN ",
	}
	rapid.Check(t, func(t *rapid.T) {
		sql := strings.Join(rapid.SliceOf(rapid.SampledFrom(pieces)).Draw(t, "pieces"), "")
		pretty := compile.Pretty(sql)
		require.Equal(t, tokens(sql, nil), tokens(pretty, nil))
	})
}

// hostile are names and values that would do harm if they were not quoted.
var hostile = []string{
	`x"; DROP TABLE customers; --`, `o'brien`, `?`, `??`, `$1`, `:name`, `a b`, `--`, `/* x */`, `ключ`, `"`, `'`, `\`, `select`, `x?y'z"`,
}

// TestHostileNamesAndValues runs rules over a table and columns with such
// names, and compares with such values. What is found is what was put in, and
// nothing is dropped.
func TestHostileNamesAndValues(t *testing.T) {
	for _, name := range hostile {
		t.Run(name, func(t *testing.T) {
			p := project(t, func(files fstest.MapFS) { hostileProject(files, name) })
			table, col := dialect.Ident(name), dialect.Ident(name+" column")
			db := filled(t, []string{
				`CREATE TABLE customers (customer_id VARCHAR, ` + col + ` VARCHAR)`,
				`INSERT INTO customers VALUES ('1', ` + literal(t, name) + `), (` + literal(t, name) + `, 'other'), ('3', NULL)`,
				`CREATE TABLE ` + table + ` (` + dialect.Ident("who "+name) + ` VARCHAR, ` + dialect.Ident("when "+name) + ` TIMESTAMPTZ, ` + col + ` VARCHAR)`,
				`INSERT INTO ` + table + ` SELECT ` + literal(t, name) + `, TIMESTAMPTZ '2026-10-01 00:00:00+00', ` + literal(t, name),
			})
			compiler := compile.New(p, compile.Options{AsOf: asOf})
			for rule, want := range map[string]string{
				"odd = " + text(name): "1",
				"odd in (" + text(name) + ", " + text("no "+name) + ") and customer_id = '1'": "1",
				"count(row where odd = " + text(name) + ") ever = 1":                          name,
				"last(row.odd) last 60 days = " + text(name):                                  name,
				"most_frequent(row.odd) ever = " + text(name):                                 name,
				"sequence(row where odd = " + text(name) + ") ever":                           name,
				"contains(odd, " + text(name) + ") and starts_with(odd, " + text(name) + ")":  "1",
				"chosen": name,
				"odd <> " + text(name) + " and odd is not missing and not sample(0.01%, 'a?''b')": name,
			} {
				statement, err := compiler.Members(ruleOf(t, p, rule))
				require.NoError(t, err)
				checkLaws(t, db, statement)
				require.Equal(t, [][]string{{want}}, rowsOf(t, db, statement.SQL, statement.Args...), rule)
				printed, err := statement.Literal()
				require.NoError(t, err)
				require.Equal(t, [][]string{{want}}, rowsOf(t, db, printed), rule)
			}
			checkHostileQuestions(t, db, compiler, compile.Listing{Key: &name, Outputs: []compile.Output{
				{Name: name, Value: expressionOf(t, p, "coalesce(odd, "+text(name)+")")},
			}})
			require.Equal(t, [][]string{{"3"}}, rowsOf(t, db, "SELECT count(*) FROM customers"))
		})
	}
}

// checkHostileQuestions lists one customer by a key, and by an output, that
// would do harm.
func checkHostileQuestions(t *testing.T, db *warehouse.DB, c *compile.Compiler, l compile.Listing) {
	t.Helper()
	statement, err := c.List(l)
	require.NoError(t, err)
	checkLaws(t, db, statement)
	require.Equal(t, [][]string{{*l.Key, "other"}}, rowsOf(t, db, statement.SQL, statement.Args...))
	into := statement.Into(dialect.Qualified("memory", "main", l.Outputs[0].Name), 7)
	require.Equal(t, int64(7), into.Args[0])
	_, err = db.Exec(t.Context(), "CREATE OR REPLACE TABLE "+dialect.Qualified("memory", "main", l.Outputs[0].Name)+" (unit INTEGER, k VARCHAR, v VARCHAR)")
	require.NoError(t, err)
	added, err := db.Exec(t.Context(), into.SQL, into.Args...)
	require.NoError(t, err)
	require.Equal(t, int64(1), added)
}

// hostileProject names a table and its columns after a name, and lists it.
func hostileProject(files fstest.MapFS, name string) {
	files["strata.yaml"].Data = []byte(strings.NewReplacer(
		"TABLE", yaml(name), "KEY", yaml("who "+name), "AT", yaml("when "+name), "COLUMN", yaml(name+" column")).Replace(`
warehouse: warehouse.duckdb
timezone: Europe/Berlin
sources:
  customers: {table: customers, key: customer_id, fields: {odd: {column: COLUMN}}}
  things: {table: TABLE, customer: KEY, at: AT, fields: {odd: {column: COLUMN}}}
streams:
  row: {from: things}
`))
	files["strata.schema.yaml"].Data = []byte(strings.NewReplacer(
		"KEY", yaml("who "+name), "AT", yaml("when "+name), "COLUMN", yaml(name+" column")).Replace(`
sources:
  customers: {customer_id: VARCHAR, COLUMN: VARCHAR}
  things: {KEY: VARCHAR, AT: TIMESTAMPTZ, COLUMN: VARCHAR}
`))
	files["segments/all.yaml"].Data = []byte("lists:\n  chosen: {file: lists/chosen.csv, column: customer_id}\n")
	files["lists/chosen.csv"].Data = []byte("customer_id\n\"" + strings.ReplaceAll(name, `"`, `""`) + "\"\nno " + "customer\n")
}

// yaml writes a text between single quotes, which YAML and rules have in common.
func yaml(s string) string { return text(s) }

func text(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func literal(t testing.TB, s string) string {
	t.Helper()
	written, err := dialect.Literal(s)
	require.NoError(t, err)
	return written
}
