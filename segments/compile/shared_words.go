package compile

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"

	sq "github.com/Masterminds/squirrel"

	"strata/segments/plan"
)

// wordBits is the number of conditions of one word.
const wordBits = 64

// wordsAlias stands for the words in a frame over customers.
const wordsAlias = "w"

// idColumn is the column of words with the row id in the population. The columns
// of an evaluation's own tables stand beside the customers' key and have names
// that no key is called, in two words.
const idColumn = "row id"

// passWords are the words that one table of a shared evaluation holds.
type passWords struct {
	alias, table string
	// kept says that an evaluation that continues a run has only customers in
	// the table whose rows changed.
	kept  bool
	words []passWord
}

// passWord is one column of 64 conditions. None is its value for customers who
// are not in the table.
type passWord struct {
	column     string
	conditions []*plan.Condition
	none       sq.Sqlizer
}

// word packs conditions into one number: bit i is the i-th condition.
func (s *sharing) word(f *frame, conditions []*plan.Condition) (sq.Sqlizer, error) {
	parts := make([]sq.Sqlizer, len(conditions))
	for i, c := range conditions {
		test, err := s.condition(f, c)
		if err != nil {
			return nil, err
		}
		parts[i] = ex("CASE WHEN ? THEN ? ELSE 0::UBIGINT END", test, bitLiteral(uint64(1)<<i))
	}
	return joined(" | ", parts), nil
}

// bitLiteral is a constant of 64 bits. It is no argument because it is part of
// how a statement is written, not of what it is about.
func bitLiteral(bits uint64) raw { return raw(strconv.FormatUint(bits, 10) + "::UBIGINT") }

// chunks splits conditions into those of one word each.
func chunks(conditions []*plan.Condition) [][]*plan.Condition {
	return slices.Collect(slices.Chunk(conditions, wordBits))
}

// wordsOf makes the words of a round: those of the rounds before, those that
// its tables hold, and the conditions that need fields or several tables.
func (s *sharing) wordsOf(round int, tables []*passWords) error {
	b := s.fresh()
	f := b.customerFrame()
	question := sq.Select()
	if s.out.Words == "" {
		question = question.Column(ex("CAST(?.rowid AS UINTEGER) AS ?", raw(customerAlias), ident(idColumn))).Column(column(customerAlias, b.key()))
	} else {
		f.overWords = true
		question = question.Column(raw(wordsAlias + ".*"))
	}
	pack := &packing{shared: s.out, taken: len(s.out.columns)}
	s.packTables(f, pack, tables)
	if err := s.packTests(f, pack, round); err != nil {
		return err
	}
	if round == 0 && s.options.Past != nil {
		question = s.before(f, question)
	}
	for _, w := range pack.words {
		question = question.Column(ex("? AS ?", joined(" | ", w.parts), ident(w.name)))
	}
	for _, w := range pack.words {
		s.out.columns = append(s.out.columns, w.name)
	}
	name := s.table(fmt.Sprintf("words %d", round+1))
	step := SharedStep{Name: "words", Table: name, Temporary: round < s.plan.Rounds-1}
	if err := s.add(step, b, f.apply(question)); err != nil {
		return err
	}
	s.out.Words = name
	return nil
}

// packTables adds the words that tables hold.
func (s *sharing) packTables(f *frame, pack *packing, tables []*passWords) {
	for _, t := range tables {
		f.joinTable(t.alias, t.table)
		for _, w := range t.words {
			pack.add(w.conditions, func(name string, offset int) sq.Sqlizer {
				bits := ex("coalesce(?, ?)", column(t.alias, w.column), w.none)
				if t.kept && s.options.Past != nil {
					return s.orBefore(f, bits, beforeWord{table: t, word: w, name: name, offset: offset})
				}
				return bits
			})
		}
	}
}

// packTests adds the conditions of a round that are computed with the words.
func (s *sharing) packTests(f *frame, pack *packing, round int) error {
	var rest []*plan.Condition
	for _, c := range s.plan.Conditions {
		if c.Round == round && c.Pass < 0 && (c.Kind == plan.Tested || c.Kind == plan.Derived) {
			rest = append(rest, c)
		}
	}
	for _, chunk := range chunks(rest) {
		bits, err := s.word(f, chunk)
		if err != nil {
			return err
		}
		pack.add(chunk, func(string, int) sq.Sqlizer { return bits })
	}
	return nil
}

