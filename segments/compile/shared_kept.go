package compile

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	sq "github.com/Masterminds/squirrel"

	"strata/segments/calendar"
	"strata/segments/check"
	"strata/segments/plan"
	"strata/segments/rule"
	"strata/sql/dialect"
)

// Additive traits are kept from run to run: the sums of a pass before any test,
// for every key, and the words of every customer. A later run reads only the
// rows that enter or leave a window between the two as-ofs, and those that were
// loaded since; it adds them to the kept sums of the customers they belong to,
// and takes the words of all others from the run before. Whatever is not
// additive is evaluated anew, for everybody.

// Past is the run that an evaluation continues.
type Past struct {
	AsOf time.Time
	// Loaded is, by source, the newest load that the run saw, nil where no row had
	// one; sources that map none only add rows.
	Loaded map[string]*time.Time
	// Relation is the stored relation of a kept table.
	Relation func(name string) string
}

// KeptTable is a table that the next run can continue from.
type KeptTable struct {
	// Name tells the kept tables of a plan apart.
	Name string
	// Relation has the rows, Key is its column of the customer's key.
	Relation, Key string
	// Replace says that Relation is the whole table; otherwise its rows take the
	// place of those with the same keys.
	Replace bool
}

const (
	keptWords     = "words"
	oldWordsAlias = "o"
	affectedTable = "affected"
	// wasColumn says that the run before had words of the customer. Like all
	// columns beside the key it has two words, because no key is called so.
	wasColumn = "was there"
)

func keptName(p *plan.Pass) string { return fmt.Sprintf("pass %d", p.ID+1) }

// whole reports whether the values of all customers are needed, not only of
// those whose rows changed.
func whole(p *plan.Pass) bool {
	return slices.ContainsFunc(p.Traits, func(t *plan.Trait) bool { return t.Value })
}

// added adds up the sums of a pass by customer. A number of rows stays of the
// type that it has when all rows are read.
func (b *passBuilder) added(rows sq.Sqlizer) sq.Sqlizer {
	key := ident(b.key())
	question := sq.Select().Column(key)
	for i := range b.counts.sums() {
		question = question.Column(total(sumColumn(i), "sum(?)"))
	}
	for _, t := range b.pass.Traits {
		if t.Kind == plan.Counted {
			continue
		}
		sum := "sum(?)"
		if t.X.(*check.Aggregate).Op == rule.Count {
			sum = "CAST(sum(?) AS BIGINT)"
		}
		question = question.Column(total(traitColumn(t), sum))
	}
	return ex("? FROM (?) AS t GROUP BY ?", question, rows, key)
}

func total(name, sum string) sq.Sqlizer { return ex("? AS ?", ex(sum, ident(name)), ident(name)) }

// kept makes the table of a pass's sums, from all its rows or from those that
// changed, and returns it.
func (s *sharing) kept(p *plan.Pass, pb *passBuilder, aggregation sq.Sqlizer) (string, error) {
	b := pb.builder
	table := s.table("kept " + keptName(p))
	out := KeptTable{Name: keptName(p), Relation: table, Key: b.key(), Replace: true}
	step := SharedStep{Name: passName(p) + ", sums", Table: table}
	if s.options.Past != nil {
		b = s.fresh()
		state, delta := s.table("state "+keptName(p)), s.table("delta "+keptName(p))
		aggregation = pb.added(ex("SELECT * FROM ? UNION ALL SELECT * FROM ?", raw(state), raw(delta)))
		step.Name = passName(p) + ", brought up to date"
		out.Replace = false
		if whole(p) {
			out.Relation = fmt.Sprintf("(SELECT * FROM %s SEMI JOIN %s USING (%s))", table, s.table(affectedTable), ident(b.key()))
		}
	}
	s.out.Kept = append(s.out.Kept, out)
	return table, s.add(step, b, aggregation)
}

// keepWords adds the words to what the next run can continue from.
func (s *sharing) keepWords() {
	if len(s.out.Kept) == 0 {
		return
	}
	columns := []string{dialect.Ident(s.key())}
	for _, name := range s.out.columns {
		columns = append(columns, dialect.Ident(name)+" AS "+dialect.Ident("o"+name[1:]))
	}
	s.out.Kept = append(s.out.Kept, KeptTable{
		Name: keptWords, Relation: "(SELECT " + strings.Join(columns, ", ") + " FROM " + s.out.Words + ")", Key: s.key(), Replace: true,
	})
}

// continued makes the tables that a later run needs first: the changes of each
// kept pass, the words of the run before, the keys whose rows changed or that
// are new, and the kept sums of these.
func (s *sharing) continued() error {
	var kept []*plan.Pass
	for _, p := range s.plan.Passes {
		if p.Kept {
			kept = append(kept, p)
		}
	}
	keys := make([]sq.Sqlizer, 0, len(kept)+1)
	key := ident(s.key())
	for _, p := range kept {
		if err := s.delta(p); err != nil {
			return err
		}
		keys = append(keys, ex("SELECT ? FROM ?", key, raw(s.table("delta "+keptName(p)))))
	}
	old := s.table("old words")
	err := s.addStored("the words of the run before", old, ex("SELECT * FROM ?", raw(s.options.Past.Relation(keptWords))))
	if err != nil {
		return err
	}
	keys = append(keys, ex("SELECT ? FROM ? ANTI JOIN ? USING (?)", key, raw(s.out.Population), raw(old), key))
	err = s.addStored("whose rows changed", s.table(affectedTable), joined(" UNION ", keys))
	if err != nil {
		return err
	}
	for _, p := range kept {
		question := ex("SELECT * FROM ?", raw(s.options.Past.Relation(keptName(p))))
		if !whole(p) {
			question = ex("? SEMI JOIN ? USING (?)", question, raw(s.table(affectedTable)), key)
		}
		if err := s.addStored("kept sums", s.table("state "+keptName(p)), question); err != nil {
			return err
		}
	}
	return nil
}

