package propose_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/propose"
	"strata/sql/dialect"
	"strata/sql/warehouse"
)

// The names and values that random tables are made of.
var (
	randomTables = []string{
		"customers", "Users", "dim_member", "orders", "raw_orders", "events", "web events", "order_items", "payments", "log", "select", "über", "visits",
		"people_history", "x", "invoices",
	}
	randomColumns = []string{
		"id", "ID", "customer_id", "CustomerID", "user id", "key", "email", "e mail", "phone", "created_at", "updated_at", "ts", "at", "date", "day", "month",
		"nth", "gap", "type", "event_type", "event name", "status", "state", "amount", "price", "unit_price", "quantity", "total", "order_id", "invoice_no",
		"loaded_at", "valid_from", "valid_to", "customer", "in", "not", "select", "properties", "payload", "consent", "Straße", "a.b", "a\"b", "a'b", "1x", "-",
		"currency", "is_test", "cancelled_at", "rowid", "value", "last", "missing", "member", "product_id", "country", "tags", "日本", "where", "zone",
	}
	randomValues = []string{
		"i", "i % 7", "i % 3 = 0", "i::DOUBLE", "i / 3.0", "(i % 50)::DECIMAL(12,2)", "i::VARCHAR", "(i % 5)::VARCHAR || '.0'", "NULL::INTEGER", "NULL::VARCHAR",
		"DATE '2025-01-01' + (i % 90)::INTEGER", "TIMESTAMP '2025-01-01' + to_hours(i)", "TIMESTAMPTZ '2025-01-01' + to_hours(i)", "'2025-01-0' || (i % 9 + 1)",
		"strftime(DATE '2025-01-01' + (i % 90)::INTEGER, '%d/%m/%Y')", "['paid', 'cancelled', 'it''s', ''][i % 4 + 1]", "['view', 'Add To Cart', 'last', 'a: b # c'][i % 4 + 1]",
		"uuid()", "['x', 'y']", "{'a': i, 'b c': 'z'}", "('{\"a\": ' || i || ', \"day\": \"x\", \"it''s\": 1.5}')::JSON", "'{\"k\": true}'", "'x@y.de'", "MAP {'k': i}",
		"'\\x00'::BLOB", "INTERVAL 1 DAY", "TIME '10:00'", "1735689600 + i", "20250101 + i % 28", "'C' || i", "('a' || (i % 3))::VARCHAR", "[{'a': 1}]", "'NaN'::DOUBLE",
		"i::HUGEINT", "i::UTINYINT", "TIMESTAMP_NS '2025-01-01 00:00:00.123456789'", "'12,50'", "'$' || i",
	}
)

// randomTable is the statement of a table that somebody may have.
func randomTable(r *rand.Rand, name string) string {
	var columns []string
	for _, at := range r.Perm(len(randomColumns))[:1+r.IntN(12)] {
		taken := strings.Contains(strings.ToLower(strings.Join(columns, " ")), strings.ToLower(" AS "+dialect.Ident(randomColumns[at])))
		if !taken {
			columns = append(columns, randomValues[r.IntN(len(randomValues))]+" AS "+dialect.Ident(randomColumns[at]))
		}
	}
	return fmt.Sprintf("CREATE TABLE %s AS SELECT %s FROM range(%d) AS r(i)", dialect.Ident(name), strings.Join(columns, ", "), r.IntN(120))
}

func seeds(n uint64) []uint64 {
	var list []uint64
	for seed := range n {
		list = append(list, seed)
	}
	return list
}

// TestRandomWarehouses makes warehouses of columns that do not fit together.
// Whatever they hold, what is proposed loads, checks and can be counted.
func TestRandomWarehouses(t *testing.T) {
	usable := 0
	// The last seeds are those that found something once.
	for _, seed := range append(seeds(30), 56, 58, 80, 97, 300, 623, 857) {
		r := rand.New(rand.NewPCG(seed, 7))
		var statements []string
		for _, at := range r.Perm(len(randomTables))[:1+r.IntN(4)] {
			statements = append(statements, randomTable(r, randomTables[at]))
		}
		db, err := warehouse.Scratch(t.Context())
		require.NoError(t, err)
		for _, statement := range statements {
			_, err := db.Exec(t.Context(), statement)
			require.NoError(t, err, statement)
		}
		_, err = propose.Look(t.Context(), db)
		if _, unusable := errors.AsType[*propose.UnusableError](err); !unusable {
			require.NoError(t, err, "seed %d:\n%s", seed, strings.Join(statements, ";\n"))
			t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
				t.Log(strings.Join(statements, ";\n"))
				proposal(t, db)
			})
			usable++
		}
		require.NoError(t, db.Close())
	}
	require.Greater(t, usable, 10)
}
