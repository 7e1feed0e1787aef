package evaluate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/definition"
	"strata/sql/warehouse"
)

// KPISets are sets of customers by number in a table of the in-memory database:
// set 0 are all customers at the moment of membership, the others segments and
// stages in order. They stay until Close.
type KPISets struct {
	// At is the moment at which members are members.
	At time.Time
	// Units are the sets behind set 0, without sizes.
	Units []Unit
	// Of is the definition of each unit.
	Of []check.Definition
	// Skipped are the definitions that cannot be evaluated at one moment.
	Skipped []Skipped

	evaluator *Evaluator
	table     string
}

// KPISets evaluates who is in which segment or stage at a moment.
func (e *Evaluator) KPISets(ctx context.Context, definitions []check.Definition, at time.Time) (sets *KPISets, err error) {
	sets = &KPISets{At: at, evaluator: e, table: scratch(fmt.Sprintf("strata sets %d", e.db.Number()))}
	defer func() {
		if err != nil {
			err = errors.Join(err, sets.Close(context.WithoutCancel(ctx)))
		}
	}()
	if err := e.makeTable(ctx, "unit INTEGER, key "+e.program.Customers.Key.Physical, sets.table); err != nil {
		return sets, err
	}
	if len(definitions) > 1 {
		var words *Words
		if words, err = e.Words(ctx, definitions, at); err != nil {
			return sets, err
		}
		defer func() { err = errors.Join(err, words.Close(context.WithoutCancel(ctx))) }()
	} else if err := e.UniqueKeys(ctx); err != nil {
		return sets, err
	}
	if err := sets.all(ctx); err != nil {
		return sets, err
	}
	for _, d := range definitions {
		if err := sets.add(ctx, d); err != nil {
			return sets, err
		}
	}
	return sets, nil
}

// Close drops the table.
func (s *KPISets) Close(ctx context.Context) error {
	if _, err := s.evaluator.db.Exec(ctx, "DROP TABLE IF EXISTS "+s.table); err != nil {
		return fmt.Errorf("drop the sets of customers: %w", err)
	}
	return nil
}

// all adds all customers as set 0.
func (s *KPISets) all(ctx context.Context) error {
	compiler, err := s.evaluator.Compiler(ctx, s.At, ForRunning)
	if err != nil {
		return err
	}
	population, err := compiler.Population()
	if err == nil {
		_, err = s.evaluator.db.Exec(ctx, "INSERT INTO "+s.table+" SELECT 0, t.* FROM ("+population.SQL+") AS t", population.Args...)
	}
	if err != nil {
		return fmt.Errorf("read all customers: %w", err)
	}
	return nil
}

// add adds a segment or the stages of a partition.
func (s *KPISets) add(ctx context.Context, d check.Definition) error {
	skipped, err := s.evaluator.membersInUnits(ctx, s.table, d, s.At, len(s.Units)+1)
	if skipped != nil {
		s.Skipped = append(s.Skipped, *skipped)
	}
	if skipped != nil || err != nil {
		return err
	}
	for _, unit := range UnitsOf(s.evaluator.program, d) {
		s.Units = append(s.Units, unit)
		s.Of = append(s.Of, d)
	}
	return nil
}

// KPISums are the sums of one metric over one set.
type KPISums map[compile.KPIField]float64

// KPIGap is the time between rows of the members of one set. Numbers that there
// are too few rows for are nil.
type KPIGap struct {
	Gaps, Customers    int64
	Median, ByCustomer float64
	Low, High          *float64
}

// KPIAnswer holds what was found, by set and then by metric.
type KPIAnswer struct {
	// Customers is the size of each set.
	Customers []int64
	// Sums are nil for a gap, Gaps for all others and where there is no gap.
	Sums [][]KPISums
	Gaps [][]*KPIGap
}

// Measure computes metrics of all sets in [from, to): one statement for all that
// are sums, and one for each gap.
func (s *KPISets) Measure(ctx context.Context, metrics []*check.Metric, from, to time.Time) (*KPIAnswer, error) {
	compiler, err := s.evaluator.Compiler(ctx, to, ForRunning)
	if err != nil {
		return nil, err
	}
	a := &KPIAnswer{Customers: make([]int64, len(s.Units)+1), Sums: make([][]KPISums, len(s.Units)+1), Gaps: make([][]*KPIGap, len(s.Units)+1)}
	for i := range a.Customers {
		a.Sums[i], a.Gaps[i] = make([]KPISums, len(metrics)), make([]*KPIGap, len(metrics))
	}
	asked := compile.KPI{From: from, Members: compile.KPIMembers{Table: s.table}}
	var places []int
	for i, m := range metrics {
		if m.Form == definition.MetricGap {
			one := asked
			one.Metrics = []*check.Metric{m}
			if err := s.gaps(ctx, compiler, one, a, i); err != nil {
				return nil, err
			}
			continue
		}
		asked.Metrics, places = append(asked.Metrics, m), append(places, i)
	}
	return a, s.sums(ctx, compiler, asked, a, places)
}

