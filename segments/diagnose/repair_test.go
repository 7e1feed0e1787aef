package diagnose

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/segments/definition"
)

// columnsOfTest are what the sources of the test have.
var columnsOfTest = map[string][]definition.Column{
	"customers": {{Name: "id", Type: "BIGINT"}, {Name: "email", Type: "VARCHAR"}, {Name: "since", Type: "TIMESTAMPTZ"}, {Name: "for", Type: "DATE"}},
	"orders":    {{Name: "customer", Type: "BIGINT"}, {Name: "at", Type: "TIMESTAMP"}, {Name: "amount", Type: "DOUBLE"}, {Name: "doc", Type: "JSON"}},
}

// setOf reads a strata.yaml.
func setOf(t require.TestingT, text string) *definition.Set {
	set, _ := definition.Load(fstest.MapFS{"strata.yaml": {Data: []byte(text)}}, "")
	require.NotNil(t, set.Project)
	schema := &definition.Schema{Sources: map[string][]definition.Column{}}
	for _, s := range set.Project.Sources {
		if columns := usable(columnsOfTest[s.Name.Name]); len(columns) > 0 {
			schema.Sources[s.Name.Name] = columns
		}
	}
	return &definition.Set{Project: bare(set.Project), Schema: schema}
}

// Whatever a mapping says, the repair ends, reports something for all that it
// leaves out, and what is left can be looked at.
func TestRepairsEnd(t *testing.T) {
	column := rapid.SampledFrom([]string{"id", "email", "since", "customer", "at", "amount", "doc", "nothing", "for"})
	rapid.Check(t, func(t *rapid.T) {
		var text strings.Builder
		text.WriteString("warehouse: w\ntimezone: UTC\nsources:\n  customers: {table: customers")
		for _, role := range []string{"key", "email", "phone", "consent", "created_at", "valid_from"} {
			if rapid.Bool().Draw(t, role) {
				text.WriteString(", " + role + ": " + column.Draw(t, role+" column"))
			}
		}
		text.WriteString("}\n  orders: {table: orders")
		roles := 0
		for _, role := range []string{"customer", "at", "id", "type", "amount", "status", "loaded_at"} {
			if rapid.Bool().Draw(t, role) {
				roles++
				text.WriteString(", " + role + ": " + column.Draw(t, role+" column"))
			}
		}
		text.WriteString(", fields: {part: {path: " + column.Draw(t, "path") + ".x, type: " +
			rapid.SampledFrom([]string{"text", "decimal", "many"}).Draw(t, "type") + "}}}\n")
		set := setOf(t, text.String())
		before := len(set.Project.Sources[1].Roles)
		program, wrong := repaired(set)
		require.NotNil(t, program, "%s", text.String())
		require.Len(t, program.Sources, 2)
		require.Equal(t, roles, before)
		left := len(set.Project.Sources[1].Roles)
		mistakes := 0
		for _, w := range wrong {
			require.NotEmpty(t, w.diagnostic.Message)
			if w.subject == "orders" {
				mistakes++
			}
		}
		require.GreaterOrEqual(t, mistakes, before-left)
	})
}

// The project that was read is not changed by leaving things out of a copy.
func TestRepairsWorkOnACopy(t *testing.T) {
	set, _ := definition.Load(fstest.MapFS{"strata.yaml": {Data: []byte(
		"warehouse: w\ntimezone: UTC\nsources:\n  customers: {table: c, key: nothing}\n  orders: {table: o, customer: nothing, at: at}\nstreams: {order: {from: orders}}\n")}}, "")
	copied := &definition.Set{Project: bare(set.Project), Schema: &definition.Schema{Sources: columnsOfTest}}
	_, wrong := repaired(copied)
	require.Len(t, wrong, 2, "a column of customers that rules cannot name takes the source with it, and a role of orders")
	require.Len(t, copied.Project.Sources, 1)
	require.Len(t, set.Project.Sources, 2)
	require.Len(t, set.Project.Sources[0].Roles, 1)
	require.Len(t, set.Project.Sources[1].Roles, 2)
	require.Len(t, set.Project.Streams, 1)
}

func TestFileSizes(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "a"), make([]byte, 7), 0o600))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "b"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "b", "c"), make([]byte, 5), 0o600))
	require.EqualValues(t, 12, fileSize(dir))
	require.EqualValues(t, 7, fileSize(filepath.Join(dir, "a")))
	require.EqualValues(t, 0, fileSize(filepath.Join(dir, "nothing")))
}
