package history

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/evaluate"
	"strata/segments/result"
	"strata/segments/timeline"
	"strata/sql/queries"
	"strata/sql/warehouse"
)

// Ahead says what is looked at when nothing happens.
type Ahead struct {
	About

	// Days are the as-ofs a day apart at which sizes are told, the first being
	// the as-of: rows at or after it are not read.
	Days []time.Time
	// Most is the number of leavers that are listed, 0 for all.
	Most int
	// By, where set, is a value of customers by which the leavers of a day are
	// ordered, the largest first and missing ones last. It is evaluated at the
	// as-of.
	By check.Expr
}

// NotFollowedError says that what the clock does to a definition cannot be told.
type NotFollowedError struct {
	Name, Reason string
}

// Error names the definition and the reason.
func (e *NotFollowedError) Error() string {
	return fmt.Sprintf("%s cannot be forecast: %s", e.Name, e.Reason)
}

// Forecast returns what becomes of a segment or of the stages of a partition
// when nothing happens. A *NotFollowedError says that it cannot be followed.
func (a *Asker) Forecast(ctx context.Context, q Ahead) (f result.Forecast, err error) {
	asOf := q.Days[0]
	o := newOutlook(q, a.Workers)
	request := timeline.Request{From: asOf, To: q.Days[len(q.Days)-1], Before: &asOf}
	err = a.follow(ctx, []check.Definition{q.Definition}, request, o.visit, func(found *timeline.Result) error {
		if len(found.Dated) > 0 {
			return &NotFollowedError{Name: q.Definition.DefinitionName(), Reason: found.Dated[0].Reason}
		}
		if !slices.Equal(found.Tracks, tracksOf(q.About)) {
			return fmt.Errorf("the tracks are %v, not those of the definition", found.Tracks)
		}
		f.Sizes = histories(q.asked, q.Days, found.Tracks, o.watch)
		for i := range f.Sizes {
			f.Sizes[i].Spells = nil // A range of the future has no past to measure.
		}
		exits := o.total()
		f.Leaving, f.Falls = exits.total, falls(q.About, exits, f.Sizes)
		f.Leavers, err = a.leavers(ctx, q, exits, found.Keys)
		return err
	})
	return f, err
}

// tracksOf are the tracks of a definition that is followed alone.
func tracksOf(about About) []timeline.Track {
	_, partition := about.Definition.(*check.Partition)
	var tracks []timeline.Track
	for stage, name := range about.names() {
		track := timeline.Track{Stage: stage, Name: name}
		if !partition {
			track.Stage = -1
		}
		tracks = append(tracks, track)
		if about.gated() {
			track.Contactable = true
			tracks = append(tracks, track)
		}
	}
	return tracks
}

// outlook counts customers and collects who leaves.
type outlook struct {
	*watch

	finder *finder
	exits  []*exits
	make   func() *exits
}

func newOutlook(q Ahead, workers int) *outlook {
	r := newRuler(q.Days)
	o := &outlook{watch: newWatch(r, workers), exits: make([]*exits, workers)}
	o.finder = &finder{ruler: r, asked: q.asked}
	for place, track := range tracksOf(q.About) {
		if track.Contactable {
			o.finder.contactable[len(o.finder.contactable)-1] = place
			continue
		}
		o.finder.members = append(o.finder.members, place)
		o.finder.contactable = append(o.finder.contactable, -1)
	}
	o.make = func() *exits { return newExits(len(q.Days)-1, len(o.finder.members), q.Most) }
	return o
}

// visit takes a customer of a worker.
func (o *outlook) visit(worker int, c *timeline.Customer) error {
	if o.exits[worker] == nil {
		o.exits[worker] = o.make()
	}
	if day, l, ok := o.finder.find(c); ok {
		o.exits[worker].add(day, l)
	}
	return o.watch.visit(worker, c)
}

// total adds up what the workers collected.
func (o *outlook) total() *exits {
	total := o.make()
	for _, e := range o.exits {
		if e != nil {
			total.merge(e)
		}
	}
	return total
}