func (s *sharing) addStored(name, table string, question sq.Sqlizer) error {
	return s.add(SharedStep{Name: name, Table: table, Stored: true}, s.fresh(), question)
}

// delta makes the table of what a pass's sums change by, for the keys whose
// rows changed: one narrow read for each stretch of time that a window enters or
// leaves, and one of all rows that were loaded since.
func (s *sharing) delta(p *plan.Pass) error {
	b := s.fresh()
	before, now := s.ranges(p, s.options.Past.AsOf), s.ranges(p, s.asOf())
	sum := s.passBuilder(b, p)
	var arms []sq.Sqlizer
	var known []sq.Sqlizer
	if p.Source.LoadedAt != nil {
		old, since := b.loads(p.Source, *s.options.Past)
		known, sum.extra = []sq.Sqlizer{old}, []sq.Sqlizer{since}
		aggregation, err := sum.aggregation()
		if err != nil {
			return err
		}
		arms = append(arms, aggregation)
	}
	for _, stretch := range stretches(p, before, now) {
		arm := s.moved(b, p, stretch)
		arm.extra = known
		aggregation, err := arm.aggregation()
		if err != nil {
			return err
		}
		arms = append(arms, aggregation)
	}
	if len(arms) == 0 {
		aggregation, err := s.nothing(b, p)
		if err != nil {
			return err
		}
		arms = append(arms, aggregation)
	}
	step := SharedStep{Name: fmt.Sprintf("what changed in %s", p.Source.Name), Table: s.table("delta " + keptName(p)), Temporary: true}
	return s.add(step, b, sum.added(joined(" UNION ALL ", arms)))
}

// change is a stretch of time that some window enters or leaves.
type change struct {
	in calendar.Range
	// adds is 1 for traits whose window it enters, -1 for those it leaves.
	adds map[*plan.Trait]int64
	// every is what it does to the rows that the pass reads.
	every int64
}

// stretches are the changes of a pass's windows between two as-ofs, in order.
func stretches(p *plan.Pass, before, now map[*plan.Trait]calendar.Range) []change {
	old, wide := widest(p.Traits, before), widest(p.Traits, now)
	edges := append(bounds(p.Traits, before, calendar.Range{}), bounds(p.Traits, now, calendar.Range{})...)
	slices.SortFunc(edges, time.Time.Compare)
	edges = slices.CompactFunc(edges, time.Time.Equal)
	var list []change
	for i := range len(edges) + 1 {
		var begin, end *time.Time
		if i > 0 {
			begin = &edges[i-1]
		}
		if i < len(edges) {
			end = &edges[i]
		}
		c := change{in: calendar.Range{From: begin, To: end}, adds: map[*plan.Trait]int64{}, every: turned(old, wide, begin, end)}
		for _, t := range p.Traits {
			if by := turned(before[t], now[t], begin, end); by != 0 {
				c.adds[t] = by
			}
		}
		if len(c.adds) > 0 || c.every != 0 {
			list = append(list, c)
		}
	}
	return list
}

// turned is 1 where a stretch lies in the second range alone, -1 where it lies
// in the first alone.
func turned(before, now calendar.Range, begin, end *time.Time) int64 {
	was, is := holds(before, begin, end), holds(now, begin, end)
	switch {
	case is && !was:
		return 1
	case was && !is:
		return -1
	}
	return 0
}

// moved aggregates the rows of a stretch that windows enter or leave.
func (s *sharing) moved(b *builder, p *plan.Pass, c change) *passBuilder {
	pb := s.passBuilder(b, p)
	pb.whole = c.in
	pb.part = func(t *plan.Trait) (*calendar.Range, bool, bool) { return nil, c.adds[t] < 0, c.adds[t] == 0 }
	pb.codes = newCodes(p, c.in, nil, func(t *plan.Trait, _, _ *time.Time) int64 { return c.adds[t] })
	pb.counts.every = c.every
	return pb
}

// nothing aggregates no rows, so that the table of changes has its columns.
func (s *sharing) nothing(b *builder, p *plan.Pass) (sq.Sqlizer, error) {
	pb := s.passBuilder(b, p)
	pb.extra = []sq.Sqlizer{raw("FALSE")}
	return pb.aggregation()
}

// beforeWord is a word of a kept table and its place among the words.
type beforeWord struct {
	table  *passWords
	word   passWord
	name   string
	offset int
}

// orBefore is a word of a kept pass: the new one for customers whose rows
// changed, that of the run before for the others.
func (s *sharing) orBefore(f *frame, bits sq.Sqlizer, w beforeWord) sq.Sqlizer {
	f.joinTable(oldWordsAlias, s.table("old words"))
	mask := ^uint64(0) >> (wordBits - len(w.word.conditions))
	old := ex("((? >> ?) & ?)", column(oldWordsAlias, "o"+w.name[1:]), raw(strconv.Itoa(w.offset)), bitLiteral(mask))
	return ex("CASE WHEN ? IS NULL THEN coalesce(?, ?) ELSE ? END",
		column(w.table.alias, f.key()), old, w.word.none, bits)
}

// before adds the words of the run before to those of this one, so that both
// can be compared customer by customer.
func (s *sharing) before(f *frame, question sq.SelectBuilder) sq.SelectBuilder {
	f.joinTable(oldWordsAlias, s.table("old words"))
	return question.
		Column(ex("? IS NOT NULL AS ?", column(oldWordsAlias, f.key()), ident(wasColumn))).
		Column(ex("?.* EXCLUDE (?)", raw(oldWordsAlias), ident(f.key())))
}
