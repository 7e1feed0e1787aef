package cmd_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// fingerprint describes everything in a folder: names, kinds, sizes, times of
// change and contents, but for files of the given names.
func fingerprint(t *testing.T, folder string, but ...string) map[string]string {
	t.Helper()
	found := map[string]string{}
	require.NoError(t, filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		if slices.Contains(but, name) {
			return nil
		}
		info, err := os.Lstat(path)
		if err != nil {
			return err
		}
		size := info.Size()
		if entry.IsDir() {
			// Another file in a folder changes its time, and is found by itself.
			found[name] = entry.Type().String()
			return nil
		}
		var sum [sha256.Size]byte
		if entry.Type().IsRegular() {
			content, err := os.ReadFile(filepath.Clean(path))
			if err != nil {
				return err
			}
			sum = sha256.Sum256(content)
		}
		found[name] = fmt.Sprint(entry.Type(), size, info.ModTime().UnixNano(), hex.EncodeToString(sum[:]))
		return nil
	}))
	return found
}

// harmless are command lines of all commands that touch the warehouse, and some
// that do not.
var harmless = [][]string{
	{"check"},
	{"list", "--all"},
	{"fmt", "--check"},
	{"sql", "tree"},
	{"sql", "worth"},
	{"count", "buyers"},
	{"count", "buyers", "--by", "country"},
	{"count", "in_sql"},
	{"members", "buyers", "--columns", "spent,worth"},
	{"funnel", "tree"},
	{"why", "1"},
	{"why", "1", "tree"},
	{"why", "2", "worth"},
	{"audit", "--verify"},
	{"run", "--dry-run"},
	{"sql", "buyers", "tree", "--plan"},
	{"query", "SELECT * FROM buyers JOIN customers USING (customer_id)"},
	{"doctor"},
	{"test"},
	{"run"},
	{"run", "--at", "now"},
	{"runs"},
	{"runs", "show", "1"},
	{"runs", "verify"},
	{"history", "buyers"},
	{"count", "buyers", "--at", "run:1"},
	{"plan"},
	{"plan", "--against", "1"},
	{"runs", "prune", "--keep", "1"},
	{"runs", "compact"},
	{"version"},
	{"schema"},
}

// hostile are texts that are no pure SELECT of declared sources. DATA is the
// folder of the warehouse.
var hostile = []string{
	"COPY customers TO 'DATA/out.csv'",
	"COPY (SELECT 1 AS customer_id) TO 'DATA/customers.csv'",
	"DROP TABLE customers; SELECT 1 AS customer_id",
	"SELECT 1 AS customer_id; DROP TABLE customers",
	"SELECT 1 AS customer_id; COPY (SELECT 1) TO 'DATA/out.csv'",
	"ATTACH 'DATA/other.duckdb'",
	"EXPORT DATABASE 'DATA/out'",
	"INSTALL httpfs",
	"CREATE TABLE made AS SELECT 1 AS customer_id",
	"CREATE TABLE store.made AS SELECT 1 AS customer_id",
	"DELETE FROM customers",
	"WITH gone AS (DELETE FROM customers RETURNING customer_id) SELECT customer_id FROM gone",
	"SET temp_directory = 'DATA/tmp'",
	"PRAGMA database_list",
	"CHECKPOINT",
	"CALL pragma_version()",
	"SELECT * FROM query('SELECT 1 AS customer_id')",
	"SELECT * FROM query_table('customers')",
	"SELECT customer_id FROM customers WHERE age(created_at) > INTERVAL 1 DAY",
	"SELECT customer_id FROM customers WHERE created_at < now()",
	"SELECT content AS customer_id FROM read_text('/etc/hostname')",
	"SELECT customer_id FROM read_csv('DATA/customers.csv')",
	"SELECT customer_id FROM 'DATA/customers.csv'",
	"SELECT getenv('HOME') AS customer_id",
	"SELECT customer_id FROM duckdb_tables()",
	"SELECT customer_id FROM store.main.run",
}

