package evaluate_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestKeptCustomersComeAndGo lets a customer vanish and come back, while orders
// are made all the same, and others appear that had orders before.
func TestKeptCustomersComeAndGo(t *testing.T) {
	s := keptShopAtNoon(t, nil)
	s.exec(t, `DELETE FROM customers WHERE customer_id = 1`)
	s.continues(t, time.Second, "all -1", "recent -1", "visitors -1", "picked -1", "worth.small -1")
	s.exec(t, `INSERT INTO orders VALUES (3, 1, '2026-01-15 11:00:01+00', 70, 'paid', '2026-01-15 12:00:00+00'), (4, 4, '2026-01-14 00:00:00+00', 99, 'paid', '2026-01-15 12:00:00+00')`)
	s.continues(t, time.Minute)
	s.continues(t, 2*time.Minute)
	s.exec(t, `INSERT INTO customers VALUES (1, 'DE', false, NULL), (4, 'DE', true, '2026-01-15 11:03:00+00')`)
	found := s.continues(t, 3*time.Minute, "all +1", "recent +1", "visitors +1", "picked +1", "worth.big +1", "spenders +1")
	require.Equal(t, map[string]bool{"1": false, "2": true}, found.units["spenders"])
	s.continues(t, 3*time.Minute+onlyMicro, "all +4", "recent +4", "worth.small +4")
	s.exec(t, `INSERT INTO orders VALUES (5, 4, '2026-01-15 11:03:00+00', 1, 'paid', '2026-01-15 12:30:00+00')`)
	s.continues(t, 4*time.Minute, "worth.small -4", "worth.big +4", "spenders +4")
	s.exec(t, `DELETE FROM customers`)
	found = s.continues(t, 5*time.Minute,
		"all -1", "all -2", "all -3", "all -4", "recent -1", "recent -4", "spenders -1", "spenders -2", "spenders -4", "visitors -1", "clicked -3", "picked -1",
		"worth.big -1", "worth.big -2", "worth.big -4", "worth.none -3")
	require.Zero(t, found.Customers)
}

// TestKeptFieldsChange changes what is no row: fields, who may be contacted, and
// a list. None of it makes a run begin anew.
func TestKeptFieldsChange(t *testing.T) {
	s := keptShopAtNoon(t, map[string]string{"segments/more.yaml": `
segments:
  germans: {where: "country = 'DE' and count(order) ever >= 1"}
  often: {where: "count(order) ever + count(visit) ever >= 2", gate: mailable}
  steady: {where: "(count(order where at in last 3 days) ever >= 1) for 3 days"}
`})
	found := s.continues(t, time.Second)
	require.Len(t, found.Skipped, 1, "what is left out has no changes, and the others have them all the same")
	require.Contains(t, found.Skipped[0].Reason, "for cannot be followed over time: the rows of order that count change with the moment")
	require.Equal(t, map[string]bool{"2": true}, found.units["spenders"])
	require.Equal(t, map[string]bool{"1": true}, found.units["often"])
	s.exec(t, `UPDATE customers SET country = 'DE', consent = NULL WHERE customer_id = 2`)
	found = s.continues(t, 2*time.Second, "germans +2")
	require.Equal(t, map[string]bool{"2": false}, found.units["spenders"])
	s.exec(t, `UPDATE customers SET consent = false`)
	found = s.continues(t, 3*time.Second)
	require.Equal(t, map[string]bool{"1": false}, found.units["often"])
	s.redefine(t, map[string]string{"lists/chosen.csv": "customer_id\n3\n1\n"})
	s.continues(t, 4*time.Second, "picked +3")
	s.exec(t, `INSERT INTO clicks VALUES (1, '2026-01-14 00:00:00+00')`, `DELETE FROM clicks WHERE customer_id = 3`) // Read as a whole each time.
	s.continues(t, 5*time.Second, "clicked +1", "clicked -3")
}

