package compile

import (
	"strings"
	"time"

	sq "github.com/Masterminds/squirrel"

	"strata/segments/calendar"
	"strata/segments/catalog"
	"strata/segments/rule"
	"strata/sql/dialect"
)

// moment is a date or timestamp as it stands in the warehouse. Bounds are
// taken to its own terms instead of converting every row, so that DuckDB can
// skip what lies outside of a window.
type moment struct {
	x    sq.Sqlizer
	kind momentKind
	zone zone
}

// microsecond is the least difference of two times in a warehouse.
const microsecond = time.Microsecond

type momentKind uint8

const (
	// zoned is a TIMESTAMPTZ.
	zoned momentKind = iota
	// local is a TIMESTAMP that the zone's clock showed.
	local
	// day is a DATE, which stands for the start of its day in the zone.
	day
)

func localArg(t time.Time) dialect.LocalTimestamp { return dialect.LocalTimestamp(t) }

func dateArg(t time.Time) dialect.Date {
	return dialect.Date{Year: t.Year(), Month: t.Month(), Day: t.Day()}
}

// bound is an instant in the terms of the moment.
func (m moment) bound(t time.Time) any {
	switch m.kind {
	case local:
		return localArg(calendar.FirstReading(t, m.zone.location))
	case day:
		return dateArg(calendar.FirstDate(t, m.zone.location))
	case zoned:
	}
	return t.UTC()
}

// from is the condition that the moment is at or after t; missing where it is.
func (m moment) from(t time.Time) sq.Sqlizer { return ex("? >= ?", m.x, m.bound(t)) }

// before is the condition that the moment is before t.
func (m moment) before(t time.Time) sq.Sqlizer { return ex("? < ?", m.x, m.bound(t)) }

// compare is a comparison with an instant. Times have microseconds, so that
// "after t" is "from t and a microsecond".
func (m moment) compare(op rule.BinaryOp, t time.Time) sq.Sqlizer {
	if m.kind == zoned {
		return ex("? "+string(op)+" ?", m.x, t.UTC())
	}
	next := t.Add(microsecond)
	switch op {
	case rule.Less:
		return m.before(t)
	case rule.LessEqual:
		return m.before(next)
	case rule.Greater:
		return m.from(next)
	case rule.GreaterEqual:
		return m.from(t)
	default:
		return ex("(? AND ?)", m.from(t), m.before(next))
	}
}

// within is the condition that the moment lies in a range; TRUE for an open
// one of something that is there.
func (m moment) within(r calendar.Range) []sq.Sqlizer {
	var conditions []sq.Sqlizer
	if r.From != nil {
		conditions = append(conditions, m.from(*r.From))
	}
	if r.To != nil {
		conditions = append(conditions, m.before(*r.To))
	}
	return conditions
}

// instant is the moment as a TIMESTAMPTZ.
func (m moment) instant() sq.Sqlizer {
	switch m.kind {
	case local:
		return m.zone.instant(m.x)
	case day:
		return m.zone.instant(ex("CAST(? AS TIMESTAMP)", m.x))
	case zoned:
	}
	return m.x
}

// moment reads a field of a source as one.
func (b *builder) moment(alias string, field *catalog.Field, source *catalog.Source) moment {
	name := source.Zone
	if field.Type.Kind == catalog.Date {
		name = ""
	}
	z := b.zone(name)
	value := readRaw(alias, field)
	switch {
	case field.Type.Kind == catalog.Date:
		return moment{x: read(alias, field), kind: day, zone: z}
	case field.JSON:
		return moment{x: z.jsonInstant(value), kind: zoned, zone: z}
	case catalog.Zoned(field.Physical):
		return moment{x: value, kind: zoned, zone: z}
	case strings.EqualFold(field.Physical, "TIMESTAMP"), strings.EqualFold(field.Physical, "DATETIME"):
		return moment{x: value, kind: local, zone: z}
	}
	return moment{x: ex("CAST(? AS TIMESTAMP)", value), kind: local, zone: z}
}

// offsetAtEnd finds a time of day that is followed by Z or an offset.
const offsetAtEnd = `\d:\d\d[0-9:.]*\s*(Z|[+-]\d\d(:?\d\d)?)$`

// jsonInstant reads text as an instant: with its own offset where it has one,
// else by the zone's clock.
func (z zone) jsonInstant(text sq.Sqlizer) sq.Sqlizer {
	return ex("CASE WHEN regexp_matches(?, ?) THEN TRY_CAST(? AS TIMESTAMPTZ) ELSE ? END",
		text, offsetAtEnd, text, z.instant(ex("TRY_CAST(? AS TIMESTAMP)", text)))
}
