package compile

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	sq "github.com/Masterminds/squirrel"

	"strata/segments/catalog"
	"strata/segments/rule"
)

// The columns of a Health statement. Which of them are there depends on what
// the source maps; the last five stand once for each field or column that they
// can speak of, followed by its name.
const (
	// HealthRows is the number of rows.
	HealthRows = "rows"
	// MissingKeys counts rows without a customer, DistinctKeys the keys of the
	// customers source.
	MissingKeys  = "missing keys"
	DistinctKeys = "distinct keys"
	// UnreadableKeys counts keys that cannot be read in the type of the
	// customers' key; UnknownRows the rows of customers that do not exist,
	// UnknownKeys these customers, and UnknownExample is the smallest of them.
	UnreadableKeys = "unreadable keys"
	UnknownRows    = "unknown rows"
	UnknownKeys    = "unknown keys"
	UnknownExample = "unknown example"
	// MissingTimes counts rows without a time and AheadRows those dated behind
	// the clock, the last of them at LastAhead. FirstAt and LastAt bound the
	// rows up to the clock.
	MissingTimes = "missing times"
	AheadRows    = "ahead rows"
	LastAhead    = "last ahead"
	FirstAt      = "first at"
	LastAt       = "last at"
	// LastLoaded is the newest load up to the clock and MissingLoads counts rows without one;
	// LateRows counts rows loaded more than a day after they happened, LateHours
	// is the most hours that passed.
	LastLoaded   = "last loaded"
	MissingLoads = "missing loads"
	LateRows     = "late rows"
	LateHours    = "late hours"
	// MissingCreated and MissingConsent count customers without these values,
	// MissingVersions versions of customers without a start.
	MissingCreated  = "missing created"
	MissingConsent  = "missing consent"
	MissingVersions = "missing versions"
	// UnreadOf counts values inside of JSON that cannot be read as their type,
	// UnfitOf numbers that DECIMAL(38,6), or DECIMAL(18,4) for a mapped amount,
	// cannot hold, RoundedOf amounts that it changes, and CutOf times with
	// nanoseconds.
	UnreadOf  = "unread "
	UnfitOf   = "unfit "
	RoundedOf = "rounded "
	CutOf     = "cut "
)

// HealthOf is a question for what is wrong with the rows of a source.
type HealthOf struct {
	Source *catalog.Source
	// Clock divides the rows that have happened from those dated ahead.
	Clock time.Time
}

// health is a statement about a source that is being written.
type health struct {
	*builder
	HealthOf
	question sq.SelectBuilder
}

// Health returns the statement of one row that counts what is wrong with the
// rows of a source. It reads the source once.
func (c *Compiler) Health(of HealthOf) (Statement, error) {
	h := &health{builder: c.builder(), HealthOf: of, question: sq.Select()}
	h.add(HealthRows, raw("count(*)"))
	h.question = h.question.From(h.from(of.Source))
	if of.Source == c.program.Customers {
		h.people()
	} else {
		h.owners()
	}
	h.times()
	h.loads()
	for _, field := range fieldsOf(of.Source) {
		h.values(field)
	}
	h.columns()
	return h.bare(h.question)
}

// add adds a column.
func (h *health) add(name string, x sq.Sqlizer) {
	h.question = h.question.Column(ex("? AS ?", x, ident(name)))
}

// missing counts rows where a column is missing.
func (h *health) missing(name string, x sq.Sqlizer) { h.add(name, ex("count(*) - count(?)", x)) }

// where counts rows for which a condition holds.
func (h *health) where(name string, condition sq.Sqlizer) {
	h.add(name, ex("count(*) FILTER (WHERE ?)", condition))
}

// people looks at the keys of the customers, and at what decides whether they
// exist at a moment and may be contacted.
func (h *health) people() {
	s := h.Source
	if s.Key != nil {
		key := column(sourceAlias, s.Key.Column)
		h.missing(MissingKeys, key)
		h.add(DistinctKeys, ex("count(DISTINCT ?)", key))
	}
	if s.CreatedAt != nil {
		h.missing(MissingCreated, readRaw(sourceAlias, s.CreatedAt))
		h.where(AheadRows, h.moment(sourceAlias, s.CreatedAt, s).compare(rule.Greater, h.Clock))
	}
	if s.Consent != nil {
		h.missing(MissingConsent, readRaw(sourceAlias, s.Consent))
	}
	if s.ValidFrom != nil {
		h.missing(MissingVersions, readRaw(sourceAlias, s.ValidFrom))
	}
}

