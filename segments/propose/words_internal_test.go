package propose

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/segments/catalog"
)

func TestSplit(t *testing.T) {
	for name, want := range map[string][]string{
		"customer_id": {"customer", "id"}, "CustomerID": {"customer", "id"}, "Customer ID": {"customer", "id"}, "InvoiceNo": {"invoice", "no"},
		"HTTPStatus": {"http", "status"}, "ts": {"ts"}, "_fivetran_synced": {"fivetran", "synced"}, "order2Date": {"order2", "date"},
		"Größe.Net": {"größe", "net"}, "": nil, "–": nil,
	} {
		require.Equal(t, want, split(name), name)
	}
}

func TestSnake(t *testing.T) {
	for name, want := range map[string]string{
		"Test Event": "test_event", "InvoiceNo": "invoice_no", "1st visit": "n1st_visit", "Ünïcode – ok": "uenicode_ok", "Çà et là": "ca_et_la",
		"日本": "", "a.b": "a_b", "__x__": "x", "price €": "price",
	} {
		require.Equal(t, want, snake(name), name)
	}
}

// Whatever a name is, what is made of it can stand in a rule.
func TestSnakeIsAWord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := snake(rapid.String().Draw(t, "name"))
		if text != "" {
			require.Regexp(t, `^[a-z][a-z0-9_]*$`, text)
			require.True(t, catalog.IsWord(text))
			require.Equal(t, text, snake(text))
		}
	})
}

func TestSingular(t *testing.T) {
	for word, want := range map[string]string{
		"orders": "order", "deliveries": "delivery", "boxes": "box", "addresses": "address", "status": "status", "people": "person", "gas": "gas",
		"purchases": "purchase", "class": "class", "batches": "batch", "basis": "basis",
	} {
		require.Equal(t, want, singular(word), word)
	}
}

func TestPlainTable(t *testing.T) {
	for name, want := range map[string]string{
		"raw_customers": "customers", "dim_customer": "customer", "stg_web_events_v": "web_events", "data": "data", "Customer List": "customer", "fct_orders": "orders",
	} {
		require.Equal(t, want, plainTable(name), name)
	}
}

func TestUndone(t *testing.T) {
	for _, state := range []string{"cancelled", "Canceled", "refunded", "return_pending", "RETURNED", "failed", "voided", "charged_back"} {
		require.True(t, isUndone(state), state)
	}
	for _, state := range []string{"paid", "completed", "shipped", "placed", "pending", "open", ""} {
		require.False(t, isUndone(state), state)
	}
}

func TestKindOfParts(t *testing.T) {
	for want, texts := range map[string][]string{
		integerKind: {`{"x": 1}`, `{"x": null}`}, decimalKind: {`{"x": 1}`, `{"x": 2.5}`}, numberKind: {`{"x": 1e9}`, `{"x": 2.5}`},
		booleanKind: {`{"x": true}`}, dateKind: {`{"x": "2026-01-31"}`}, timeKind: {`{"x": "2026-01-31"}`, `{"x": "2026-01-31T10:00:00Z"}`},
		listKind: {`{"x": ["a", 1]}`}, textKind: {`{"x": "a"}`, `{"x": 1}`},
	} {
		c := &column{}
		for _, text := range texts {
			c.values = append(c.values, text)
		}
		parts := partsOf(c)
		require.Len(t, parts, 1)
		require.Equal(t, want, kindOf(parts[0].kinds), texts)
	}
	require.Empty(t, partsOf(&column{values: []any{`{"a\"b": 1, "": 2, "x": [{"y": 1}], "z": {"u": {"v": 1}}}`, "no JSON"}}))
}

// A comment is broken between words, and read as one again.
func TestComment(t *testing.T) {
	text := comment("  ", "unsure: a word and another and so on until the line is too long to be read without moving one's eyes, or more")
	require.Equal(t, "  # unsure: a word and another and so on until the line is too long to be read without moving\n  #    one's eyes, or more\n", text)
	require.Equal(t, "# a b\n", comment("", "a\x1b\n b"))
}

func TestScalar(t *testing.T) {
	for text, want := range map[string]string{
		"abc": "abc", "a b": "a b", "yes": "'yes'", "No": "'No'", "1": "'1'", "a, b": "'a, b'", "it's": `"it's"`, "": "''", "a\tb": `"a\tb"`,
		"DECIMAL(12,2)": "DECIMAL(12,2)", " x": "' x'", "a: b": "'a: b'", "-x": "'-x'", "a\u00a0b": `"a\u00a0b"`,
	} {
		require.Equal(t, want, scalar(text), text)
	}
}
