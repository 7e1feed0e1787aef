package diagnose_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/definition"
	"strata/sql/warehouse"
)

func TestScratch(t *testing.T) {
	dir := "/tmp/demo"
	set, list := definition.Load(os.DirFS(dir), dir)
	require.NoError(t, list.Err())
	program, list := check.Check(set)
	require.NoError(t, list.Err())
	db, err := warehouse.Open(t.Context(), warehouse.Config{Warehouse: dir + "/warehouse.duckdb", TempDir: t.TempDir()})
	require.NoError(t, err)
	defer db.Close()
	clock := time.Date(2026, 10, 31, 23, 0, 0, 0, time.UTC)
	c := compile.New(program, compile.Options{AsOf: clock})
	for _, s := range program.Sources {
		st, err := c.Health(compile.HealthOf{Source: s, Clock: clock})
		require.NoError(t, err)
		text, err := st.Literal()
		require.NoError(t, err)
		fmt.Println(text)
		begin := time.Now()
		rows, err := db.Query(t.Context(), st.SQL, st.Args...)
		require.NoError(t, err)
		names, _ := rows.Columns()
		for rows.Next() {
			row, err := warehouse.PlainRow(rows)
			require.NoError(t, err)
			for i := range row {
				fmt.Println("   ", names[i], row[i])
			}
		}
		require.NoError(t, rows.Close())
		fmt.Println(s.Name, time.Since(begin))
	}
	st, err := c.UnknownInLists([][]string{{"1", "2"}, {"x", "y", "1"}})
	require.NoError(t, err)
	rows, err := db.Query(t.Context(), st.SQL, st.Args...)
	require.NoError(t, err)
	for rows.Next() {
		row, err := warehouse.PlainRow(rows)
		fmt.Println(row, err)
	}
	rows.Close()
	for _, s := range program.Sources {
		if s.Kind != nil {
			begin := time.Now()
			st, _ := c.Kinds(s, 10)
			rows, err := db.Query(t.Context(), st.SQL, st.Args...)
			require.NoError(t, err)
			for rows.Next() {
				row, err := warehouse.PlainRow(rows)
				fmt.Println(row, err)
			}
			rows.Close()
			fmt.Println(time.Since(begin))
		}
	}
}
