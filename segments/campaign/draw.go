package campaign

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"strata/segments/check"
	"strata/segments/evaluate"
	"strata/sql/dialect"
	"strata/sql/queries"
	"strata/sql/warehouse"
)

// Draw is the audience of a campaign, divided.
type Draw struct {
	// AsOf is the moment of the audience.
	AsOf time.Time
	// Members counts those whom the rule chooses; Customers are those of them whom every gate lets pass, in the order of
	// keys as text.
	Members   int64
	Customers []Customer
	Arms      []check.CampaignArm
	// Stages are the strata that customers' stages count in; none where the split does not stratify.
	Stages []string
}

// everybody is the one arm of a campaign without a split.
const everybody = "recipients"

// Split is the split by which a campaign's audience is divided: its own, or one arm for all where it has none.
func Split(c *check.Campaign) check.CampaignSplit {
	if c.Split != nil {
		return *c.Split
	}
	return check.CampaignSplit{Salt: c.Name, Arms: []check.CampaignArm{{Name: everybody, Share: 1, To: Numbers}}}
}

// Make evaluates the audience of a campaign at a moment and puts everybody into an arm. Nothing is written but scratch
// tables in memory, which are gone afterwards. The errors are those of evaluations.
func Make(ctx context.Context, db *warehouse.DB, e *evaluate.Evaluator, c *check.Campaign, asOf time.Time) (d *Draw, err error) {
	split := Split(c)
	d = &Draw{AsOf: asOf, Arms: split.Arms}
	if err := e.UniqueKeys(ctx); err != nil {
		return nil, fmt.Errorf("look at the customers: %w", err)
	}
	keyType := e.Program().Customers.Key.Physical
	tables := queries.Relations{}
	defer func() {
		for _, name := range tables {
			text := queries.With(queries.Text("campaign/drop"), queries.Relations{"relation": name})
			if _, dropped := db.Exec(context.WithoutCancel(ctx), text); dropped != nil {
				err = errors.Join(err, fmt.Errorf("drop a scratch table: %w", dropped))
			}
		}
	}()
	put := func(what string, of check.Definition) error {
		name := dialect.Qualified("memory", "main", fmt.Sprintf("strata %s %d", what, db.Number()))
		tables[what] = name
		if err := e.MembersByKey(ctx, of, asOf, evaluate.KeyTable{Name: name, KeyType: keyType}); err != nil {
			return fmt.Errorf("read the %s of %s: %w", what, c.Name, err)
		}
		return nil
	}
	if err := put("audience", c.Members()); err != nil {
		return nil, err
	}
	var strata check.Definition
	if split.Stratify != nil {
		strata = split.Stratify
		for _, stage := range split.Stratify.Stages {
			d.Stages = append(d.Stages, stage.Name)
		}
	}
	if err := put("strata", strata); err != nil {
		return nil, err
	}
	if err := d.read(ctx, db, tables); err != nil {
		return nil, fmt.Errorf("read the audience of %s: %w", c.Name, err)
	}
	Assign(split, d.Stages, d.Customers)
	return d, nil
}

// read takes the audience out of its tables.
func (d *Draw) read(ctx context.Context, db *warehouse.DB, tables queries.Relations) (err error) {
	rows, err := db.Query(ctx, queries.With(queries.Text("campaign/audience"), tables))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var c Customer
		var contactable bool
		if err := rows.Scan(&c.Key, &contactable, &c.Stage); err != nil {
			return err
		}
		d.Members++
		if contactable {
			d.Customers = append(d.Customers, c)
		}
	}
	return rows.Err()
}

// Sizes counts the customers by arm, and by stratum and arm.
func (d *Draw) Sizes() (arms []int64, strata [][]int64) {
	arms, strata = make([]int64, len(d.Arms)), make([][]int64, len(d.Stages))
	for i := range strata {
		strata[i] = make([]int64, len(d.Arms))
	}
	for _, c := range d.Customers {
		arms[c.Arm]++
		if len(strata) > 0 {
			strata[c.Stage][c.Arm]++
		}
	}
	return arms, strata
}

// Keys calls each for every customer with the arm's name, in the order of keys as text.
func (d *Draw) Keys(each func(key, arm string) error) error {
	for _, c := range d.Customers {
		if err := each(c.Key, d.Arms[c.Arm].Name); err != nil {
			return err
		}
	}
	return nil
}

// Table leaves the customers in a new table of (arm VARCHAR, key VARCHAR) of the in-memory database and returns its
// relation, quoted. The caller drops it.
func (d *Draw) Table(ctx context.Context, db *warehouse.DB) (string, error) {
	text := func(name string) arrow.Field { return arrow.Field{Name: name, Type: arrow.BinaryTypes.String} }
	schema := arrow.NewSchema([]arrow.Field{text("arm"), text("key")}, nil)
	arms, keys := array.NewStringBuilder(memory.DefaultAllocator), array.NewStringBuilder(memory.DefaultAllocator)
	for _, c := range d.Customers {
		arms.Append(d.Arms[c.Arm].Name)
		keys.Append(c.Key)
	}
	batch := array.NewRecordBatch(schema, []arrow.Array{arms.NewArray(), keys.NewArray()}, int64(len(d.Customers)))
	reader, err := array.NewRecordReader(schema, []arrow.RecordBatch{batch})
	if err != nil {
		return "", fmt.Errorf("hand over the arms: %w", err)
	}
	name := dialect.Qualified("memory", "main", fmt.Sprintf("strata frozen %d", db.Number()))
	if err := db.Fill(ctx, name, reader); err != nil {
		return "", fmt.Errorf("hand over the arms: %w", err)
	}
	return name, nil
}

// Drop removes a table that Table made.
func Drop(ctx context.Context, db *warehouse.DB, relation string) error {
	text := queries.With(queries.Text("campaign/drop"), queries.Relations{"relation": relation})
	if _, err := db.Exec(ctx, text); err != nil {
		return fmt.Errorf("drop the arms: %w", err)
	}
	return nil
}
