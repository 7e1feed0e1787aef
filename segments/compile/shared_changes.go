package compile

import (
	sq "github.com/Masterminds/squirrel"

	"strata/segments/catalog"
	"strata/segments/plan"
)

// Changed are the tables of who changed sides since the run that an evaluation
// continues.
type Changed struct {
	// Steps make the tables, in order.
	Steps []SharedStep
	// Units is the relation of (unit INTEGER, key, entered BOOLEAN), Population
	// that of (key, entered BOOLEAN).
	Units, Population string
}

// Changes returns the statements that find who entered or left a unit since the
// run before. Only customers whose words differ are looked at.
func (s *Shared) Changes(units map[*plan.Unit]int) (*Changed, error) {
	key, was := ident(s.key), ident(wasColumn)
	out := &Changed{Units: s.table("changes"), Population: s.table("population changes")}
	differs := []sq.Sqlizer{ex("NOT ?", was)}
	for _, name := range s.columns {
		differs = append(differs, ex("? <> ?", column(wordsAlias, name), column(wordsAlias, "o"+name[1:])))
	}
	changed, vanished := s.table("changed"), s.table("vanished")
	var arms []sq.Sqlizer
	for _, unit := range s.plan.Units {
		if first, ok := units[unit]; ok {
			arms = append(arms, s.changesOf(unit, first, changed, vanished)...)
		}
	}
	for _, step := range []struct {
		table string
		query sq.Sqlizer
	}{
		{changed, ex("SELECT * FROM ? AS ? WHERE ?", raw(s.Words), raw(wordsAlias), joined(" OR ", differs))},
		{vanished, ex("SELECT * FROM ? ANTI JOIN ? USING (?)", raw(s.table("old words")), raw(s.Population), key)},
		{out.Population, ex("SELECT ? AS key, TRUE AS entered FROM ? WHERE NOT ? UNION ALL SELECT ?, FALSE FROM ?",
			key, raw(changed), was, key, raw(vanished))},
		{out.Units, ex("SELECT unit, key, entered FROM (?) AS t(unit, key, entered)", joined(" UNION ALL ", arms))},
	} {
		sql, args, err := step.query.ToSql()
		if err != nil {
			return nil, err
		}
		out.Steps = append(out.Steps, SharedStep{
			Name: "who changed sides", Table: step.table,
			Statement: Statement{SQL: sql, Args: args}.As(step.table),
		})
	}
	return out, nil
}

// changesOf are the changes of a segment, or of a partition's stages.
func (s *Shared) changesOf(unit *plan.Unit, first int, changed, vanished string) []sq.Sqlizer {
	key, was := column(wordsAlias, s.key), column(wordsAlias, wasColumn)
	if unit.Members != nil {
		now, before := s.test(unit.Members), s.testIn(unit.Members, "o")
		return []sq.Sqlizer{
			ex("SELECT CAST(? AS INTEGER), ?, (?) FROM ? AS ? WHERE (?) <> (? AND ?)",
				int64(first), key, now, raw(changed), raw(wordsAlias), now, was, before),
			ex("SELECT CAST(? AS INTEGER), ?, FALSE FROM ? AS ? WHERE ?", int64(first), key, raw(vanished), raw(wordsAlias), before),
		}
	}
	now, before := s.unitOf(unit.Stages, first, "w"), s.unitOf(unit.Stages, first, "o")
	return []sq.Sqlizer{
		ex("SELECT CAST(? AS INTEGER), ?, TRUE FROM ? AS ? WHERE NOT ? OR (?) <> (?)", now, key, raw(changed), raw(wordsAlias), was, now, before),
		ex("SELECT CAST(? AS INTEGER), ?, FALSE FROM ? AS ? WHERE ? AND (?) <> (?)", before, key, raw(changed), raw(wordsAlias), was, now, before),
		ex("SELECT CAST(? AS INTEGER), ?, FALSE FROM ? AS ?", before, key, raw(vanished), raw(wordsAlias)),
	}
}

// Newest returns the statement of the newest load of a source; NULL where it
// maps none.
func (c *Compiler) Newest(source *catalog.Source) (Statement, error) {
	b := c.builder()
	if source.LoadedAt == nil {
		return b.bare(sq.Select("NULL::TIMESTAMPTZ"))
	}
	m := b.moment(sourceAlias, source.LoadedAt, source)
	m.x = ex("max(?)", m.x)
	return b.bare(sq.Select().Column(m.instant()).From(b.from(source)))
}

// RowsKnown returns the statement of the number of rows of a source before the
// as-of that an earlier run has seen: those that were loaded until then.
func (c *Compiler) RowsKnown(source *catalog.Source, past Past) (Statement, error) {
	b := c.builder()
	at := b.moment(sourceAlias, source.At, source)
	question := sq.Select("count(*)").From(b.from(source)).Where(at.before(past.AsOf))
	if source.LoadedAt != nil {
		known, _ := b.loads(source, past)
		question = question.Where(known)
	}
	return b.bare(question)
}

// loads are the conditions that a row of a source that maps loads was there at
// an earlier run, and that it was loaded since. Where nothing had a load at that
// run, every load is one since.
func (b *builder) loads(source *catalog.Source, past Past) (known, since sq.Sqlizer) {
	m := b.moment(sourceAlias, source.LoadedAt, source)
	newest := past.Loaded[source.Name]
	if newest == nil {
		return ex("? IS NULL", m.x), ex("? IS NOT NULL", m.x)
	}
	after := newest.Add(microsecond)
	return ex("(? IS NULL OR ?)", m.x, m.before(after)), ex("coalesce(?, FALSE)", m.from(after))
}
