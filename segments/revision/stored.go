package revision

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"strata/segments/check"
	"strata/segments/evaluate"
	"strata/segments/snapshot"
	"strata/sql/queries"
	"strata/sql/warehouse"
)

// OnlyMembers is why the moves since a run are not explained.
const OnlyMembers = "a run keeps members, not leaves"

// CompareRun compares the members that a run of the store found with what the
// working files find at the run's as-of. The definitions of a run are kept as
// canonical text, which is no program, so nothing of it is evaluated again:
// members may also differ because the data changed since, and leaves explain
// nothing. AsOf and KnownAt of the options are not read where the run has its
// own. The errors are those of snapshot.Show and of Compare.
func CompareRun(ctx context.Context, db *warehouse.DB, run int64, after *check.Program, options Options) (*Report, error) {
	detail, err := snapshot.Show(ctx, db, run, nil)
	if err != nil {
		return nil, err
	}
	texts, err := snapshot.Definitions(ctx, db, run)
	if err != nil {
		return nil, err
	}
	options.AsOf = detail.AsOf.In(after.Zone)
	if options.KnownAt == nil {
		options.KnownAt = detail.KnownAt
	}
	options.Before = Version{Name: fmt.Sprintf("run %d", run), Run: run}
	c := &stored{comparison: newComparison(db, after, options), texts: texts}
	c.labels = labels{programs: []*check.Program{after}}
	c.report.Notes = append(c.report.Notes, fmt.Sprintf(
		"the members before are those that run %d kept: data that changed since then moves them as well, and no leaves explain the moves", run))
	if detail.Zone != after.ZoneName {
		c.report.Notes = append(c.report.Notes, fmt.Sprintf("the time zone changed: %s -> %s", detail.Zone, after.ZoneName))
	}
	all, err := c.pairs(detail.Units)
	if err == nil {
		err = errors.Join(c.compare(ctx, all), c.close(context.WithoutCancel(ctx)))
	}
	if err != nil {
		return nil, err
	}
	if c.report.Count(New) > 0 {
		c.report.Notes = append(c.report.Notes, fmt.Sprintf("new is what run %d does not hold", run))
	}
	return c.report, nil
}

// stored is a comparison with a run.
type stored struct {
	*comparison
	// texts are the canonical texts of the run's definitions by hash.
	texts map[string]string
}

// kept is a segment or a partition of a run: one unit, or one for each stage.
type kept struct {
	name, kind string
	units      []snapshot.UnitRun
}

// keptPair is a definition of the working files and what the run has of it.
type keptPair struct {
	before *kept
	after  check.Definition
	was    string
}

// keptBy puts the units of a run together.
func keptBy(units []snapshot.UnitRun) []*kept {
	var list []*kept
	for _, u := range units {
		k := kept{name: u.Name, kind: "segment"}
		if u.Kind == evaluate.StageUnit {
			k.kind, k.name = partitionKind, u.Name[:max(0, strings.LastIndex(u.Name, "."))]
		}
		i := slices.IndexFunc(list, func(x *kept) bool { return x.name == k.name && x.kind == k.kind })
		if i < 0 {
			list = append(list, &k)
			i = len(list) - 1
		}
		list[i].units = append(list[i].units, u)
	}
	return list
}

