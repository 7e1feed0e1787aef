package propose

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/catalog"
	"strata/sql/warehouse"
)

// seen makes a profile of columns written as "name TYPE: value|value".
func seen(table string, columns ...string) *profile {
	p := &profile{table: warehouse.Table{Schema: "main", Name: table}, rows: -1}
	for _, text := range columns {
		head, values, _ := strings.Cut(text, ": ")
		at := strings.LastIndex(head, " ")
		kind, _ := catalog.FromDuckDB(head[at+1:])
		c := &column{name: head[:at], physical: head[at+1:], kind: kind.Kind, words: split(head[:at])}
		for value := range strings.SplitSeq(values, "|") {
			c.values = append(c.values, any(value))
			if value == "" {
				c.values[len(c.values)-1] = nil
			}
		}
		p.columns = append(p.columns, c)
	}
	return p
}

func nameOf(c *column) string {
	if c == nil {
		return ""
	}
	return c.name
}

// The moment of a row is told from other times by its name.
func TestTimes(t *testing.T) {
	l := &looker{}
	for want, columns := range map[string][]string{
		"ordered_at":   {"updated_at TIMESTAMP: x", "ordered_at TIMESTAMP: x", "created_at TIMESTAMP: x"},
		"created_at":   {"created_at TIMESTAMP: x", "delivered_at TIMESTAMP: x", "birth_date DATE: x"},
		"ts":           {"_loaded_at TIMESTAMP: x", "ts TIMESTAMP: x"},
		"event_time":   {"date DATE: x", "event_time TIMESTAMP: x"},
		"order_date":   {"order_date DATE: x", "shipped_date DATE: x", "required_date DATE: x"},
		"updated_at":   {"updated_at TIMESTAMP: x", "name VARCHAR: x"},
		"InvoiceDate":  {"InvoiceNo BIGINT: 1", "InvoiceDate TIMESTAMP: x"},
		"occurred":     {"occurred TIMESTAMP: x", "received_at TIMESTAMP: x"},
		"date_of_sale": {"valid_from DATE: x", "date_of_sale DATE: x"},
		"":             {"birth_date DATE: x", "name VARCHAR: x"},
	} {
		found, ok, err := l.timeOf(t.Context(), seen("orders", columns...), nil)
		require.NoError(t, err)
		require.Equal(t, want, nameOf(found.column), columns)
		require.Equal(t, want != "", ok)
	}
	loaded := seen("orders", "at TIMESTAMP: x", "_fivetran_synced TIMESTAMP: x")
	require.Equal(t, "_fivetran_synced", nameOf(loadTime(loaded, loaded.columns[0])))
	require.Empty(t, nameOf(loadTime(loaded, loaded.columns[1])))
}

func TestAmounts(t *testing.T) {
	for want, columns := range map[string][]string{
		"total_amount": {"amount DOUBLE: 1", "total_amount DOUBLE: 1", "tax_amount DOUBLE: 1"},
		"amount":       {"shipping_amount DOUBLE: 1", "amount DOUBLE: 1", "order_id BIGINT: 1"},
		"sales_value":  {"retail_disc DOUBLE: 1", "sales_value DOUBLE: 1", "quantity INTEGER: 1"},
		"dollars":      {"number_of_cds INTEGER: 1", "dollars DOUBLE: 1"},
		"price":        {"unit_price DOUBLE: 1", "price DECIMAL(9,2): 1", "total_items INTEGER: 3"},
		"revenue":      {"revenue VARCHAR: 12.50|3|-4.5"},
		"":             {"amount VARCHAR: much|little", "amount_id BIGINT: 1", "total_count BIGINT: 1"},
	} {
		found, ok := amountOf(seen("orders", columns...))
		require.Equal(t, want, nameOf(found.column), columns)
		require.Equal(t, want != "", ok)
	}
}

func TestStatuses(t *testing.T) {
	for want, columns := range map[string][]string{
		"status":           {"payment_status VARCHAR: a", "status VARCHAR: b"},
		"financial_status": {"financial_status VARCHAR: paid"},
		"state":            {"state VARCHAR: placed|cancelled"},
		"":                 {"state VARCHAR: NY|CA", "status_code INTEGER: 1"},
	} {
		require.Equal(t, want, nameOf(statusOf(seen("orders", columns...))), columns)
	}
}

