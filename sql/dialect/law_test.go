package dialect_test

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"testing"
	"time"

	"strata/sql/dialect"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// literal writes a value that must have a literal.
func literal(t require.TestingT, v any) string {
	text, err := dialect.Literal(v)
	require.NoError(t, err)
	return text
}

// TestNumbersAreReadBack reads the literals of numbers as Go reads numbers.
func TestNumbersAreReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64().Draw(t, "integer")
		require.Equal(t, strconv.FormatInt(n, 10), literal(t, n))
		require.Equal(t, literal(t, n), literal(t, big.NewInt(n)))
		f := rapid.Float64().Draw(t, "double")
		text := literal(t, f)
		require.Contains(t, text, "e", "only an exponent makes it a DOUBLE")
		back, err := strconv.ParseFloat(text, 64)
		require.NoError(t, err)
		require.Equal(t, math.Float64bits(f), math.Float64bits(back))
	})
}

// TestDecimalIsUntouched keeps every digit, also those at the end that change nothing but the scale.
func TestDecimalIsUntouched(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`-?[0-9]{1,19}\.[0-9]{1,19}`).Draw(t, "number")
		require.Equal(t, text, literal(t, dialect.Decimal(text)))
		whole, fraction, _ := strings.Cut(text, ".")
		digits := strings.TrimPrefix(whole, "-")
		require.Equal(t, "CAST("+whole+" AS DECIMAL("+strconv.Itoa(len(digits))+",0))", literal(t, dialect.Decimal(whole)))
		_, err := dialect.Literal(dialect.Decimal(text + strings.Repeat("0", 39-len(digits)-len(fraction))))
		require.ErrorContains(t, err, "more than 38 digits")
	})
}

// TestTimesAreReadBack reads a moment again from its literal: it is the same microsecond in any zone, and a reading of a
// clock keeps its fields, whatever the zone.
func TestTimesAreReadBack(t *testing.T) {
	const layout = "2006-01-02 15:04:05.999999"
	rapid.Check(t, func(t *rapid.T) {
		nanos := time.Duration(rapid.Int64Range(0, 999_999_999).Draw(t, "nanos"))
		zone := time.FixedZone("", rapid.IntRange(-14*3600, 14*3600).Draw(t, "offset"))
		moment := time.Unix(rapid.Int64Range(-60_000_000_000, 250_000_000_000).Draw(t, "seconds"), 0).Add(nanos).In(zone)

		text := literal(t, moment)
		require.Equal(t, text, literal(t, moment.UTC()))
		back, err := time.Parse("TIMESTAMPTZ '"+layout+"-07'", text)
		require.NoError(t, err)
		require.True(t, moment.Truncate(time.Microsecond).Equal(back), text)

		local := literal(t, dialect.LocalTimestamp(moment))
		back, err = time.Parse("TIMESTAMP '"+layout+"'", local)
		require.NoError(t, err)
		require.Equal(t, moment.Truncate(time.Microsecond).Format(layout), back.Format(layout))
		require.Equal(t, "TIMESTAMP '"+dialect.LocalTimestamp(moment.Truncate(time.Microsecond)).String()+"'", local)

		day := dialect.Date{Year: moment.Year(), Month: moment.Month(), Day: moment.Day()}
		require.Equal(t, "DATE '"+day.String()+"'", literal(t, day))
	})
}

// TestListIsItsItems writes a list as its items' own literals.
func TestListIsItsItems(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items := rapid.SliceOf(rapid.String()).Draw(t, "items")
		mixed, texts := make([]any, len(items)), make([]string, len(items))
		for i, item := range items {
			mixed[i], texts[i] = item, literal(t, item)
		}
		want := "[" + strings.Join(texts, ", ") + "]"
		require.Equal(t, want, literal(t, items))
		require.Equal(t, want, literal(t, mixed))
		require.Equal(t, "["+want+"]", literal(t, [][]string{items}))
	})
}

// value is an argument of a statement: one that Bind leaves to the driver, or one that it writes down.
func value() *rapid.Generator[any] {
	return rapid.OneOf(
		rapid.Custom(func(t *rapid.T) any { return rapid.Int64().Draw(t, "integer") }),
		rapid.Custom(func(t *rapid.T) any { return rapid.StringMatching(`[a-z' ]{0,5}`).Draw(t, "text") }),
		rapid.Custom(func(t *rapid.T) any {
			return dialect.Decimal(rapid.StringMatching(`-?[0-9]{1,3}\.[0-9]{2}`).Draw(t, "decimal"))
		}),
		rapid.Custom(func(t *rapid.T) any { return rapid.SliceOfN(rapid.Int(), 0, 3).Draw(t, "list") }),
		rapid.Just[any](nil),
	)
}

// TestBindIsRenderInSteps fills what Bind has left open with the literals of the values that it returned, which must be what
// Render does at once. So what is printed is what runs.
func TestBindIsRenderInSteps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		args := rapid.SliceOfN(value(), 0, 12).Draw(t, "args")
		sql := strings.Repeat("f( ? , '?' ) ", len(args))
		text, rest, err := dialect.Bind(sql, args)
		require.NoError(t, err)
		for i, left := range rest {
			filled := literal(t, left)
			if filled[0] == '-' {
				filled = "(" + filled + ")"
			}
			text = strings.Replace(text, " $"+strconv.Itoa(i+1)+" ", " "+filled+" ", 1)
		}
		rendered, err := dialect.Render(sql, args)
		require.NoError(t, err)
		require.Equal(t, rendered, text)
	})
}

// TestViewQueryIsTheQuery finds a query behind any head, whatever words and marks its names hold.
func TestViewQueryIsTheQuery(t *testing.T) {
	name := rapid.StringOf(rapid.SampledFrom([]rune(`as AS"'(-/*$;`)))
	rapid.Check(t, func(t *rapid.T) {
		head := "CREATE VIEW " + dialect.Qualified(name.Draw(t, "schema"), name.Draw(t, "name"))
		if rapid.Bool().Draw(t, "columns") {
			head += " (" + dialect.Ident(name.Draw(t, "column")) + ", last)"
		}
		query := " SELECT 1 AS " + dialect.Ident(name.Draw(t, "alias")) + ";"
		got, ok := dialect.ViewQuery(head + " AS" + query)
		require.True(t, ok, head)
		require.Equal(t, query, got)
	})
}

// FuzzViewQuery demands that a query that is found is the end of the text behind the word AS.
func FuzzViewQuery(f *testing.F) {
	f.Add(`CREATE VIEW "as" (a) AS SELECT 1`)
	f.Add(`CREATE VIEW x /* as`)
	f.Fuzz(func(t *testing.T, create string) {
		query, ok := dialect.ViewQuery(create)
		if !ok {
			require.Empty(t, query)
			return
		}
		head, found := strings.CutSuffix(create, query)
		require.True(t, found)
		require.True(t, strings.EqualFold("as", head[len(head)-2:]), head)
	})
}