// pairs are the chosen definitions with their units, then units that have no
// definition any more.
func (c *stored) pairs(units []snapshot.UnitRun) ([]keptPair, error) {
	chosen, err := c.after.program.Select(nil)
	gone := slices.Clone(c.options.Selectors)
	if len(c.options.Selectors) > 0 {
		if chosen, gone, err = c.selected(units); err != nil {
			return nil, err
		}
	}
	if err != nil {
		return nil, err
	}
	all := keptBy(units)
	find := func(name, kind string) *kept {
		if i := slices.IndexFunc(all, func(k *kept) bool { return k.name == name && k.kind == kind }); i >= 0 {
			return all[i]
		}
		return nil
	}
	var list []keptPair
	for _, d := range chosen {
		p := keptPair{after: d, before: find(d.DefinitionName(), d.DefinitionKind())}
		if was := d.About().Was.Name; p.before == nil && was != "" {
			if p.before = find(was, d.DefinitionKind()); p.before != nil {
				p.was = was
			}
		}
		list = append(list, p)
	}
	for _, k := range all {
		_, alive := c.after.program.Lookup(k.name)
		met := slices.ContainsFunc(list, func(p keptPair) bool { return p.before == k })
		wanted := len(c.options.Selectors) == 0 || slices.ContainsFunc(gone, func(s string) bool { return globs(s, k.name) })
		if !alive && !met && wanted {
			list = append(list, keptPair{before: k})
		}
	}
	return list, nil
}

// selected are the definitions that selectors ask for, and the selectors that
// can mean a name that is gone.
func (c *stored) selected(units []snapshot.UnitRun) (chosen []check.Definition, names []string, err error) {
	wanted := map[check.Definition]bool{}
	for _, selector := range c.options.Selectors {
		name := strings.TrimPrefix(selector, "+")
		isGone := slices.ContainsFunc(keptBy(units), func(k *kept) bool { return globs(name, k.name) })
		found, err := c.after.program.Select([]string{selector})
		if err != nil && !isGone {
			return nil, nil, &SelectionError{Err: err}
		}
		names = append(names, name)
		for _, d := range found {
			wanted[d] = true
		}
	}
	for _, d := range membered(c.after.program) {
		if wanted[d] {
			chosen = append(chosen, d)
		}
	}
	return chosen, names, nil
}

// globs reports whether a name fits a pattern; a broken pattern fits nothing.
func globs(pattern, name string) bool {
	fits, err := path.Match(pattern, name)
	return err == nil && fits
}

// compare evaluates the working files and compares all pairs: data can have moved
// members of what means the same.
func (c *stored) compare(ctx context.Context, all []keptPair) error {
	var definitions []check.Definition
	for _, p := range all {
		if p.after != nil {
			definitions = append(definitions, p.after)
		}
	}
	if err := c.after.evaluate(ctx, definitions, c.options.AsOf); err != nil {
		return err
	}
	for _, p := range all {
		change, err := c.one(ctx, p)
		if err != nil {
			return fmt.Errorf("compare %s: %w", change.Name, err)
		}
		switch {
		case change.Status == New && change.Skipped != "":
			// Neither the run nor the working files can evaluate it.
			c.report.Notes = append(c.report.Notes, "left out "+change.Name+": "+change.Skipped)
			continue
		case change.Status == DataOnly && !change.moves():
			c.report.Unchanged++
			continue
		}
		c.report.Changes = append(c.report.Changes, change)
	}
	c.renames(all)
	c.report.affects()
	return nil
}

// renames proposes a former name for definitions that mean what a unit of the run
// meant that is gone. Each is proposed once.
func (c *stored) renames(all []keptPair) {
	taken := map[check.Definition]bool{}
	for _, gone := range all {
		if gone.after != nil {
			continue
		}
		for _, added := range all {
			d := added.after
			if added.before != nil || taken[d] || d.DefinitionKind() != gone.before.kind || d.About().Was.Name != "" {
				continue
			}
			if evaluate.MeaningOf(c.after.program, d).Hash == gone.before.units[0].Definition {
				taken[d] = true
				c.report.Renames = append(c.report.Renames, renamed(gone.before.name, d))
				break
			}
		}
	}
}