// onlyInFile are hostile in a DuckDB file, which may hold views.
var onlyInFile = []string{"SELECT customer_id FROM clock", "SELECT customer_id FROM peek"}

// TestTheWarehouseIsOnlyRead runs every command, on both kinds of warehouse,
// with the store elsewhere and beside the data. Nothing of the data changes,
// the current folder stays empty, and nothing is left in the folder for
// temporary files.
func TestTheWarehouseIsOnlyRead(t *testing.T) {
	for _, kind := range []string{folderWarehouse, fileWarehouse} {
		for _, store := range []string{"strata.duckdb", "data/strata.duckdb"} {
			t.Run(kind+" "+filepath.Dir(store), func(t *testing.T) {
				w := watched(t, kind, store)
				for _, args := range harmless {
					got := ask(t.Context(), w.dir, args...)
					require.NotContains(t, []int{2, 4, 5}, got.code, "%v: %s", args, got)
					w.unchanged(t, args)
				}
				require.FileExists(t, filepath.Join(w.dir, store))
			})
		}
	}
}

// watch is a project whose warehouse must not change.
type watch struct {
	dir, data, empty, temp string
	store                  string
	before                 map[string]string
}

// watched makes a project and moves the test program into an empty folder.
func watched(t *testing.T, kind, store string) watch {
	t.Helper()
	w := watch{dir: t.TempDir(), empty: t.TempDir(), temp: t.TempDir(), store: filepath.Base(store)}
	var err error
	w.data, err = makeShop(w.dir, kind)
	require.NoError(t, err)
	edit(t, filepath.Join(w.dir, "strata.yaml"), "store: strata.duckdb", "store: "+store)
	w.before = fingerprint(t, w.data)
	t.Chdir(w.empty)
	t.Setenv("TMPDIR", w.temp)
	return w
}

// unchanged demands that nothing happened but to the store.
func (w watch) unchanged(t *testing.T, after any) {
	t.Helper()
	require.Equal(t, w.before, fingerprint(t, w.data, w.store), "%v", after)
	require.Len(t, fingerprint(t, w.empty), 1, "%v", after)
	require.Len(t, fingerprint(t, w.temp), 1, "%v", after)
}

// edit replaces a part of a file.
func edit(t *testing.T, path, old, now string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Clean(path))
	require.NoError(t, err)
	require.Contains(t, string(text), old)
	require.NoError(t, os.WriteFile(path, []byte(strings.Replace(string(text), old, now, 1)), 0o600))
}

// TestHostileSQL is refused wherever a user can write SQL, and does nothing.
func TestHostileSQL(t *testing.T) {
	for _, kind := range []string{folderWarehouse, fileWarehouse} {
		t.Run(kind, func(t *testing.T) {
			texts := hostile
			if kind == fileWarehouse {
				texts = append(append([]string{}, hostile...), onlyInFile...)
			}
			w := watched(t, kind, "data/strata.duckdb")
			require.Zero(t, ask(t.Context(), w.dir, "run").code)
			kept := fingerprint(t, w.data)
			for _, text := range texts {
				text = strings.ReplaceAll(text, "DATA", w.data)
				refuseEverywhere(t, w, text)
				require.Equal(t, kept, fingerprint(t, w.data), text)
				w.unchanged(t, text)
			}
		})
	}
}