// packing puts the conditions of several tables into as few words as possible,
// because a test of members reads whole columns.
type packing struct {
	shared *Shared
	// taken is the number of words of the rounds before.
	taken int
	words []*packedWord
}

// packedWord is a word that is being filled.
type packedWord struct {
	name  string
	bits  int
	parts []sq.Sqlizer
}

// add gives conditions their places in the first word with room.
func (p *packing) add(conditions []*plan.Condition, write func(name string, offset int) sq.Sqlizer) {
	at := slices.IndexFunc(p.words, func(w *packedWord) bool { return w.bits+len(conditions) <= wordBits })
	if at < 0 {
		at = len(p.words)
		p.words = append(p.words, &packedWord{name: fmt.Sprintf("w%d", p.taken+at+1)})
	}
	w := p.words[at]
	bits := write(w.name, w.bits)
	if w.bits > 0 {
		bits = ex("((?) << ?)", bits, raw(strconv.Itoa(w.bits)))
	} else {
		bits = ex("(?)", bits)
	}
	w.parts = append(w.parts, bits)
	for i, c := range conditions {
		p.shared.places[c.ID] = place{column: w.name, bit: w.bits + i}
	}
	w.bits += len(conditions)
}

// condition is the test of a condition that is computed with the words.
func (s *sharing) condition(f *frame, c *plan.Condition) (sq.Sqlizer, error) {
	if c.Kind == plan.Derived {
		f.joinTable(wordsAlias, s.out.Words)
		return s.out.test(c.Formula), nil
	}
	return f.test(c.X)
}

// test is a formula over the words of the alias w.
func (s *Shared) test(f *plan.Formula) sq.Sqlizer { return s.testIn(f, "w") }

// testIn is a formula over words whose columns begin with a letter: w for those
// of this evaluation, o for those of the run before. Tests of bits of one word
// become one comparison.
func (s *Shared) testIn(f *plan.Formula, letter string) sq.Sqlizer {
	switch f.Op {
	case plan.Bit:
		return s.literals(plan.All, []*plan.Formula{f}, letter)[0]
	case plan.Not:
		if f.Parts[0].Op == plan.Bit {
			return s.literals(plan.All, []*plan.Formula{f}, letter)[0]
		}
		return ex("NOT (?)", s.testIn(f.Parts[0], letter))
	case plan.All, plan.Any:
		var literals []*plan.Formula
		var parts []sq.Sqlizer
		for _, part := range f.Parts {
			if part.Op == plan.Bit || part.Op == plan.Not && part.Parts[0].Op == plan.Bit {
				literals = append(literals, part)
				continue
			}
			parts = append(parts, s.testIn(part, letter))
		}
		separator := " AND "
		if f.Op == plan.Any {
			separator = " OR "
		}
		return ex("(?)", joined(separator, append(s.literals(f.Op, literals, letter), parts...)))
	case plan.Constant:
	}
	if f.Value {
		return raw("TRUE")
	}
	return raw("FALSE")
}

// literals are the tests of bits that shall all, or of which any shall, have
// the wanted value: one comparison per word. That all bits are as wanted is
// "the masked word is the wanted one"; that any is, "it is not the opposite".
func (s *Shared) literals(op plan.Op, list []*plan.Formula, letter string) []sq.Sqlizer {
	masks, wanted := map[string]uint64{}, map[string]uint64{}
	for _, literal := range list {
		id, value := literal.Condition, true
		if literal.Op == plan.Not {
			id, value = literal.Parts[0].Condition, false
		}
		at := s.places[id]
		bit := uint64(1) << at.bit
		if masks[at.column]&bit != 0 && (wanted[at.column]&bit != 0) != value {
			return []sq.Sqlizer{raw(map[plan.Op]string{plan.All: "FALSE", plan.Any: "TRUE"}[op])}
		}
		masks[at.column] |= bit
		if value {
			wanted[at.column] |= bit
		}
	}
	var tests []sq.Sqlizer
	columns := slices.SortedFunc(maps.Keys(masks), func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
	for _, name := range columns {
		masked := ex("(? & ?)", column(wordsAlias, letter+name[1:]), bitLiteral(masks[name]))
		if op == plan.All {
			tests = append(tests, ex("? = ?", masked, bitLiteral(wanted[name])))
			continue
		}
		tests = append(tests, ex("? <> ?", masked, bitLiteral(masks[name]&^wanted[name])))
	}
	return tests
}
