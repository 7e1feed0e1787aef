package compile

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	sq "github.com/Masterminds/squirrel"

	"strata/segments/calendar"
	"strata/segments/catalog"
	"strata/segments/check"
	"strata/sql/dialect"
)

// Feed is a read of the rows of one source for a sweep.
type Feed struct {
	Name   string
	Stream *check.Stream
	// Ordered says that filters read the place of rows in order; all rows are
	// then those of the stream.
	Ordered bool
	// From and To bound the rows that are read; a nil end is open.
	From, To *time.Time
	// Codes are columns whose values are looked up, Bits further tests, Values
	// what aggregates take. Stored are the places of values that statements of
	// steps read too: the feed is then kept as a table.
	Codes  []FeedCode
	Bits   []FeedBit
	Values []FeedValue
	Stored bool
	// Tie says that rows at one time are told apart by their ids.
	Tie bool
}

// FeedCode is a column of text and the values that are told apart. Rows with
// another value, or none, have the number of values as their code; with Only
// they are not read.
type FeedCode struct {
	Field  *catalog.Field
	Values []string
	Only   bool
}

// FeedBit is a test of rows: that of their stream, of a filter, and of the ends
// of a window that differ per customer.
type FeedBit struct {
	Where  []check.Expr
	Window check.Window
}

// FeedForm says what of a value the sweep reads.
type FeedForm uint8

// The forms of a value of rows.
const (
	// Amount is an exact number with the decimals of its type, in 128 bits.
	Amount FeedForm = iota
	// Order is a whole number by which values of a customer are in order.
	Order
	// Same is a text that is equal for equal values.
	Same
	// Hidden is read by statements alone.
	Hidden
	// Tied is the place of a row among those of one time by the value.
	Tied
)

// FeedValue is what an aggregate takes of a row.
type FeedValue struct {
	X    check.Expr
	Form FeedForm
}

// bitsPerColumn is how many tests stand in one column.
const bitsPerColumn = 60

// BitColumns is the number of columns that tests take.
func (f Feed) BitColumns() int { return (len(f.Bits) + bitsPerColumn - 1) / bitsPerColumn }

// BitPlace is the column and place of a test.
func BitPlace(i int) (column, bit int) { return i / bitsPerColumn, i % bitsPerColumn }

// FeedColumn is the name of a value's column.
func FeedColumn(i int) string { return fmt.Sprintf("value %d", i+1) }

// Relation is the table of a feed that is stored.
func (t *Timeline) Relation(f Feed) string { return t.Table("rows " + f.Name) }

// Feed returns the statement of the rows of the customers from one number to
// another, excluded: row, id, at in microseconds, code, the bits, the tie where
// rows have one, and the values that are not hidden. Where the feed is stored a
// first statement makes its table.
func (t *Timeline) Feed(f Feed, from, to int64) ([]Statement, error) {
	b := t.builder()
	fr := b.rowFrame(check.Rows{Stream: f.Stream})
	fr.customers, fr.ordered = true, f.Ordered
	question := sq.Select().
		Column(ex("CAST(?.rowid AS UINTEGER) AS ?", raw(customerAlias), ident("id"))).
		Column(ex("epoch_us(?) AS ?", fr.at().instant(), ident("at"))).
		Column(ex("CAST(? AS INTEGER) AS ?", fr.codes(f.Codes), ident("code")))
	bits, err := fr.bits(f.Bits)
	if err != nil {
		return nil, err
	}
	for i, word := range bits {
		question = question.Column(ex("? AS ?", word, ident(fmt.Sprintf("bits %d", i+1))))
	}
	if f.Tie {
		question = question.Column(ex("? AS ?", fr.tie(nil), ident("tie")))
	}
	for i, v := range f.Values {
		x, err := fr.feedValue(v)
		if err != nil {
			return nil, err
		}
		question = question.Column(ex("? AS ?", x, ident(FeedColumn(i))))
	}
	conditions := fr.at().within(calendar.Range{From: f.From, To: f.To})
	conditions = append(conditions, fr.knownRows()...)
	for _, c := range f.Codes {
		if c.Only {
			conditions = append(conditions, oneOfTexts(c))
		}
	}
	conditions = append(conditions, fr.somebody(), ex("?.rowid >= ?", raw(customerAlias), from), ex("?.rowid < ?", raw(customerAlias), to))
	statement, err := t.finish(b, fr.apply(question).Where(allOf(conditions)))
	if err != nil {
		return nil, err
	}
	if !f.Stored {
		statement.SQL = "SELECT 0::BIGINT AS row, " + t.feedColumns(f) + " FROM (" + statement.SQL + ") AS f"
		return []Statement{statement}, nil
	}
	read := Statement{SQL: "SELECT CAST(rowid AS BIGINT) AS row, " + t.feedColumns(f) + " FROM " + t.Relation(f)}
	return []Statement{statement.As(t.Relation(f)), read}, nil
}

// feedColumns are those that the sweep reads behind the row's number.
func (t *Timeline) feedColumns(f Feed) string {
	names := []string{"id", "at", "code"}
	for i := range f.BitColumns() {
		names = append(names, fmt.Sprintf("bits %d", i+1))
	}
	if f.Tie {
		names = append(names, "tie")
	}
	for i, v := range f.Values {
		if v.Form != Hidden {
			names = append(names, FeedColumn(i))
		}
	}
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = dialect.Ident(name)
	}
	return strings.Join(quoted, ", ")
}

