package evaluate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/plan"
	"strata/segments/result"
)

// Bits are the members of many segments and stages as bits.
type Bits struct {
	AsOf time.Time
	// Units are the segments and stages in order, with their sizes but without
	// contactable members; a set of the bits belongs to each.
	Units []Unit
	result.Bits
	// Skipped are the definitions that cannot be evaluated at one moment.
	Skipped []Skipped
}

// Bits returns the members of segments and partitions as bits. Words that are
// there and hold the definitions at that as-of are read, such as those of a run;
// otherwise all are evaluated.
func (e *Evaluator) Bits(ctx context.Context, definitions []check.Definition, asOf time.Time) (bits *Bits, err error) {
	p := plan.Build(e.program, definitions)
	words, ok := e.live.holding(p, asOf)
	if !ok {
		if words, err = e.planned(ctx, wordsOptions{plan: p, asOf: asOf}); err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, words.Close(ctx)) }()
	}
	r := bitReader{Evaluator: e, words: words, out: &Bits{AsOf: asOf}, table: scratch(fmt.Sprintf("strata bits %d", e.db.Number()))}
	defer func() {
		_, dropped := e.db.Exec(context.WithoutCancel(ctx), "DROP TABLE IF EXISTS "+r.table)
		err = errors.Join(err, dropped)
	}()
	if err := r.collect(ctx, p); err != nil {
		return nil, err
	}
	return r.out, r.read(ctx)
}

// holding returns words at an as-of that hold all units of a plan that take part
// in it.
func (l *live) holding(p *plan.Plan, asOf time.Time) (*Words, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, w := range l.words {
		missing := !w.AsOf.Equal(asOf)
		for _, unit := range p.Units {
			if _, ok := w.Unit(unit.Definition); !ok && unit.Alone == "" {
				missing = true
			}
		}
		if !missing {
			return w, true
		}
	}
	return nil, false
}

// bitReader reads members as bits.
type bitReader struct {
	*Evaluator
	words *Words
	out   *Bits
	// formulas say who is in each unit that the words hold, nil for the others,
	// which stand in the table; others counts these.
	formulas []*plan.Formula
	table    string
	others   int
}

// collect finds the formulas of all units and evaluates what the words do not
// hold.
func (r *bitReader) collect(ctx context.Context, p *plan.Plan) error {
	for _, asked := range p.Units {
		unit, ok := r.words.Unit(asked.Definition)
		if !ok {
			if err := r.alone(ctx, asked.Definition); err != nil {
				return err
			}
			continue
		}
		r.out.Units = append(r.out.Units, UnitsOf(r.program, asked.Definition)...)
		if unit.Members != nil {
			r.formulas = append(r.formulas, unit.Members)
		}
		for i := range unit.Stages {
			r.formulas = append(r.formulas, unit.InStage(i))
		}
	}
	return nil
}

// alone adds the members of a definition to the table.
func (r *bitReader) alone(ctx context.Context, d check.Definition) error {
	if r.others == 0 {
		if err := r.makeTable(ctx, "unit INTEGER, key "+r.program.Customers.Key.Physical, r.table); err != nil {
			return err
		}
	}
	skipped, err := r.membersInUnits(ctx, r.table, d, r.out.AsOf, r.others)
	if skipped != nil {
		r.out.Skipped = append(r.out.Skipped, *skipped)
	}
	if skipped != nil || err != nil {
		return err
	}
	for _, unit := range UnitsOf(r.program, d) {
		r.out.Units = append(r.out.Units, unit)
		r.formulas = append(r.formulas, nil)
		r.others++
	}
	return nil
}

// read reads the words and tests all formulas.
func (r *bitReader) read(ctx context.Context) error {
	var formulas []*plan.Formula
	for _, f := range r.formulas {
		if f != nil {
			formulas = append(formulas, f)
		}
	}
	rows, err := r.words.shared.MemberWords(formulas, compile.OtherMembers{Table: r.table, Units: r.others})
	if err != nil {
		return err
	}
	planes := newBitPlanes(rows, r.others)
	err = r.db.Batches(ctx, planes.add, rows.Statement.SQL, rows.Statement.Args...)
	if err != nil {
		return fmt.Errorf("read members: %w", err)
	}
	planes.finish()
	r.out.Customers = planes.customers
	other := 0
	for i, f := range r.formulas {
		var set []uint64
		if f == nil {
			set = planes.others[other]
			other++
		} else {
			set = planes.test(f)
		}
		r.out.Sets = append(r.out.Sets, set)
		r.out.Units[i].Size = result.CountBits(set)
	}
	return nil
}