// compareTexts says how the meaning of a definition differs from the run's.
func (c *stored) compareTexts(p keptPair) Change {
	if p.after == nil {
		return Change{Name: p.before.name, Kind: p.before.kind, Status: Deleted}
	}
	change := Change{Name: p.after.DefinitionName(), Kind: p.after.DefinitionKind(), Was: p.was, Status: DataOnly}
	if at := p.after.About().At; at.File != nil {
		change.File, change.Line = at.File.Name, at.File.Position(at.Start).Line
	}
	if p.before == nil {
		change.Status = New
		return change
	}
	now := evaluate.MeaningOf(c.after.program, p.after)
	if hash := p.before.units[0].Definition; hash != now.Hash {
		change.Status = Affected
		old, now := evaluate.ReadMeaning(c.texts[hash]), evaluate.ReadMeaning(now.Canonical)
		for _, part := range old.Changed(now) {
			change.Through = append(change.Through, c.labels.of(part))
		}
		slices.Sort(change.Through)
		switch {
		case old.Own != now.Own:
			change.Status, change.Rule = Edited, true
		case len(change.Through) == 0:
			change.Through = []string{"what it needs"}
		}
	}
	if p.was != "" {
		change.Status = Renamed
	}
	return change
}

// one compares the members of a pair.
func (c *stored) one(ctx context.Context, p keptPair) (Change, error) {
	change := c.compareTexts(p)
	err := c.after.evaluator.MembersByKey(ctx, p.after, c.options.AsOf, c.table(afterTable))
	if reason, later := laterReason(err); later {
		change.Skipped = reason
		return change, nil
	}
	if err != nil {
		return change, err
	}
	var old []string
	if old, err = c.recall(ctx, p.before); err != nil {
		return change, err
	}
	now := stagesOf(p.after)
	if err := c.tally(ctx, &change, old, now); err != nil {
		return change, err
	}
	if p.before != nil {
		change.remember(p.before)
	}
	if err := c.examples(ctx, &change, old, now); err != nil {
		return change, err
	}
	if p.after != nil {
		change.Bounds = bounds(&change, pair{after: p.after})
	}
	if change.Joined+change.Left > 0 && change.Status != New && change.Status != Deleted && change.Kind != partitionKind {
		change.Unexplained = OnlyMembers
	}
	return change, nil
}

// remember fills in who could be contacted, which a run keeps as a number.
func (c *Change) remember(before *kept) {
	c.Before.Contactable = 0
	for _, u := range before.units {
		c.Before.Contactable += u.Contactable
		for i, stage := range c.Stages {
			if before.kind == partitionKind && before.name+"."+stage.Name == u.Name && stage.Before != nil {
				c.Stages[i].Before.Contactable = u.Contactable
			}
		}
	}
}

// recall leaves the members of a run's units in the table of those before, and
// returns the names of their stages.
func (c *stored) recall(ctx context.Context, before *kept) (stages []string, err error) {
	if before == nil {
		return nil, c.after.evaluator.MembersByKey(ctx, nil, c.options.AsOf, c.table(beforeTable))
	}
	for i, unit := range before.units {
		members, err := snapshot.Members(ctx, c.db, c.options.Before.Run, unit.Name)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			err = c.from(ctx, "table", members, nil)
		}
		if err == nil {
			err = c.from(ctx, "stored", members, queries.Values{"stage": int64(i)})
		}
		if err = errors.Join(err, members.Drop(context.WithoutCancel(ctx), c.db)); err != nil {
			return nil, err
		}
		if before.kind == partitionKind {
			stages = append(stages, strings.TrimPrefix(unit.Name, before.name+"."))
		}
	}
	return stages, nil
}

// from runs a statement that reads the members of a unit of the run.
func (c *stored) from(ctx context.Context, name string, members snapshot.Relation, values queries.Values) error {
	text, args, err := queries.Fill("revision/"+name, values)
	if err != nil {
		return err
	}
	text = queries.With(text, queries.Relations{"members": members.Name, beforeTable: c.table(beforeTable).Name})
	if _, err := c.db.Exec(ctx, text, args...); err != nil {
		return fmt.Errorf("read the members of the run: %w", err)
	}
	return nil
}
