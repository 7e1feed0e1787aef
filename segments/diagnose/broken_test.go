package diagnose_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/fixtures/process"
	"strata/segments/definition"
	"strata/segments/diagnose"
	"strata/sql/warehouse"
)

func TestNoProject(t *testing.T) {
	dir := t.TempDir()
	o := diagnose.Options{Start: dir, Clock: clock, Engine: warehouse.Config{TempDir: t.TempDir()}}
	findings := examined(t, o)
	require.Len(t, findings, 3)
	require.Equal(t, "there is no strata.yaml in "+dir+" or above it", find(t, findings, "project", dir).Detail)
	require.Equal(t, diagnose.Error, diagnose.Worst(findings))

	require.NoError(t, os.WriteFile(filepath.Join(dir, "shop.duckdb"), nil, 0o600))
	require.Contains(t, find(t, examined(t, o), "project", dir).Hint, "strata init --from shop.duckdb")
}

// Wrong definitions keep nobody from looking at the data.
func TestDefinitionsThatAreWrong(t *testing.T) {
	p := small().with("segments/wrong.yaml", "segments:\n  a: {where: count(nothing) ever > 0}\n  b: {where: count(order) > 0}\n").with("segments/no.yaml", "segments: [")
	findings := examine(t, p)
	wrong := find(t, findings, "errors", "")
	require.EqualValues(t, 3, *wrong.Count)
	require.Contains(t, wrong.Detail, "3 errors in definitions, the first: segments/no.yaml:1:")
	require.Equal(t, diagnose.OK, find(t, findings, "agrees", "").Status)
	require.Equal(t, diagnose.OK, find(t, findings, "keys", "events").Status)
	require.Equal(t, diagnose.Error, diagnose.Worst(findings))
}

func TestProjectFilesThatSayLittle(t *testing.T) {
	for name, text := range map[string]string{
		"nothing": "{}\n", "no YAML": "warehouse: [\n", "no customers": "warehouse: warehouse.duckdb\ntimezone: UTC\nsources: {}\n",
		"no mapping": "warehouse: warehouse.duckdb\ntimezone: Nowhere/Land\nsources:\n  customers: {table: customers}\n  orders: {table: orders}\n",
	} {
		t.Run(name, func(t *testing.T) {
			findings := examine(t, small().with("strata.yaml", text))
			require.Equal(t, diagnose.Error, find(t, findings, "errors", "").Status)
			require.NotEmpty(t, every(findings, "zone", ""))
			require.NotEmpty(t, every(findings, "opened", ""))
			require.NotEmpty(t, every(findings, "terminal", ""))
		})
	}
	findings := examine(t, small().with("strata.yaml", "timezone: Nowhere/Land\n"))
	require.Equal(t, `the time zone "Nowhere/Land" is not known`, find(t, findings, "zone", "Nowhere/Land").Detail)
	require.Equal(t, "strata.yaml names no warehouse", find(t, findings, "opened", "").Detail)
}

// Without the warehouse everything that the files say is still looked at, and
// the store as well.
func TestWarehousesThatCannotBeOpened(t *testing.T) {
	p := small().with("strata.yaml", replaced(t, smallProject, "consent: consent, ", ""))
	dir := p.make(t)
	o := options(t, dir)
	o.Engine.Warehouse = filepath.Join(dir, "warehuose.duckdb")
	findings := examined(t, o)
	missing := find(t, findings, "opened", o.Engine.Warehouse)
	require.Equal(t, diagnose.Error, missing.Status)
	require.Equal(t, "there is no "+o.Engine.Warehouse, missing.Detail)
	require.Equal(t, "did you mean "+filepath.Join(dir, "warehouse.duckdb")+"?", missing.Hint)
	require.NotEmpty(t, every(findings, "consent", "customers"))
	require.Empty(t, every(findings, "rows", ""))
	require.Equal(t, diagnose.Note, find(t, findings, "store", "").Status)

	o = options(t, dir)
	require.NoError(t, os.WriteFile(o.Engine.Warehouse, []byte("no database at all, whatever its name says, and long enough to be looked at"), 0o600))
	require.Contains(t, find(t, examined(t, o), "opened", "").Detail, "is not a DuckDB database")
}

func TestWarehousesThatAreLocked(t *testing.T) {
	o := options(t, small().make(t))
	pid, _ := process.Hold(t, o.Engine.Warehouse)
	locked := find(t, examined(t, o), "locked", o.Engine.Warehouse)
	require.Equal(t, diagnose.Error, locked.Status)
	require.Contains(t, locked.Detail, "(process "+strconv.Itoa(pid)+") is using "+o.Engine.Warehouse)
	require.NotEmpty(t, locked.Hint)
}

func TestViewsThatReadTheClock(t *testing.T) {
	findings := examine(t, small(`CREATE VIEW recent AS SELECT * FROM orders WHERE ordered_at > now() - INTERVAL 7 DAY`, `CREATE VIEW plain AS FROM orders`))
	view := find(t, findings, "view", "")
	require.Equal(t, "main.recent", view.Subject)
	require.Equal(t, diagnose.Warning, view.Status)
	require.Contains(t, find(t, findings, "opened", "").Detail, "3 tables, 2 views, DuckDB v1.")
}