// bitPlanes are bits of customers, turned from rows of conditions to a list of
// customers for each condition.
type bitPlanes struct {
	columns   int
	customers int64
	// waiting are the words of fewer than 64 customers, column by column.
	waiting [][64]uint64
	// wanted are the bits of each column that somebody asks for, and the lists
	// that they go to.
	wanted [][]wantedBit
	// conditions are the lists by condition, others those of the other members.
	conditions map[int]*[]uint64
	others     [][]uint64
}

type wantedBit struct {
	bit int
	to  *[]uint64
}

func newBitPlanes(rows compile.WordRows, others int) *bitPlanes {
	p := &bitPlanes{
		columns: rows.Columns, waiting: make([][64]uint64, rows.Columns), wanted: make([][]wantedBit, rows.Columns),
		conditions: map[int]*[]uint64{}, others: make([][]uint64, others),
	}
	for id, at := range rows.Places {
		list := &[]uint64{}
		p.conditions[id] = list
		p.wanted[at.Column] = append(p.wanted[at.Column], wantedBit{bit: at.Bit, to: list})
	}
	for unit := range p.others {
		column := rows.Columns - rows.Extra + unit/64
		p.wanted[column] = append(p.wanted[column], wantedBit{bit: unit % 64, to: &p.others[unit]})
	}
	return p
}

// add takes in a batch of rows.
func (p *bitPlanes) add(batch arrow.RecordBatch) error {
	words := make([][]uint64, p.columns)
	for i := range words {
		column, ok := batch.Column(i).(*array.Uint64)
		if !ok {
			return fmt.Errorf("read bits: column %d is %s", i+1, batch.Column(i).DataType())
		}
		words[i] = column.Uint64Values()
	}
	for row := 0; row < int(batch.NumRows()); {
		at := int(p.customers % 64)
		n := min(64-at, int(batch.NumRows())-row)
		for i := range words {
			copy(p.waiting[i][at:at+n], words[i][row:row+n])
		}
		row, p.customers = row+n, p.customers+int64(n)
		if p.customers%64 == 0 {
			p.turn()
		}
	}
	return nil
}

// turn adds a word of 64 customers to each list.
func (p *bitPlanes) turn() {
	for i := range p.waiting {
		result.Transpose(&p.waiting[i])
		for _, w := range p.wanted[i] {
			*w.to = append(*w.to, p.waiting[i][w.bit])
		}
		p.waiting[i] = [64]uint64{}
	}
}

// finish adds the last customers, fewer than 64.
func (p *bitPlanes) finish() {
	if p.customers%64 != 0 {
		p.turn()
	}
}

// words is the length of all lists.
func (p *bitPlanes) words() int { return int((p.customers + 63) / 64) }

// bitBlock is how many words of a formula are tested at a time, so that what is
// between its parts stays near the processor.
const bitBlock = 512

// test returns the customers for whom a formula holds.
func (p *bitPlanes) test(f *plan.Formula) []uint64 {
	set := make([]uint64, p.words())
	for from := 0; from < len(set); from += bitBlock {
		to := min(len(set), from+bitBlock)
		p.testBlock(f, from, set[from:to])
	}
	if rest := p.customers % 64; rest != 0 && len(set) > 0 {
		set[len(set)-1] &= 1<<rest - 1
	}
	return set
}

// testBlock writes where a formula holds, from a word on.
func (p *bitPlanes) testBlock(f *plan.Formula, from int, into []uint64) {
	switch f.Op {
	case plan.Bit:
		copy(into, (*p.conditions[f.Condition])[from:from+len(into)])
	case plan.Not:
		p.testBlock(f.Parts[0], from, into)
		for i := range into {
			into[i] = ^into[i]
		}
	case plan.All, plan.Any:
		p.testBlock(f.Parts[0], from, into)
		part := make([]uint64, len(into))
		for _, next := range f.Parts[1:] {
			p.testBlock(next, from, part)
			for i := range into {
				if f.Op == plan.All {
					into[i] &= part[i]
				} else {
					into[i] |= part[i]
				}
			}
		}
	case plan.Constant:
		if f.Value {
			for i := range into {
				into[i] = ^uint64(0)
			}
		} else {
			clear(into)
		}
	}
}
