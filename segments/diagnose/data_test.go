package diagnose_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/diagnose"
)

// A project without fault has nothing to warn of, and every check was done.
func TestNothingIsWrong(t *testing.T) {
	findings := examine(t, small())
	require.NotContains(t, []diagnose.Status{diagnose.Warning, diagnose.Error}, diagnose.Worst(findings), "%+v", findings)
	for _, code := range []string{"project", "zone", "opened", "agrees", "rows", "keys", "newest", "streams", "store", "leftovers", "terminal"} {
		require.NotEmpty(t, every(findings, code, ""), code)
	}
	require.Equal(t, "the newest row of orders is of 2026-01-20 12:00 CET, 1 hour ago; the newest load was 55 minutes ago",
		find(t, findings, "newest", "orders").Detail)
	require.Equal(t, "every row of events belongs to a customer; customer_id is BIGINT", find(t, findings, "keys", "events").Detail)
	require.Equal(t, "the consent of customers is consent", find(t, findings, "consent", "customers").Detail)
	require.Equal(t, "strata.schema.yaml agrees with the warehouse: 14 columns of 3 sources", find(t, findings, "agrees", "").Detail)
}

// want is a finding that a fault in the data must lead to.
type want struct {
	code, subject string
	status        diagnose.Status
	count         int64
	detail        string
}

// dirt are faults in rows, each by itself, with what was planted.
var dirt = []struct {
	name       string
	statements []string
	want       want
}{
	{
		"orphans",
		[]string{`INSERT INTO orders SELECT 100 + i, 70 + i % 2, TIMESTAMPTZ '2026-01-01 00:00:00+00', 1, '2026-01-01 00:00:00+00' FROM range(5) AS t(i)`},
		want{"orphans", "orders", diagnose.Warning, 5, "rows of orders of unknown customers: 5 of 15 (33.33%), of 2 customers such as 70; they count for nobody"},
	},
	{
		"mostly orphans",
		[]string{`UPDATE orders SET customer_id = 1000 + order_id WHERE order_id < 5`},
		want{"orphans", "orders", diagnose.Error, 5, "5 of 10 (50%), of 5 customers such as 1000"},
	},
	{
		"rows without customer",
		[]string{`UPDATE events SET customer_id = NULL WHERE event_id < 3`},
		want{"missing_keys", "events", diagnose.Warning, 3, "rows of events without customer_id: 3 of 20 (15%); they count for nobody"},
	},
	{
		"customers without key",
		[]string{`INSERT INTO customers VALUES (NULL, 'DE', 'granted', NULL)`},
		want{"missing_keys", "customers", diagnose.Warning, 1, "rows of customers without customer_id: 1 of 11 (9.09%); they are never customers"},
	},
	{
		"repeated keys",
		[]string{`INSERT INTO customers SELECT 7, 'AT', 'granted', NULL FROM range(2)`, `INSERT INTO customers VALUES (3, 'AT', 'granted', NULL)`},
		want{"repeated_keys", "customers", diagnose.Error, 2, "values of customers.customer_id that occur more than once: 2, with 3 rows too many, such as 3, 7"},
	},
	{
		"rows without time",
		[]string{`UPDATE events SET ts = NULL WHERE event_id = 9`},
		want{"missing_times", "events", diagnose.Warning, 1, "rows of events without ts: 1 of 20 (5%); they lie in no window"},
	},
	{
		"rows ahead",
		[]string{`UPDATE events SET ts = '2035-01-01 00:00:00+00' WHERE event_id < 2`, `UPDATE events SET ts = '2026-01-20 12:00:00+00' WHERE event_id = 2`},
		want{"ahead", "events", diagnose.Warning, 2, "rows of events dated in the future: 2 of 20 (10%), up to 2035-01-01 01:00 CET"},
	},
	{
		"late rows",
		[]string{`UPDATE events SET loaded_at = ts + to_hours(24) WHERE event_id = 1`, `UPDATE events SET loaded_at = ts + to_hours(170) WHERE event_id IN (2, 3)`},
		want{"late", "events", diagnose.Note, 2, "rows of events loaded more than a day late: 2 of 20 (10%), at most 7 days"},
	},
	{
		"rows without load",
		[]string{`UPDATE orders SET loaded_at = NULL WHERE order_id = 1`},
		want{"missing_loads", "orders", diagnose.Note, 1, "rows of orders without loaded_at: 1 of 10 (10%)"},
	},
	{
		"old data",
		[]string{`UPDATE orders SET ordered_at = ordered_at - to_days(3), loaded_at = loaded_at - to_days(3)`},
		want{"newest", "orders", diagnose.Warning, 0, "the newest row of orders is of 2026-01-17 12:00 CET, 3 days ago"},
	},
	{
		"customers without created_at",
		[]string{`UPDATE customers SET created_at = NULL WHERE customer_id < 3`},
		want{"missing_created", "customers", diagnose.Note, 2, "customers without created_at: 2 of 10 (20%); they are there at every moment"},
	},
	{
		"customers of the future",
		[]string{`UPDATE customers SET created_at = '2027-01-01 00:00:00+00' WHERE customer_id < 2`},
		want{"created_ahead", "customers", diagnose.Warning, 1, "customers created in the future: 1 of 10 (10%)"},
	},
	{
		"customers without consent",
		[]string{`UPDATE customers SET consent = NULL WHERE customer_id < 5`},
		want{"missing_consent", "customers", diagnose.Note, 4, "customers without consent: 4 of 10 (40%); a test of it is false for them"},
	},
	{
		"no rows of a type",
		[]string{`UPDATE events SET kind = 'carts' WHERE kind = 'cart'`},
		want{"no_rows", "cart", diagnose.Warning, 0, `no row of events has the kind "cart", so the stream cart is empty`},
	},
	{
		"a type in no stream",
		[]string{`UPDATE events SET kind = 'App Open' WHERE event_id IN (4, 5)`},
		want{"no_stream", "events", diagnose.Note, 1, "1 type of events in no stream: App Open"},
	},
	{
		"rows without type",
		[]string{`UPDATE events SET kind = NULL WHERE event_id IN (4, 5)`},
		want{"untyped", "events", diagnose.Note, 2, "rows of events without kind: 2; no stream with `type:` counts them"},
	},
	{
		"no type column",
		[]string{`INSERT INTO events SELECT i, 1, TIMESTAMPTZ '2026-01-01 00:00:00+00', 'k' || i, NULL FROM range(10001) AS t(i)`},
		want{"types", "events", diagnose.Warning, 0, "kind has more than 10,000 values in events rows: it does not look like a type"},
	},
	{
		"an empty table",
		[]string{`DELETE FROM orders`},
		want{"rows", "orders", diagnose.Warning, 0, "orders is empty"},
	},
}