// refuseEverywhere writes a text as a question, as a segment and as a source.
func refuseEverywhere(t *testing.T, w watch, text string) {
	t.Helper()
	got := ask(t.Context(), w.dir, "query", text)
	require.Equal(t, 5, got.code, "%s: %s", text, got)

	added := filepath.Join(w.dir, "segments", "hostile.yaml")
	quoted := strings.ReplaceAll(text, `"`, `\"`)
	require.NoError(t, os.WriteFile(added, []byte("segments: {bad: {sql: \""+quoted+"\"}}\n"), 0o600))
	for _, args := range [][]string{{"count", "bad"}, {"sql", "bad"}, {"run", "bad"}} {
		got := ask(t.Context(), w.dir, args...)
		require.NotZero(t, got.code, "%v %s: %s", args, text, got)
		require.NotContains(t, []int{4, 130}, got.code, "%v %s: %s", args, text, got)
	}
	require.NoError(t, os.Remove(added))

	settings, schema := filepath.Join(w.dir, "strata.yaml"), filepath.Join(w.dir, "strata.schema.yaml")
	source := "  odd: {query: \"" + quoted + "\", customer: customer_id, at: t}\nstreams:\n  oddity: {from: odd}"
	edit(t, settings, "streams:", source)
	edit(t, schema, "  orders:", "  odd: {customer_id: BIGINT, t: TIMESTAMP}\n  orders:")
	for _, args := range [][]string{{"count", "count(oddity) ever >= 1"}, {"run"}} {
		got := ask(t.Context(), w.dir, args...)
		require.NotZero(t, got.code, "%v %s: %s", args, text, got)
	}
	edit(t, settings, source, "streams:")
	edit(t, schema, "  odd: {customer_id: BIGINT, t: TIMESTAMP}\n  orders:", "  orders:")
}

// TestLinkOutOfTheWarehouse is a table that the customer did not hand over.
func TestLinkOutOfTheWarehouse(t *testing.T) {
	w := watched(t, folderWarehouse, "strata.duckdb")
	outside := filepath.Join(t.TempDir(), "outside.csv")
	require.NoError(t, os.WriteFile(outside, []byte("customer_id\n1\n"), 0o600))
	require.NoError(t, os.Symlink(outside, filepath.Join(w.data, "linked.csv")))
	w.before = fingerprint(t, w.data)
	for _, args := range [][]string{{"count", "buyers"}, {"query", "SELECT * FROM linked"}, {"run"}} {
		got := ask(t.Context(), w.dir, args...)
		require.Equal(t, 5, got.code, got)
		require.Contains(t, got.err, "is a link to a place outside of the warehouse folder")
		w.unchanged(t, args)
	}
}

// TestSourceOverAView makes a source of a view that reads the clock or a file.
// A file is refused, the doctor warns of both, and nothing is changed.
func TestSourceOverAView(t *testing.T) {
	w := watched(t, fileWarehouse, "strata.duckdb")
	settings := filepath.Join(w.dir, "strata.yaml")
	edit(t, filepath.Join(w.dir, "strata.schema.yaml"), "  orders:", "  odd: {customer_id: BIGINT, t: TIMESTAMP}\n  orders:")
	for view, code := range map[string]int{"clock": 0, "peek": 5} {
		source := "  odd: {table: " + view + ", customer: customer_id, at: t}\nstreams:\n  oddity: {from: odd}"
		edit(t, settings, "streams:", source)
		for _, args := range [][]string{{"count", "count(oddity) ever >= 1"}, {"run"}} {
			got := ask(t.Context(), w.dir, args...)
			require.Equal(t, code, got.code, got)
			w.unchanged(t, args)
		}
		got := ask(t.Context(), w.dir, "doctor")
		require.Contains(t, got.out, "the rows of the view main."+view+" depend on more than the warehouse")
		w.unchanged(t, view)
		edit(t, settings, source, "streams:")
	}
}

// TestAnArgumentCannotSteerTheTerminal repeats it without control characters.
func TestAnArgumentCannotSteerTheTerminal(t *testing.T) {
	w := watched(t, folderWarehouse, "strata.duckdb")
	for _, args := range [][]string{
		{"why", "\x1b[2J7", "buyers"}, {"why", "\x1b[2J7"}, {"count", "no\x1b[2J"}, {"runs", "show", "\x1b[2J"}, {"query", "SELECT '\x1b[2J'::INTEGER"},
	} {
		got := ask(t.Context(), w.dir, args...)
		require.NotZero(t, got.code)
		require.NotContains(t, got.out+got.err, "\x1b", got.err)
		require.Contains(t, got.err, "[2J", got.err)
	}
}
