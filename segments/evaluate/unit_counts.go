package evaluate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"strata/segments/check"
	"strata/segments/result"
)

// UnitCounts returns the sizes of the units of a definition, as UnitsOf names
// them, by a statement of its own: for what cannot be evaluated with others.
func (e *Evaluator) UnitCounts(ctx context.Context, d check.Definition, asOf time.Time) ([]result.Count, error) {
	if s, ok := d.(*check.Segment); ok {
		count, err := e.Count(ctx, s, asOf)
		return []result.Count{count}, err
	}
	units := UnitsOf(e.program, d)
	counts := make([]result.Count, len(units))
	var customers int64
	table := KeyTable{Name: scratch(fmt.Sprintf("strata counts %d", e.db.Number())), KeyType: e.program.Customers.Key.Physical}
	err := e.UniqueKeys(ctx)
	if err == nil {
		err = e.MembersByKey(ctx, d, asOf, table)
	}
	if err == nil {
		err = e.db.Each(ctx, func(row []any) error {
			stage, _ := row[0].(int64)
			counts[stage].Members, _ = row[1].(int64)
			counts[stage].Contactable, _ = row[2].(int64)
			customers += counts[stage].Members
			return nil
		}, "SELECT stage, count(*), count(*) FILTER (WHERE contactable) FROM "+table.Name+" GROUP BY stage")
	}
	_, dropped := e.db.Exec(context.WithoutCancel(ctx), "DROP TABLE IF EXISTS "+table.Name)
	for i, unit := range units {
		counts[i].Name, counts[i].AsOf, counts[i].Customers = unit.Name, asOf, customers
	}
	return counts, errors.Join(err, dropped)
}