func TestDirtIsFound(t *testing.T) {
	for _, test := range dirt {
		t.Run(test.name, func(t *testing.T) {
			findings := examine(t, small(test.statements...))
			f := find(t, findings, test.want.code, test.want.subject)
			require.Equal(t, test.want.status, f.Status)
			require.Contains(t, f.Detail, test.want.detail)
			if test.want.count > 0 {
				require.NotNil(t, f.Count)
				require.Equal(t, test.want.count, *f.Count)
			}
		})
	}
}

// Hints name what was most likely meant.
func TestHintsNameWhatIsNear(t *testing.T) {
	findings := examine(t, small(`UPDATE events SET kind = 'App Open' WHERE kind = 'cart'`, `UPDATE events SET kind = 'views' WHERE kind = 'view'`))
	require.Equal(t, `did you mean "views"?`, find(t, findings, "no_rows", "view").Hint)
	require.Equal(t, "its types are: App Open, views", find(t, findings, "no_rows", "cart").Hint)
	require.Contains(t, find(t, findings, "no_stream", "events").Hint, "`app_open: {from: events, type: App Open}`")
}

// Where customers keep history a key occurs once per version.
func TestVersionsAreNoRepeatedKeys(t *testing.T) {
	p := small(`ALTER TABLE customers ADD COLUMN since TIMESTAMPTZ DEFAULT '2025-01-01 00:00:00+00'`,
		`INSERT INTO customers SELECT customer_id, 'AT', consent, created_at, NULL FROM customers WHERE customer_id < 4`)
	p.with("strata.yaml", replaced(t, smallProject, "consent: consent, created_at: created_at", "created_at: created_at, valid_from: since"))
	findings := examine(t, p)
	require.Empty(t, every(findings, "repeated_keys", ""))
	require.Contains(t, find(t, findings, "keys", "customers").Detail, "has 10 values in 13 rows: versions of customers")
	require.EqualValues(t, 3, *find(t, findings, "missing_versions", "customers").Count)
	require.Empty(t, every(findings, "in_place", "customers"))
	require.Contains(t, find(t, findings, "consent", "customers").Detail, "maps no consent")
}

// Keys of another type are compared in the type of the customers' key, and
// those that are none are counted.
func TestKeysOfAnotherType(t *testing.T) {
	p := small(
		`ALTER TABLE customers ALTER customer_id TYPE UUID USING md5(customer_id::VARCHAR)::UUID`,
		`ALTER TABLE events ALTER customer_id TYPE UUID USING md5(customer_id::VARCHAR)::UUID`,
		`ALTER TABLE orders ALTER customer_id TYPE VARCHAR USING CASE WHEN order_id < 2 THEN 'x' WHEN order_id < 5 THEN upper(md5('no customer')) ELSE upper(md5(customer_id::VARCHAR)) END`)
	findings := examine(t, p)
	require.EqualValues(t, 2, *find(t, findings, "unreadable_keys", "orders").Count)
	require.EqualValues(t, 3, *find(t, findings, "orphans", "orders").Count)
	require.Equal(t, "orders.customer_id is VARCHAR and the customers' customer_id is UUID: they are compared as UUID", find(t, findings, "key_type", "orders").Detail)
	require.Empty(t, every(findings, "key_type", "events"))
	require.Equal(t, diagnose.OK, find(t, findings, "keys", "events").Status)
}