func TestTypes(t *testing.T) {
	many := strings.TrimSuffix(strings.Repeat("a|", 100), "|")
	for _, c := range []struct {
		want, table string
		columns     []string
	}{
		{"event_type", "log", []string{"event_type VARCHAR: a|b", "type VARCHAR: a"}},
		{"event", "tracks", []string{"event VARCHAR: a|b"}},
		{"type", "events", []string{"type VARCHAR: a|b"}},
		{"name", "web_events", []string{"name VARCHAR: " + many}},
		{"", "orders", []string{"type VARCHAR: web|store", "name VARCHAR: a"}},
		{"", "events", []string{"event_type INTEGER: 1|2"}},
		{"", "events", []string{"event_name VARCHAR:" + manyDifferent(300)}},
	} {
		require.Equal(t, c.want, nameOf(typeOf(seen(c.table, c.columns...))), c.columns)
	}
}

// manyDifferent is a list of different values.
func manyDifferent(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = "v" + strconv.Itoa(i)
	}
	return " " + strings.Join(list, "|")
}

func TestKeys(t *testing.T) {
	for _, c := range []struct {
		want, table string
		columns     []string
	}{
		{"order_id", "raw_orders", []string{"order_id BIGINT: 1|2", "product_id BIGINT: 7|8", "customer_id BIGINT: 1|1"}},
		{"id", "orders", []string{"id BIGINT: 1|2", "invoice_no VARCHAR: a|b"}},
		{"event_id", "clicks", []string{"event_id UUID: a|b", "session_id VARCHAR: a|a"}},
		{"", "orders", []string{"product_id BIGINT: 1|2"}},
		{"", "orders", []string{"order_id DOUBLE: 1.5|2.5"}},
	} {
		require.Equal(t, c.want, nameOf(ownKey(seen(c.table, c.columns...), nil)), c.columns)
	}
}

func TestCustomerColumns(t *testing.T) {
	for _, c := range []struct {
		want    string
		columns []string
	}{
		{"customer_id user_id account_no", []string{"account_no VARCHAR: a", "user_id BIGINT: 1", "customer_id BIGINT: 1", "id BIGINT: 1"}},
		{"CustomerID", []string{"CustomerID DOUBLE: 17850.0|12583.0", "customer_name VARCHAR: a"}},
		{"household_key", []string{"household_key INTEGER: 1", "household_size INTEGER: 2"}},
		{"custid", []string{"custid VARCHAR: a"}},
		{"user", []string{"user VARCHAR: a", "user_agent VARCHAR: b"}},
		{"", []string{"customer_id DOUBLE: 1.5", "user_id TIMESTAMP: x", "customer_type VARCHAR: a"}},
	} {
		var names []string
		for _, found := range customerColumns(seen("orders", c.columns...)) {
			names = append(names, found.column.name)
		}
		require.Equal(t, c.want, strings.Join(names, " "), c.columns)
	}
}

func TestPeople(t *testing.T) {
	p := seen("people", "e_mail VARCHAR: a@b|c@d", "email_opt_in BOOLEAN: true", "mail_note VARCHAR: hello|you", "mobile VARCHAR: 1", "newsletter_date DATE: x",
		"unsubscribed BOOLEAN: true", "consent VARCHAR: yes")
	require.Equal(t, "e_mail", nameOf(emailOf(p)))
	require.Equal(t, "mobile", nameOf(phoneOf(p)))
	require.Equal(t, "email_opt_in", nameOf(consentOf(p)))
	require.Empty(t, nameOf(emailOf(seen("people", "email_address VARCHAR: nobody|none"))))
	l := &looker{}
	for want, columns := range map[string][]string{
		"registered_at":  {"joined_at TIMESTAMP: x", "registered_at TIMESTAMP: x", "updated_at TIMESTAMP: x"},
		"customer_since": {"customer_since DATE: x"},
		"first_seen":     {"first_seen TIMESTAMP: x", "last_seen TIMESTAMP: x"},
		"":               {"first_name VARCHAR: x", "created_by VARCHAR: me"},
	} {
		found, _, err := l.joinedOf(t.Context(), seen("people", columns...))
		require.NoError(t, err)
		require.Equal(t, want, nameOf(found.column), columns)
	}
}

// A key is read as what it was before it went through a floating column.
func TestAsKey(t *testing.T) {
	for text, want := range map[string]string{
		"id BIGINT: 1":               `"id"`,
		"id VARCHAR: a":              `"id"`,
		"id VARCHAR: 17850.0|1.00":   `TRY_CAST(TRY_CAST("id" AS DOUBLE) AS BIGINT)`,
		"id DOUBLE: 17850|12.0":      `TRY_CAST("id" AS BIGINT)`,
		"id DECIMAL(9,0): 17850|12":  `TRY_CAST("id" AS BIGINT)`,
		"id DOUBLE: 1.5":             "",
		"id DATE: 2026-01-01":        "",
		"id VARCHAR: 17850.0|17850x": `"id"`,
	} {
		r, ok := asKey(seen("t", text).columns[0])
		require.Equal(t, want != "", ok, text)
		if ok {
			require.Equal(t, want, r.sql(`"id"`), text)
		}
	}
	require.Equal(t, "17850", plainKey("17850.0"))
	require.Equal(t, "1.5", plainKey("1.5"))
	require.Equal(t, "a.0", plainKey("a.0"))
}