// falls are the ways between stages that somebody goes.
func falls(about About, e *exits, sizes []result.History) []result.Fall {
	all := []result.Fall{}
	p, ok := about.Definition.(*check.Partition)
	if !ok {
		return all
	}
	members := map[string]int64{}
	for _, h := range sizes {
		members[h.Name] = h.Points[0].Size
	}
	names := about.names()
	for from := range p.Stages {
		for to := range p.Stages {
			counts := e.falls[e.fall(from, to):][:len(horizons)+1]
			if counts[len(horizons)] == 0 {
				continue
			}
			fall := result.Fall{From: p.Stages[from].Name, To: p.Stages[to].Name, Members: members[names[from]]}
			days := len(sizes[0].Points) - 1
			for i, n := range counts {
				switch {
				case i == len(horizons):
					fall.Within = append(fall.Within, result.Horizon{Days: days, Customers: n})
				case horizons[i] < days:
					fall.Within = append(fall.Within, result.Horizon{Days: horizons[i], Customers: n})
				}
			}
			all = append(all, fall)
		}
	}
	return all
}

// found is what the database knows of a leaver.
type foundLeaver struct {
	key, value any
	// byValue and byKey are places in the order of values and keys.
	byValue, byKey int64
}

// leavers are the first of those who leave, with their keys and values.
func (a *Asker) leavers(ctx context.Context, q Ahead, e *exits, keys string) ([]result.Leaver, error) {
	type listed struct {
		leaver
		foundLeaver

		day int
	}
	if e.kept == 0 {
		return []result.Leaver{}, nil
	}
	known, err := a.lookUp(ctx, q, e, keys)
	if err != nil {
		return nil, err
	}
	all := make([]listed, 0, e.kept)
	for day, leavers := range e.days {
		for _, l := range leavers {
			all = append(all, listed{leaver: l, foundLeaver: known[l.id], day: day + 1})
		}
	}
	slices.SortFunc(all, func(x, y listed) int {
		return cmp.Or(cmp.Compare(x.day, y.day), cmp.Compare(x.byValue, y.byValue), cmp.Compare(x.at, y.at), cmp.Compare(x.byKey, y.byKey))
	})
	if q.Most > 0 && len(all) > q.Most {
		all = all[:q.Most]
	}
	list := make([]result.Leaver, 0, len(all))
	for _, l := range all {
		one := result.Leaver{Key: l.key, At: timeline.Moment(l.at), Day: l.day, Value: l.value}
		if p, ok := q.Definition.(*check.Partition); ok {
			one.From = p.Stages[l.from].Name
			if l.to >= 0 {
				one.To = p.Stages[l.to].Name
			}
		}
		if q.gated() {
			one.Contactable = &l.contactable
		}
		list = append(list, one)
	}
	return list, nil
}

// lookUp reads the keys of leavers, and their values where there is an order.
func (a *Asker) lookUp(ctx context.Context, q Ahead, e *exits, keys string) (known map[uint32]foundLeaver, err error) {
	ids := make([]int64, 0, e.kept)
	for _, leavers := range e.days {
		for _, l := range leavers {
			ids = append(ids, int64(l.id))
		}
	}
	name, relations := "timeline/keys", queries.Relations{"keys": keys}
	if q.By != nil {
		values := a.scratch("values")
		defer func() { err = errors.Join(err, a.drop(ctx, values)) }()
		if err := a.values(ctx, q, values); err != nil {
			return nil, err
		}
		name, relations["values"] = "timeline/values", values
	}
	known = make(map[uint32]foundLeaver, len(ids))
	err = a.each(ctx, name, queries.Values{"ids": ids}, relations, func(rows *sql.Rows) error {
		row, err := warehouse.PlainRow(rows)
		if err != nil {
			return err
		}
		id, _ := row[0].(int64)
		l := foundLeaver{key: row[1], value: row[2]}
		l.byValue, _ = row[3].(int64)
		l.byKey, _ = row[4].(int64)
		known[uint32(id)] = l
		return nil
	})
	return known, err
}

// values leaves the value of customers in a table of (key, value).
func (a *Asker) values(ctx context.Context, q Ahead, table string) error {
	compiler, err := a.Evaluator.Compiler(ctx, q.Days[0], evaluate.ForRunning)
	if err != nil {
		return err
	}
	// All customers are listed: whether one is a member the sweep knows already,
	// and a statement may not be able to tell.
	statement, err := compiler.List(compile.Listing{Outputs: []compile.Output{{Name: "value", Value: q.By}}})
	if err != nil {
		return err
	}
	statement = statement.As(table)
	if _, err := a.DB.Exec(ctx, statement.SQL, statement.Args...); err != nil {
		return fmt.Errorf("evaluate the value of customers: %w", err)
	}
	return nil
}
