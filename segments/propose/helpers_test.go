package propose_test

import (
	"compress/gzip"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/definition"
	"strata/segments/evaluate"
	"strata/segments/propose"
	"strata/segments/source"
	"strata/sql/warehouse"
)

// build makes a warehouse file with statements and opens it.
func build(t *testing.T, statements ...string) *warehouse.DB {
	t.Helper()
	path := filepath.Join(t.TempDir(), "w.duckdb")
	require.NoError(t, warehouse.Build(t.Context(), path, statements))
	return open(t, path)
}

func open(t *testing.T, path string) *warehouse.DB {
	t.Helper()
	db, err := warehouse.Open(t.Context(), warehouse.Config{Warehouse: path})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// folder makes a warehouse of files. Names that end in .gz are compressed.
func folder(t *testing.T, files map[string]string) *warehouse.DB {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if !strings.HasSuffix(name, ".gz") {
			require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
			continue
		}
		f, err := os.Create(path)
		require.NoError(t, err)
		zipped := gzip.NewWriter(f)
		_, err = zipped.Write([]byte(text))
		require.NoError(t, err)
		require.NoError(t, zipped.Close())
		require.NoError(t, f.Close())
	}
	return open(t, dir)
}

// proposed is a proposal that was loaded and checked.
type proposed struct {
	propose.Proposal
	program *check.Program
	*evaluate.Evaluator
	asOf time.Time
}

// proposal looks at a warehouse and demands what every proposal promises: it
// loads and checks without errors or warnings, its layout is canonical, and
// every segment can be counted.
func proposal(t *testing.T, db *warehouse.DB) proposed {
	t.Helper()
	p, err := propose.Look(t.Context(), db)
	require.NoError(t, err)
	p.Warehouse = "w.duckdb"
	files := map[string]string{"strata.yaml": p.Project(), "strata.schema.yaml": p.Schema(), "segments/first.yaml": p.Starter()}
	fs := fstest.MapFS{}
	for name, text := range files {
		fs[name] = &fstest.MapFile{Data: []byte(text)}
		formatted, list := definition.FormatFile(source.NewFile(name, text))
		require.NoError(t, list.Err(), text)
		require.Equal(t, formatted, text)
	}
	set, list := definition.Load(fs, ".")
	require.Empty(t, list, files["strata.yaml"])
	program, list := check.Check(set)
	require.NoError(t, list.Err(), files["strata.yaml"]+files["strata.schema.yaml"]+files["segments/first.yaml"])
	require.Empty(t, list)
	found := proposed{Proposal: p, program: program, Evaluator: evaluate.New(db, program)}
	found.asOf, err = found.Latest(t.Context(), time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		require.ErrorIs(t, err, evaluate.ErrNoRows)
		found.asOf = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	found.sizes(t)
	for _, stream := range program.Streams {
		found.total(t, "count("+stream.Name+") ever")
	}
	text, _, err := propose.Schema(t.Context(), db, set.Project)
	require.NoError(t, err)
	require.Equal(t, files["strata.schema.yaml"], text, "what init writes is what doctor writes")
	again, err := propose.Look(t.Context(), db)
	require.NoError(t, err)
	again.Warehouse = p.Warehouse
	require.Equal(t, files["strata.yaml"], again.Project(), "the same data gives the same proposal")
	return found
}

// sizes counts all segments.
func (p proposed) sizes(t *testing.T) map[string]int64 {
	t.Helper()
	sizes := map[string]int64{}
	require.NotEmpty(t, p.program.Segments)
	for _, s := range p.program.Segments {
		count, err := p.Count(t.Context(), s, p.asOf)
		require.NoError(t, err, p.Project())
		sizes[s.DefinitionName()] = count.Members
		sizes["population"] = count.Customers
	}
	return sizes
}

// total adds up a value over all customers, without zeros at the end.
func (p proposed) total(t *testing.T, rule string) string {
	t.Helper()
	value, list := p.program.Expression(source.WholeFile(source.NewFile("rule", rule)))
	require.Empty(t, list, p.Project())
	listing, err := p.List(t.Context(), compile.Listing{Outputs: []compile.Output{{Name: "value", Value: value}}}, p.asOf)
	require.NoError(t, err, rule)
	sum := new(big.Rat)
	for _, row := range listing.Rows {
		if row[1] != nil {
			number, ok := new(big.Rat).SetString(warehouse.Text(row[1]))
			require.True(t, ok, row[1])
			sum.Add(sum, number)
		}
	}
	return strings.TrimSuffix(strings.TrimRight(sum.FloatString(6), "0"), ".")
}

// retailTable makes a table of the lines of a CSV text with types of its own.
func retailTable(columns string) string {
	var values []string
	for line := range strings.SplitSeq(strings.TrimSpace(retailLines), "\n") {
		cells := strings.Split(line, ",")
		for i, cell := range cells {
			if cells[i] = "'" + cell + "'"; cell == "" {
				cells[i] = "NULL"
			}
		}
		values = append(values, "("+strings.Join(cells, ", ")+")")
	}
	return "CREATE TABLE online_retail AS SELECT " + columns + " FROM (VALUES " + strings.Join(values, ", ") +
		") AS t(InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID, Country)"
}