// sums runs the statement of all metrics that are sums.
func (s *KPISets) sums(ctx context.Context, compiler *compile.Compiler, asked compile.KPI, a *KPIAnswer, places []int) error {
	statement, columns, err := compiler.Sufficient(asked)
	if err != nil {
		return err
	}
	err = s.evaluator.query(ctx, statement, func(row []any) error {
		unit := int(warehouse.Float(row[0]))
		a.Customers[unit] = int64(warehouse.Float(row[1]))
		for i, c := range columns {
			sums := &a.Sums[unit][places[c.Metric]]
			if *sums == nil {
				*sums = KPISums{}
			}
			(*sums)[c.Field] = warehouse.Float(row[i+2])
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("measure metrics: %w", err)
	}
	return nil
}

// gaps runs the statement of one metric of gaps.
func (s *KPISets) gaps(ctx context.Context, compiler *compile.Compiler, asked compile.KPI, a *KPIAnswer, place int) error {
	statement, err := compiler.Gaps(asked)
	if err != nil {
		return err
	}
	err = s.evaluator.query(ctx, statement, func(row []any) error {
		found := &KPIGap{Gaps: int64(warehouse.Float(row[1])), Customers: int64(warehouse.Float(row[2])), Median: warehouse.Float(row[3]), ByCustomer: warehouse.Float(row[4])}
		if row[5] != nil && row[6] != nil {
			low, high := warehouse.Float(row[5]), warehouse.Float(row[6])
			found.Low, found.High = &low, &high
		}
		a.Gaps[int(warehouse.Float(row[0]))][place] = found
		return nil
	})
	if err != nil {
		return fmt.Errorf("measure %s: %w", asked.Metrics[0].Name, err)
	}
	return nil
}

// Currencies returns the currencies of a stream's rows in [from, to), in order.
func (e *Evaluator) Currencies(ctx context.Context, stream *check.Stream, name string, from, to time.Time) ([]string, error) {
	compiler, err := e.Compiler(ctx, to, ForRunning)
	if err != nil {
		return nil, err
	}
	statement, err := compiler.Currencies(compile.KPI{From: from}, stream, name)
	if err != nil {
		return nil, err
	}
	var list []string
	err = e.query(ctx, statement, func(row []any) error {
		if text, ok := row[0].(string); ok {
			list = append(list, text)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look for currencies: %w", err)
	}
	return list, nil
}

// OpenedKPI asks for the statement behind a metric.
type OpenedKPI struct {
	Metric   *check.Metric
	Segments []*check.Segment
	// From and To bound the period, At is the moment of membership.
	From, To, At time.Time
	// Words are what segments are called where that is not their name.
	Words map[string]string
}

// OpenKPI returns the statement behind one metric for all customers and for
// sets of them, which a DuckDB shell on the warehouse runs. A stage of a partition
// is given as a rule.
func (e *Evaluator) OpenKPI(ctx context.Context, q OpenedKPI) (compile.Statement, error) {
	before, err := e.Compiler(ctx, q.At, ForShell)
	if err != nil {
		return compile.Statement{}, err
	}
	all, err := before.Population()
	if err != nil {
		return compile.Statement{}, err
	}
	names, sets := []string{"all"}, []compile.Statement{all}
	for _, s := range q.Segments {
		members, err := before.Members(s)
		if err != nil {
			return compile.Statement{}, fmt.Errorf("compile %s: %w", s.DefinitionName(), err)
		}
		name := s.DefinitionName()
		if word, ok := q.Words[name]; ok {
			name = word
		}
		names, sets = append(names, name), append(sets, members)
	}
	compiler, err := e.Compiler(ctx, q.To, ForShell)
	if err != nil {
		return compile.Statement{}, err
	}
	return compiler.Opened(compile.KPI{Metrics: []*check.Metric{q.Metric}, From: q.From, Members: compile.KPIMembers{Sets: sets}}, names)
}

// Newcomers is the number of customers at a later moment who are in no set,
// because they were none at the moment of membership.
func (s *KPISets) Newcomers(ctx context.Context, at time.Time) (int64, error) {
	compiler, err := s.evaluator.Compiler(ctx, at, ForRunning)
	if err != nil {
		return 0, err
	}
	later, err := compiler.Population()
	if err != nil {
		return 0, err
	}
	found := int64(0)
	later.SQL = "SELECT count(*) FROM (" + later.SQL + ") AS t(key) WHERE key NOT IN (SELECT key FROM " + s.table + " WHERE unit = 0)"
	err = s.evaluator.query(ctx, later, func(row []any) error {
		found = int64(warehouse.Float(row[0]))
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("count newcomers: %w", err)
	}
	return found, nil
}
