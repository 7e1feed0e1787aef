package propose_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/fixtures/shop"
)

// TestDemoShop looks at the demo shop and must find again what its own project
// says of it.
func TestDemoShop(t *testing.T) {
	opt := shop.Default()
	opt.Customers = 1500
	p := proposal(t, build(t, shop.Statements(opt)...))
	t.Run("mapping", func(t *testing.T) { checkShop(t, p.Project()) })
	t.Run("starter", func(t *testing.T) { checkStarter(t, p) })
	t.Run("unsure", func(t *testing.T) { checkUnsure(t, p) })
}

// comments are whole lines of them.
var comments = regexp.MustCompile(`(?m)^ *#.*\n`)

func checkShop(t *testing.T, project string) {
	t.Helper()
	text := comments.ReplaceAllString(project, "")
	containsAll(t, text,
		"warehouse: w.duckdb\n",
		"    table: customers\n    key: customer_id\n    email: email\n    phone: phone\n    consent: email_consent\n    created_at: created_at\n",
		"    table: events\n    customer: customer_id\n    at: ts\n    type: event_type\n    id: event_id\n    loaded_at: loaded_at\n",
		"      price: {path: properties.price, type: decimal}\n",
		"      path: {path: properties.path, type: text}\n",
		"    table: orders\n    customer: customer_id\n    at: ordered_at\n    id: order_id\n    amount: amount\n    status: status\n    loaded_at: loaded_at\n",
		"  order: {from: orders, where: \"status not in ('cancelled', 'refunded')\"}\n  any_order: {from: orders}\n")
	for _, name := range []string{"page_view", "product_view", "add_to_cart", "checkout_start", "app_open", "email_sent", "email_open", "email_click"} {
		require.Contains(t, text, "  "+name+": {from: events, type: "+name+"}\n")
	}
	require.Equal(t, 4, strings.Count(text, "    table: "), "every table is used")
	require.NotContains(t, text, "query:")
	containsAll(t, project, "# unsure: which of its values mean yes? Seen: denied, granted\n", "are no customers; their rows count nowhere\n")
}

// checkStarter demands first segments that find somebody.
func checkStarter(t *testing.T, p proposed) {
	t.Helper()
	sizes := p.sizes(t)
	require.Equal(t, int64(1500), sizes["population"])
	for _, name := range []string{"buyers", "lapsed", "big_spenders"} {
		require.Positive(t, sizes[name], name)
	}
	require.Less(t, sizes["big_spenders"], sizes["buyers"]/5)
}

// checkUnsure demands that every unsure guess stands in the file and is listed.
func checkUnsure(t *testing.T, p proposed) {
	t.Helper()
	require.Len(t, p.Unsure(), strings.Count(p.Project(), "# unsure: "))
	require.Contains(t, p.Unsure()[0], "timezone: UTC")
	for _, guess := range p.Guesses {
		require.NotEmpty(t, guess.Reason)
		require.NotEmpty(t, guess.Subject)
	}
}