// owners looks for the customers of rows. The join is with distinct keys, so
// that no row counts twice.
func (h *health) owners() {
	if h.Source.Key == nil {
		return
	}
	written := column(sourceAlias, h.Source.Key.Column)
	h.missing(MissingKeys, written)
	customers := h.program.Customers
	if customers == nil || customers.Key == nil {
		return
	}
	key := h.customerOf(h.Source)
	if key != written {
		h.add(UnreadableKeys, ex("count(?) - count(?)", written, key))
	}
	const known = "known"
	keys := sq.Select().Distinct().Column(ex("? AS ?", column(sourceAlias, customers.Key.Column), ident(known))).From(h.from(customers))
	h.question = h.question.JoinClause(ex("LEFT JOIN (?) AS k ON ? = ?", keys, column("k", known), key))
	unknown := ex("? IS NOT NULL AND ? IS NULL", key, column("k", known))
	h.where(UnknownRows, unknown)
	h.add(UnknownKeys, ex("count(DISTINCT ?) FILTER (WHERE ?)", key, unknown))
	h.add(UnknownExample, ex("CAST(min(?) FILTER (WHERE ?) AS VARCHAR)", key, unknown))
}

// times looks at the time of rows against the clock.
func (h *health) times() {
	if h.Source.At == nil {
		return
	}
	at := h.moment(sourceAlias, h.Source.At, h.Source)
	ahead, happened := at.compare(rule.Greater, h.Clock), at.compare(rule.LessEqual, h.Clock)
	h.missing(MissingTimes, at.x)
	h.where(AheadRows, ahead)
	h.add(LastAhead, at.edge("max(?) FILTER (WHERE ?)", ahead))
	h.add(FirstAt, at.edge("min(?) FILTER (WHERE ?)", happened))
	h.add(LastAt, at.edge("max(?) FILTER (WHERE ?)", happened))
}

// edge is the first or last of moments as an instant.
func (m moment) edge(pattern string, condition sq.Sqlizer) sq.Sqlizer {
	m.x = ex(pattern, m.x, condition)
	return m.instant()
}

// loads looks at when rows came.
func (h *health) loads() {
	s := h.Source
	if s.LoadedAt == nil {
		return
	}
	loaded := h.moment(sourceAlias, s.LoadedAt, s)
	h.missing(MissingLoads, loaded.x)
	h.add(LastLoaded, loaded.edge("max(?) FILTER (WHERE ?)", loaded.compare(rule.LessEqual, h.Clock)))
	if s.At == nil {
		return
	}
	at := h.moment(sourceAlias, s.At, s)
	happened, came := at.x, loaded.x
	switch {
	case at.kind != zoned:
		happened, came = at.reading(at.zone), loaded.reading(at.zone)
	case loaded.kind != zoned:
		happened, came = at.reading(loaded.zone), loaded.reading(loaded.zone)
	}
	// Whole numbers, because times with a zone are subtracted by the calendar,
	// which costs fifty times as much.
	delay := ex("(epoch_us(?) - epoch_us(?))", came, happened)
	h.where(LateRows, ex("? > ?", delay, day24.Microseconds()))
	h.add(LateHours, ex("max(?) // ?", delay, time.Hour.Microseconds()))
}

// reading is the moment as the clock of a zone shows it; a day stands for its
// end, since nobody knows when on it something happened.
func (m moment) reading(in zone) sq.Sqlizer {
	switch m.kind {
	case zoned:
		return in.local(m.x)
	case day:
		return ex("(CAST(? AS TIMESTAMP) + to_days(1))", m.x)
	case local:
		if m.zone.name != in.name {
			return in.local(ex("(? AT TIME ZONE ?)", m.x, m.zone.name))
		}
	}
	return m.x
}

