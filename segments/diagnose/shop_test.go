package diagnose_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/fixtures/shop"
	"strata/segments/diagnose"
	"strata/sql/warehouse"
)

// truth is a number that somebody counted by hand in the demo shop.
func truth(t *testing.T, name string) int64 {
	t.Helper()
	for _, known := range shop.Truths() {
		if known.Name == name {
			return known.Want
		}
	}
	t.Fatalf("nobody counted %q", name)
	return 0
}

// The demo shop has dirt of known size, and all of it is found.
func TestShop(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, shop.Files()))
	require.NoError(t, warehouse.Build(t.Context(), filepath.Join(dir, "warehouse.duckdb"), shop.Statements(shop.Default())))
	o := options(t, dir)
	o.Clock = time.Date(2026, time.October, 31, 23, 0, 0, 0, time.UTC)
	findings := examined(t, o)

	for _, test := range []struct{ code, subject, truth string }{
		{"rows", "customers", "customers"},
		{"rows", "events", "events"},
		{"rows", "orders", "orders"},
		{"missing_created", "customers", "customers with a missing created_at"},
		{"missing_consent", "customers", "customers with a missing consent"},
		{"missing_keys", "events", "events without a customer"},
		{"orphans", "orders", "orders of unknown customers"},
		{"ahead", "events", "events dated nine years ahead"},
		{"ahead", "orders", "orders dated nine years ahead"},
		{"late", "events", "events loaded more than a day late"},
		{"late", "orders", "orders loaded more than a day late"},
		{"unread", "events", "prices in JSON that are no number"},
	} {
		f := find(t, findings, test.code, test.subject)
		require.NotNil(t, f.Count, test.code)
		require.Equal(t, truth(t, test.truth), *f.Count, test.truth)
	}
	require.Contains(t, find(t, findings, "orphans", "orders").Detail, "125 of 113,173 (0.11%), of 63 customers such as 900000")
	require.EqualValues(t, 63, truth(t, "unknown customers in orders"))

	// Addresses are shared, keys are not, and no event is of an unknown customer.
	require.Empty(t, every(findings, "repeated_keys", ""))
	require.Empty(t, every(findings, "orphans", "events"))
	require.Equal(t, "10 streams over events; every type they ask for occurs", find(t, findings, "streams", "events").Detail)
	require.Equal(t, "strata.schema.yaml agrees with the warehouse: 43 columns of 4 sources", find(t, findings, "agrees", "").Detail)
	require.Equal(t, "the newest row of orders is of 2026-10-31 23:55 CET, 4 minutes ago; the newest load was 30 minutes ago",
		find(t, findings, "newest", "orders").Detail)
	require.Equal(t, diagnose.Warning, diagnose.Worst(findings), "nothing in the shop keeps a command from working")
}