func oneOfTexts(c FeedCode) sq.Sqlizer {
	values := make([]sq.Sqlizer, len(c.Values))
	for i, v := range c.Values {
		values[i] = ex("?", v)
	}
	return ex("? IN (?)", read(sourceAlias, c.Field), joined(", ", values))
}

// codes is the number that the values of the columns make: each counts as many
// places as it has values and one for the others. An ENUM finds a text's place
// once for each entry of a dictionary, not once for each row.
func (f *frame) codes(list []FeedCode) sq.Sqlizer {
	if len(list) == 0 {
		return raw("0")
	}
	parts := make([]sq.Sqlizer, len(list))
	stride := 1
	for i, c := range list {
		texts := make([]string, len(c.Values))
		for j, v := range c.Values {
			texts[j] = quoted(v)
		}
		place := ex("coalesce(CAST(enum_code(TRY_CAST(? AS ENUM(?))) AS INTEGER), ?)",
			read(sourceAlias, c.Field), raw(strings.Join(texts, ", ")), raw(strconv.Itoa(len(c.Values))))
		parts[i] = ex("? * ?", raw(strconv.Itoa(stride)), place)
		stride *= len(c.Values) + 1
	}
	return joined(" + ", parts)
}

// quoted is a text as part of a type, where no placeholder can stand.
func quoted(text string) string {
	literal, err := dialect.Literal(text)
	if err != nil { // A text always has a literal.
		return "''"
	}
	return literal
}

// bits are the tests as numbers.
func (f *frame) bits(list []FeedBit) ([]sq.Sqlizer, error) {
	var words []sq.Sqlizer
	for chunk := range slices.Chunk(list, bitsPerColumn) {
		parts := make([]sq.Sqlizer, len(chunk))
		for i, bit := range chunk {
			test, err := f.feedBit(bit)
			if err != nil {
				return nil, err
			}
			parts[i] = ex("CASE WHEN ? THEN ?::BIGINT ELSE 0 END", test, raw(strconv.FormatInt(int64(1)<<i, 10)))
		}
		words = append(words, joined(" | ", parts))
	}
	return words, nil
}

func (f *frame) feedBit(bit FeedBit) (sq.Sqlizer, error) {
	conditions, err := f.inRange(bit.Window, f.at(), calendar.Range{})
	if err != nil {
		return nil, err
	}
	for _, where := range bit.Where {
		test, err := f.test(where)
		if err != nil {
			return nil, err
		}
		conditions = append(conditions, test)
	}
	return ex("(?)", allOf(conditions)), nil
}

// feedValue is the column of a value.
func (f *frame) feedValue(v FeedValue) (sq.Sqlizer, error) {
	x, err := f.value(v.X)
	if err != nil {
		return nil, err
	}
	kind := v.X.Type()
	switch v.Form {
	case Amount:
		scale := kind.Scale
		if kind.Kind == catalog.Number {
			return summable(v.X, x), nil
		}
		if kind.Kind == catalog.Integer {
			scale = 0
		}
		return ex("TRY_CAST(? AS "+decimalType(scale)+")", x), nil
	case Order:
		return f.ordered64(v.X, x), nil
	case Same:
		if kind.Kind == catalog.Number { // Minus zero is zero.
			x = ex("? + 0.0", x)
		}
		return ex("CAST(? AS VARCHAR)", x), nil
	case Tied:
		return f.tie(x), nil
	case Hidden:
	}
	return x, nil
}

// ordered64 is a whole number by which a customer's values are in order.
func (f *frame) ordered64(e check.Expr, x sq.Sqlizer) sq.Sqlizer {
	switch e.Type().Kind { //nolint:exhaustive // The others are ranked.
	case catalog.Date:
		return ex("CAST(? - DATE '1970-01-01' AS BIGINT)", x)
	case catalog.Timestamp:
		return ex("epoch_us(?)", x)
	}
	return ex("CASE WHEN ? IS NOT NULL THEN dense_rank() OVER (PARTITION BY ?.rowid ORDER BY ?) END", x, raw(customerAlias), x)
}

// tie is the place of a row among those of its customer and time: by id, or
// without one by the value itself.
func (f *frame) tie(x sq.Sqlizer) sq.Sqlizer {
	order := x
	if id := f.rows.Stream.Source.ID; id != nil {
		order = column(sourceAlias, id.Column)
	}
	if order == nil {
		return raw("0::BIGINT")
	}
	return ex("rank() OVER (PARTITION BY ?.rowid, ? ORDER BY ?)", raw(customerAlias), f.at().instant(), order)
}

// FeedSize returns the statement of how many rows a source has in the range that
// a feed reads: those of all customers, whatever they are.
func (t *Timeline) FeedSize(f Feed) (Statement, error) {
	b := t.Compiler.builder()
	fr := b.rowFrame(check.Rows{Stream: f.Stream})
	conditions := fr.at().within(calendar.Range{From: f.From, To: f.To})
	for _, c := range f.Codes {
		if c.Only {
			conditions = append(conditions, oneOfTexts(c))
		}
	}
	return b.bare(sq.Select("count(*)").From(b.from(f.Stream.Source)).Where(allOf(conditions)))
}