func TestAsAmount(t *testing.T) {
	for text, want := range map[string]string{
		"v DOUBLE: 1":                 `"v"`,
		"v VARCHAR: 1|-2.50":          `TRY_CAST("v" AS DECIMAL(18,4))`,
		"v VARCHAR: 1,5|2":            `TRY_CAST(replace("v", ',', '.') AS DECIMAL(18,4))`,
		"v VARCHAR: $1,234.50|$ 2.00": `TRY_CAST(regexp_replace("v", '[^0-9.-]', '', 'g') AS DECIMAL(18,4))`,
		"v VARCHAR: free|2":           "",
		"v BOOLEAN: true":             "",
	} {
		r, ok := asAmount(seen("t", text).columns[0])
		require.Equal(t, want != "", ok, text)
		if ok {
			require.Equal(t, want, r.sql(`"v"`), text)
		}
	}
}

func TestFormats(t *testing.T) {
	for text, want := range map[string]string{
		"12/1/2010 8:26":       "%m/%d/%Y %H:%M or %d/%m/%Y %H:%M",
		"01.02.2024":           "%d.%m.%Y",
		"1/2/24 3:04 PM":       "%m/%d/%y %I:%M %p or %d/%m/%y %I:%M %p",
		"31-12-2024 23:59:59":  "%d-%m-%Y %H:%M:%S or %m-%d-%Y %H:%M:%S",
		"20241231":             "%Y%m%d",
		"3 Mar 2024":           "%d %b %Y",
		"Mar 3, 2024 10:00":    "%b %d, %Y %H:%M",
		"2024/12/31":           "%Y/%m/%d",
		"hello":                "",
		"12345678":             "",
		"2024-12-31T10:00:00Z": "",
	} {
		formats, clock := formatsOf(seen("t", "v VARCHAR: "+text).columns[0])
		require.Equal(t, want, strings.Join(formats, " or "), text)
		require.Equal(t, strings.Contains(want, ":"), clock, text)
	}
}

func TestEpochs(t *testing.T) {
	for text, want := range map[string]string{
		"ts BIGINT: 1735689600|1735689700": `to_timestamp("ts")`,
		"ts BIGINT: 1735689600123":         `to_timestamp("ts" / 1000.0)`,
		"ts BIGINT: 1735689600123456":      `to_timestamp("ts" / 1000000.0)`,
		"ts BIGINT: 12|1735689600":         "",
		"ts VARCHAR: 1735689600":           "",
	} {
		r, ok := asEpoch(seen("t", text).columns[0])
		require.Equal(t, want != "", ok, text)
		if ok {
			require.Equal(t, want, r.sql(`"ts"`), text)
		}
	}
}

// Lines share the id of their order and its customer.
func TestLines(t *testing.T) {
	p := seen("t", "customer_id BIGINT: 1|1|2|2", "order_id BIGINT: 7|7|8|8", "quantity INTEGER: 1|1|1|1", "unit_price DOUBLE: 1|1|1|1")
	found := linesOf(p, p.columns[0])
	require.NotNil(t, found)
	require.Equal(t, []string{"order_id", "quantity", "unit_price"}, []string{found.group.name, found.quantity.column.name, found.price.column.name})
	for _, columns := range [][]string{
		{"customer_id BIGINT: 1|1|2|2", "order_id BIGINT: 7|8|9|10", "quantity INTEGER: 1|1|1|1"},
		{"customer_id BIGINT: 1|2|1|2", "order_id BIGINT: 7|7|8|8", "quantity INTEGER: 1|1|1|1"},
		{"customer_id BIGINT: 1|1|2|2", "order_id BIGINT: 7|7|8|8", "mood VARCHAR: a|a|a|a"},
		{"customer_id BIGINT: 1|1|2|2", "session_id BIGINT: 7|7|8|8", "quantity INTEGER: 1|1|1|1"},
	} {
		p := seen("t", columns...)
		require.Nil(t, linesOf(p, p.columns[0]), columns)
	}
}

// Names are given once, and keywords never.
func TestNames(t *testing.T) {
	n := names{"country": true}
	require.Equal(t, "order", n.take("order"))
	require.Equal(t, "order_2", n.take("order"))
	require.Equal(t, "country_event", n.take("country", "country_event"))
	require.Equal(t, "last_event", n.take("last", "last_event"))
	require.Equal(t, "other_2", n.take("", ""))
	require.Equal(t, "a_3", unused("a", map[string]bool{"a": true, "a_2": true}))
}
