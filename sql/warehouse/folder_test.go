package warehouse_test

import (
	"compress/gzip"
	"os"
	"path/filepath"
	"testing"

	"strata/sql/warehouse"

	"github.com/stretchr/testify/require"
)

// files writes files below a new folder whose name is hostile to patterns and quotes.
func files(t *testing.T, contents map[string]string) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "o'hara [x]")
	for name, content := range contents {
		path := filepath.Join(folder, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		file, err := os.Create(path)
		require.NoError(t, err)
		if filepath.Ext(name) == ".gz" {
			packed := gzip.NewWriter(file)
			_, err = packed.Write([]byte(content))
			require.NoError(t, err)
			require.NoError(t, packed.Close())
		} else {
			_, err = file.WriteString(content)
			require.NoError(t, err)
		}
		require.NoError(t, file.Close())
	}
	return folder
}

func TestFolder(t *testing.T) {
	folder := files(t, map[string]string{
		"customers.csv":        "customer_id,email\n1,a@example.com\n2,\n",
		"orders.csv.gz":        "order_id,amount,at\n1,5000.00,2026-01-02 03:04:05\n",
		"tags.tsv":             "id\ttag\n1\ta,b\n",
		"more.tsv.gz":          "id\ttag\n1\tx\n2\ty\n",
		"events/2026-01.csv":   "id,type\n1,view\n",
		"events/2026-02.csv":   "id,type\n2,cart\n3,view\n",
		"deep/y=2026/a.csv":    "id\n1\n",
		"deep/y=2027/b.csv":    "id\n2\n",
		"README.md":            "not data",
		".hidden.csv":          "not,data\n",
		"docs/notes.txt":       "not data",
		"Odd name 'x' [1].csv": "a\n7\n",
	})
	require.NoError(t, os.Symlink(filepath.Join(folder, "customers.csv"), filepath.Join(folder, "latest.csv")))
	before := fingerprint(t, folder)
	db := open(t, warehouse.Config{Warehouse: folder})
	tables, err := db.Tables(t.Context())
	require.NoError(t, err)
	counts := map[string]any{}
	for _, table := range tables {
		require.Equal(t, "main", table.Schema)
		require.True(t, table.View)
		counts[table.Name] = one(t, db, `SELECT count(*) FROM "main"."`+table.Name+`"`)
		// The printed relation is what a shell without our views reads.
		require.Equal(t, counts[table.Name], one(t, db, `SELECT count(*) FROM `+db.Relation("main", table.Name)))
	}
	require.Equal(t, map[string]any{
		"customers": int64(2), "orders": int64(1), "tags": int64(1), "more": int64(2), "events": int64(3), "deep": int64(2),
		"Odd name 'x' [1]": int64(1), "latest": int64(2),
	}, counts)
	require.Equal(t, "a,b", one(t, db, `SELECT tag FROM tags`))
	require.EqualValues(t, 2027, one(t, db, `SELECT max(y) FROM deep`))
	require.Contains(t, db.Relation("main", "tags"), `tags.tsv', delim = '\t')`)
	require.Equal(t, `"main"."absent"`, db.Relation("main", "absent"))
	problems, err := db.ImpureViews(t.Context())
	require.NoError(t, err)
	require.Empty(t, problems)
	require.Equal(t, before, fingerprint(t, folder))
}

func TestFolderParquet(t *testing.T) {
	folder := t.TempDir()
	work := shop(t, `COPY customers TO '`+filepath.Join(folder, "customers.parquet")+`'`)
	db := open(t, warehouse.Config{Warehouse: folder})
	require.EqualValues(t, 10, one(t, db, `SELECT count(*) FROM "main"."customers"`))
	require.Equal(t, "read_parquet('"+filepath.Join(folder, "customers.parquet")+"')", db.Relation("main", "customers"))
	require.FileExists(t, work)
}

func TestFolderRefuses(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "salaries.csv")
	require.NoError(t, os.WriteFile(outside, []byte("a\n1\n"), 0o600))
	linked := files(t, map[string]string{"a.csv": "a\n1\n"})
	require.NoError(t, os.Symlink(outside, filepath.Join(linked, "b.csv")))
	deep := files(t, map[string]string{"a/a.csv": "a\n1\n"})
	require.NoError(t, os.Symlink(outside, filepath.Join(deep, "a", "b.csv")))
	for _, c := range []struct {
		name, folder, says string
		kind               warehouse.Kind
	}{
		{"link out of the folder", linked, "link to a place outside", warehouse.Refused},
		{"link out of a folder inside", deep, "link to a place outside", warehouse.Refused},
		{"two files of one name", files(t, map[string]string{"a.csv": "a\n1\n", "a.tsv": "a\n1\n"}), "a.csv and a.tsv would both be the table a", warehouse.Failed},
		{"two formats", files(t, map[string]string{"a/a.csv": "a\n1\n", "a/b.tsv": "a\n1\n"}), "holds .csv and .tsv files", warehouse.Failed},
		{"no data", files(t, map[string]string{"README.md": "x"}), "holds no data files", warehouse.Missing},
		{"damaged", files(t, map[string]string{"a.parquet": "this is no parquet file"}), "a.parquet", warehouse.Failed},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := warehouse.Open(t.Context(), warehouse.Config{Warehouse: c.folder})
			require.ErrorContains(t, err, c.says)
			require.Equal(t, c.kind, kindOf(t, err))
		})
	}
}