// A folder of files is a warehouse too.
func TestFolders(t *testing.T) {
	p := project{files: map[string]string{
		"strata.yaml": "warehouse: data\ntimezone: UTC\nsources:\n  customers: {table: customers, key: id}\n" +
			"  orders: {table: orders, customer: customer, at: day, id: id, amount: amount}\nstreams: {order: {from: orders}}\n",
		"strata.schema.yaml": "sources:\n  customers: {id: BIGINT}\n  orders: {id: BIGINT, customer: BIGINT, day: DATE, amount: DOUBLE}\n",
		"data/customers.csv": "id\n1\n2\n", "data/orders.csv": "id,customer,day,amount\n1,1,2026-01-19,2.5\n2,3,2026-01-18,1.5\n",
	}}
	findings := examine(t, p)
	require.Contains(t, find(t, findings, "opened", "").Detail, "2 tables, DuckDB")
	require.Regexp(t, `^folder .*: 68 bytes, `, find(t, findings, "opened", "").Detail)
	require.EqualValues(t, 1, *find(t, findings, "orphans", "orders").Count)
	require.NotEmpty(t, every(findings, "agrees", ""))
}

// A log beside the file says that somebody writes, or died writing.
func TestLogsBesideDatabases(t *testing.T) {
	o := options(t, small().make(t))
	require.NoError(t, os.WriteFile(o.Engine.Warehouse+".wal", nil, 0o600))
	f := find(t, examined(t, o), "log", o.Engine.Warehouse+".wal")
	require.Equal(t, diagnose.Opening, f.Check)
	require.Equal(t, diagnose.Note, f.Status)
}

// Folders of processes that are gone are counted before opening a database
// removes them; those of living ones and of others are not ours.
func TestLeftovers(t *testing.T) {
	o := options(t, small().make(t))
	gone := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
	require.NoError(t, gone.Run())
	left := filepath.Join(o.Engine.TempDir, "strata-"+strconv.Itoa(gone.Process.Pid)+"-1234")
	for _, name := range []string{left, filepath.Join(o.Engine.TempDir, "strata-"+strconv.Itoa(os.Getpid())+"-1"), filepath.Join(o.Engine.TempDir, "strata-shop-1")} {
		require.NoError(t, os.Mkdir(name, 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(name, "spilled"), make([]byte, 2500), 0o600))
	}
	f := find(t, examined(t, o), "leftovers", "")
	require.EqualValues(t, 1, *f.Count)
	require.Equal(t, "left behind in "+o.Engine.TempDir+" by processes that are gone: 1 folder (2.5 kB)", f.Detail)
	require.NoDirExists(t, left)
	require.EqualValues(t, 0, *find(t, examined(t, o), "leftovers", "").Count)
}

func TestTerminals(t *testing.T) {
	o := diagnose.Options{Start: t.TempDir(), Clock: clock, Engine: warehouse.Config{TempDir: t.TempDir()}}
	for _, test := range []struct {
		terminal diagnose.Terminal
		want     string
	}{
		{diagnose.Terminal{}, "standard output is no terminal: answers are plain rows without colour"},
		{diagnose.Terminal{Output: true, Width: 80, Color: true}, "a terminal of 80 cells a line, in colour"},
		{diagnose.Terminal{Output: true}, "a terminal of unknown width, without colour: tables are not cut"},
	} {
		o.Terminal = test.terminal
		require.Equal(t, test.want, find(t, examined(t, o), "terminal", "").Detail)
	}
}

// Looking changes nothing in the folder of the project.
func TestLookingChangesNothing(t *testing.T) {
	o := options(t, small().make(t))
	before := fingerprint(t, o.Start)
	o.Deep = true
	examined(t, o)
	require.Equal(t, before, fingerprint(t, o.Start))
}

// fingerprint maps the files below a folder to what is in them.
func fingerprint(t *testing.T, dir string) map[string][32]byte {
	t.Helper()
	files := map[string][32]byte{}
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		files[path] = sha256.Sum256(text)
		return err
	})
	require.NoError(t, err)
	return files
}

// Who cancels gets no findings that only say so.
func TestCancelling(t *testing.T) {
	o := options(t, small().make(t))
	stop := errors.New("stop")
	ctx, cancel := context.WithCancelCause(t.Context())
	o.Progress = func(doing string) {
		if doing == "looking at events" {
			cancel(stop)
		}
	}
	findings, err := diagnose.Examine(ctx, o)
	require.ErrorIs(t, err, stop)
	for _, f := range findings {
		require.NotContains(t, f.Detail, "stop")
		require.NotEqual(t, diagnose.Error, f.Status, "%+v", f)
	}
}

// The set of a folder without files is not nil, but has nothing in it.
func TestEmptySet(t *testing.T) {
	set, problems := definition.Load(os.DirFS(t.TempDir()), "/nowhere")
	findings := examined(t, diagnose.Options{Set: set, Problems: problems, Clock: clock, Engine: warehouse.Config{TempDir: t.TempDir()}})
	require.Equal(t, diagnose.Error, find(t, findings, "opened", "").Status)
}
