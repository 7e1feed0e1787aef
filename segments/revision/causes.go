package revision

import (
	"context"

	"strata/segments/check"
	"strata/segments/plan"
	"strata/sql/warehouse"
)

// explain lays the moves of a segment at the door of its leaves.
func (c *comparison) explain(ctx context.Context, change *Change, p pair, found differences) error {
	v := versions{}
	var isSegment bool
	if v.before, isSegment = p.before.(*check.Segment); !isSegment {
		return nil
	}
	v.after, _ = p.after.(*check.Segment)
	if err := c.exec(ctx, "moves", nil); err != nil {
		return err
	}
	among := c.table(movesTable)
	for _, x := range []struct {
		side    *side
		segment *check.Segment
		table   string
	}{{c.before, v.before, leavesBeforeTable}, {c.after, v.after, leavesAfterTable}} {
		there, err := x.side.evaluator.LeavesByKey(ctx, x.segment, c.options.AsOf, among, c.table(x.table))
		if err != nil {
			return err
		}
		if !there {
			change.Unexplained = aloneReason(x.side, x.segment)
			return nil
		}
	}
	patterns, err := c.patterns(ctx)
	if err != nil {
		return err
	}
	q := newQuestion(v)
	alone, shared, together, err := q.account(patterns)
	if err != nil {
		return err
	}
	change.Together = together
	for i := range alone {
		if cause, ok := c.cause(q, i, found); ok || alone[i] != (moved{}) || shared[i] != (moved{}) {
			cause.Joined, cause.Left = alone[i].joined, alone[i].left
			cause.TogetherJoined, cause.TogetherLeft = shared[i].joined, shared[i].left
			change.Causes = append(change.Causes, cause)
		}
	}
	return nil
}

// aloneReason says why a segment has no leaves to look at.
func aloneReason(s *side, segment *check.Segment) string {
	return plan.Build(s.program, []check.Definition{segment}).Units[0].Alone
}

// patterns groups those who moved by the truth of all leaves.
func (c *comparison) patterns(ctx context.Context) ([]pattern, error) {
	var all []pattern
	err := c.rows(ctx, "patterns", nil, func(row []any) error {
		p := pattern{before: warehouse.Text(row[1]), after: warehouse.Text(row[2])}
		p.joined, _ = row[0].(bool)
		p.customers, _ = row[3].(int64)
		all = append(all, p)
		return nil
	})
	return all, err
}

// cause describes a cause; false where nothing is written differently about it.
func (c *comparison) cause(q *question, i int, found differences) (Cause, bool) {
	cause := Cause{Name: q.name(i)}
	switch {
	case i > len(q.leaves), i == len(q.leaves) && !q.restructured:
		cause.Kind = Customers
		return cause, false
	case i == len(q.leaves):
		cause.Kind = Structure
		return cause, true
	}
	l := q.leaves[i]
	cause.Before, cause.After = oneLine(l.old), oneLine(l.now)
	switch {
	case l.old == nil:
		cause.Kind = LeafAdded
	case l.now == nil:
		cause.Kind = LeafRemoved
	case check.Text(l.old.X) != check.Text(l.now.X) && cause.Before != cause.After:
		cause.Kind = LeafEdited
	default:
		cause.Kind = LeafThrough
		cause.Through = through(c.after.program, l.now, found.parts)
		if len(cause.Through) == 0 {
			cause.Through = found.around
			return cause, false
		}
	}
	return cause, true
}