// TestKeptHistory reads customers that have versions.
func TestKeptHistory(t *testing.T) {
	s := newKeptShop(t, map[string]string{
		"strata.yaml":        strings.Replace(keptProject, "created_at: created_at}", "created_at: created_at, valid_from: valid_from, valid_to: valid_to}", 1),
		"strata.schema.yaml": strings.Replace(keptSchema, "created_at: TIMESTAMPTZ}", "created_at: TIMESTAMPTZ, valid_from: TIMESTAMPTZ, valid_to: TIMESTAMPTZ}", 1),
		"segments/more.yaml": "segments: {germans: {where: \"country = 'DE' and count(order) last 7 days >= 1\"}}\n",
	})
	s.exec(t, `CREATE OR REPLACE TABLE customers AS SELECT *, TIMESTAMPTZ '2025-01-01 00:00:00+00' AS valid_from, NULL::TIMESTAMPTZ AS valid_to FROM customers`,
		`UPDATE customers SET valid_to = '2026-01-15 12:00:00+00' WHERE customer_id = 1`,
		`INSERT INTO customers VALUES (1, 'AT', false, NULL, '2026-01-15 12:00:00+00', NULL)`)
	s.begins(t, 0, noRun)
	require.Equal(t, map[string]bool{"1": true}, s.store.units["germans"])
	s.continues(t, time.Hour)
	s.continues(t, time.Hour+onlyMicro, "germans -1")
	s.exec(t, `INSERT INTO customers VALUES (1, 'DE', true, NULL, '2026-01-15 13:00:00+00', NULL)`)
	s.continues(t, 2*time.Hour)
	s.exec(t, `INSERT INTO orders VALUES (3, 3, '2026-01-15 12:30:00+00', 1, 'paid', '2026-01-15 14:00:00+00')`)
	s.continues(t, 3*time.Hour, "germans +1", "germans +3", "recent +3", "worth.none -3", "worth.small +3")
	s.exec(t, `DELETE FROM customers WHERE customer_id = 3`)
	s.continues(t, 4*time.Hour, "all -3", "germans -3", "recent -3", "clicked -3", "worth.small -3")
}

// TestKeptReferences has definitions that read others, in several rounds, and
// rankings, which look at all customers.
func TestKeptReferences(t *testing.T) {
	s := keptShopAtNoon(t, map[string]string{"segments/more.yaml": `
segments:
  best: {where: rank(sum(order.amount) ever) <= 1}
  best_of_recent: {where: percentile(count(order) ever among recent) >= 50}
  small_or_recent: {where: "worth = 'small' or recent"}
  as_text: {where: "upper(worth) = 'BIG'"}
  back: {where: count(visit where customer.as_text) ever >= 1}
  followed: {where: sequence(order then visit within 5 days) ever}
  average: {where: avg(order.amount) ever > 60 and count(order) ever >= 1}
`})
	require.Equal(t, map[string]bool{"2": true}, s.store.units["best"])
	s.exec(t, `INSERT INTO orders VALUES (3, 1, '2026-01-15 11:00:00+00', 80, 'paid', '2026-01-15 12:00:00+00')`)
	s.continues(t, time.Hour, "best +1", "best -2", "worth.small -1", "worth.big +1", "spenders +1", "as_text +1", "back +1", "average +1")
	s.exec(t, `INSERT INTO visits (customer_id, ts) VALUES (2, '2026-01-15 12:00:00+00')`, `INSERT INTO orders VALUES (4, 2, '2026-01-15 08:30:00+00', 9, 'paid', '2026-01-15 12:00:01+00')`)
	s.continues(t, 2*time.Hour, "visitors +2", "back +2", "followed +2", "recent +2", "best_of_recent +2", "small_or_recent +2")
}

// TestKeptKeyNames gives the key's column names that the tables of a continued
// run have columns of, and reads the visits by a query.
func TestKeptKeyNames(t *testing.T) {
	for _, key := range []string{"was", "key", "unit", "entered"} {
		s := newKeptShop(t, map[string]string{
			"strata.yaml": strings.NewReplacer("table: customers, key: customer_id", "table: customers, key: "+key,
				"table: visits,", "query: \"SELECT customer_id, ts, page FROM visits WHERE page <> 'hidden'\",").Replace(keptProject),
			"strata.schema.yaml": strings.NewReplacer("customers: {customer_id:", "customers: {"+key+":", ", due: DATE", "").Replace(keptSchema),
		})
		s.exec(t, `ALTER TABLE customers RENAME COLUMN customer_id TO "`+key+`"`)
		s.begins(t, 0, noRun)
		s.exec(t, `INSERT INTO visits VALUES (2, '2026-01-15 12:00:00+00', 'help', NULL), (3, '2026-01-15 12:00:00+00', 'hidden', NULL)`,
			`INSERT INTO orders VALUES (3, 3, '2026-01-15 10:00:00+00', 1, 'paid', '2026-01-15 12:00:00+00')`, `DELETE FROM customers WHERE country = 'AT'`,
			`INSERT INTO customers VALUES (2, NULL, true, NULL), (5, NULL, true, NULL)`)
		s.continues(t, 2*time.Hour, "visitors +2", "helpless +2", "recent +3", "worth.none -3", "worth.small +3", "all +5", "worth.none +5")
	}
}