// values looks at a field that is read in another type than it is stored in.
func (h *health) values(field *catalog.Field) {
	stored := readRaw(sourceAlias, field)
	switch {
	case field.JSON && field.Type.Kind != catalog.Text:
		h.add(UnreadOf+field.Name, ex("count(?) - count(?)", stored, h.readable(field, stored)))
	case field.Money:
		read := read(sourceAlias, field)
		h.add(UnfitOf+field.Name, ex("count(?) - count(?)", stored, read))
		h.where(RoundedOf+field.Name, ex("CAST(? AS ?) <> ?", read, raw(field.Physical), stored))
	case field.Type.Kind == catalog.Number:
		// A comparison costs a tenth of a cast; NaN is above all numbers here.
		h.where(UnfitOf+field.Name, ex("NOT (abs(?) < 1e32)", stored))
	}
}

// readable is a value inside of JSON, NULL where it cannot be read as its type.
// A narrow DECIMAL is tried first: it reads almost all numbers, and in a
// twentieth of the time that the widest one takes.
func (h *health) readable(field *catalog.Field, stored sq.Sqlizer) sq.Sqlizer {
	value := read(sourceAlias, field)
	switch field.Type.Kind { //nolint:exhaustive // The others are read as they are compiled everywhere.
	case catalog.Timestamp:
		return h.moment(sourceAlias, field, h.Source).x
	case catalog.Decimal:
		if field.Type.Scale < narrowDigits {
			return ex(fmt.Sprintf("coalesce(TRY_CAST(? AS DECIMAL(%d,%d)), ?)", narrowDigits, field.Type.Scale), stored, value)
		}
	}
	return value
}

// narrowDigits is the precision of the widest DECIMAL that fits 64 bits.
const narrowDigits = 18

// columns looks at columns that lose something whatever their names in rules.
func (h *health) columns() {
	for _, c := range h.Source.Columns {
		if strings.EqualFold(c.Physical, "TIMESTAMP_NS") {
			x := column(sourceAlias, c.Name)
			h.where(CutOf+c.Name, ex("epoch_ns(?) % 1000 <> 0", x))
		}
	}
}

// fieldsOf are the fields of a source by name, each once although its role
// names it as well.
func fieldsOf(source *catalog.Source) []*catalog.Field {
	var fields []*catalog.Field
	for _, field := range source.Fields {
		if !slices.Contains(fields, field) {
			fields = append(fields, field)
		}
	}
	slices.SortFunc(fields, func(a, b *catalog.Field) int { return strings.Compare(a.Name, b.Name) })
	return fields
}

// Kinds returns the statement of the values of a source's type column and how
// many rows have each, the most frequent first, at most limit of them.
func (c *Compiler) Kinds(source *catalog.Source, limit uint64) (Statement, error) {
	b := c.builder()
	kind := read(sourceAlias, source.Kind)
	question := sq.Select().Column(ex("? AS kind", kind)).Column("count(*) AS row_count").
		From(b.from(source)).GroupBy("1").OrderBy("2 DESC", "1").Limit(limit)
	return b.bare(question)
}

// UnknownInLists returns the statement of how many keys of each list belong to
// no customer: the place of the list and their number, for lists with any.
func (c *Compiler) UnknownInLists(lists [][]string) (Statement, error) {
	b := c.builder()
	places, keys := []int{}, []string{}
	for i, list := range lists {
		for _, key := range list {
			places, keys = append(places, i), append(keys, key)
		}
	}
	placesText, err := json.Marshal(places)
	if err != nil {
		return Statement{}, fmt.Errorf("write places of lists: %w", err)
	}
	keysText, err := json.Marshal(keys)
	if err != nil {
		return Statement{}, fmt.Errorf("write keys of lists: %w", err)
	}
	key := ex("CAST(? AS VARCHAR)", column(sourceAlias, b.key()))
	listed := ex(`SELECT unnest(from_json(?, '["INTEGER"]')) AS place, unnest(from_json(?, '["VARCHAR"]')) AS "key"`, string(placesText), string(keysText))
	question := ex(`SELECT l.place, count(*) AS key_count FROM (?) AS l ANTI JOIN ? ON l."key" = ? GROUP BY l.place ORDER BY l.place`,
		listed, raw(b.from(b.program.Customers)), key)
	return b.bare(question)
}

// ColumnsOf returns the statement that describes the columns of a checked
// query: their names and types, in order.
func ColumnsOf(query string) Statement {
	return Statement{SQL: "SELECT column_name, column_type FROM (DESCRIBE " + query + ")"}
}
