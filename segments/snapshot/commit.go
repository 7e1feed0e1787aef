package snapshot

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"strata/segments/evaluate"
	"strata/sql/queries"
	"strata/sql/warehouse"
)

// defaultBaseAfter is how many changes are always cheap enough to undo without a full copy.
const defaultBaseAfter = 100_000

// Commit writes a result as a new run, whole or not at all, and says what changed. The difference is from the run of the
// nearest earlier as-of, so the order in which runs are made does not matter; the run that follows gets its difference
// anew. A run of an as-of that is there already takes its place. A result that knows its changes since the run that it
// follows costs what those changes cost; what is stored is the same.
//
// The errors are *MismatchError where the store belongs to a project with another key type or zone, *VersionError, and
// *warehouse.Error where the store cannot be had, of kind Locked while somebody else has it open.
func Commit(ctx context.Context, db *warehouse.DB, result *evaluate.Result, opt CommitOptions) (Run, error) {
	var run Run
	err := Update(ctx, db, func(ctx context.Context, tx warehouse.Session) error {
		c := newCommit(tx, result, opt)
		if err := c.write(ctx); err != nil {
			return err
		}
		var err error
		run, err = readRun(ctx, c.session, c.run)
		return err
	})
	if err != nil {
		return Run{}, fmt.Errorf("commit the run of %s: %w", result.AsOf.UTC().Format(time.RFC3339), err)
	}
	return run, nil
}

// newCommit is a commit of a result in a transaction.
func newCommit(tx warehouse.Session, result *evaluate.Result, opt CommitOptions) commit {
	if opt.Kind == "" {
		opt.Kind = Live
	}
	if opt.BaseAfter <= 0 {
		opt.BaseAfter = defaultBaseAfter
	}
	return commit{
		session: session{tx: tx, relations: queries.Relations{
			"run_members": result.Members, "run_population": result.Population,
			"run_changes": result.Changes, "run_population_changes": result.PopulationChanges,
		}},
		result: result, opt: opt, asOf: result.AsOf.UTC().Truncate(time.Microsecond),
	}
}

// commit is one run on its way into the store.
type commit struct {
	session
	result *evaluate.Result
	opt    CommitOptions
	asOf   time.Time
	run    int64
	ids    []int64 // The store's ids of the result's units.
	// renamed says that a unit goes on under another name, known that the result's changes are those of this run.
	renamed, known bool
}

// write does all of it; the caller's transaction makes it one step.
func (c *commit) write(ctx context.Context) error {
	tables := []string{"run_unit", "place", "difference", "target", "changed", "route", "absent", "rewrite", "outgrown"}
	return c.scratch(ctx, tables, func() error {
		for _, step := range []func(context.Context) error{
			c.claim, c.describe, c.locate, c.compare, c.rewrite, c.apply, c.keepState,
		} {
			if err := step(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

// claim checks that the store is this project's and takes the next run id.
func (c *commit) claim(ctx context.Context) error {
	last, err := c.belong(ctx, c.result.KeyType, c.result.Zone)
	c.run = last + 1
	return err
}

// belong checks that the store is this project's and returns the last run's id. A store without runs becomes so.
func (s session) belong(ctx context.Context, keys, zone string) (last int64, err error) {
	var keyType, storeZone sql.NullString
	if err := s.row(ctx, []any{&keyType, &storeZone, &last}, "schema/project", nil); err != nil {
		return 0, err
	}
	switch {
	case !keyType.Valid:
		err = s.steps(ctx, queries.Values{"key_type": keys, "zone": zone}, "schema/set_project", "schema/customer")
	case keyType.String != keys:
		err = &MismatchError{What: "customer keys of type", Store: keyType.String, Project: keys}
	case storeZone.String != zone:
		err = &MismatchError{What: "time zone", Store: storeZone.String, Project: zone}
	}
	return last, err
}

// describe writes the run and its units' definitions.
func (c *commit) describe(ctx context.Context) error {
	var err error
	if c.ids, c.renamed, err = resolve(ctx, c.session, c.result.Units); err != nil {
		return err
	}
	if err := c.exec(ctx, "commit/unit", c.units()); err != nil {
		return err
	}
	if err := c.exec(ctx, "commit/definition", c.definitions()); err != nil {
		return err
	}
	if err := c.describeRun(ctx, c.run, c.result); err != nil {
		return err
	}
	return c.exec(ctx, "commit/definition_set", queries.Values{"definition_set": DefinitionSet(c.result.Units)})
}

// describeRun writes a run and how far its sources reached.
func (c *commit) describeRun(ctx context.Context, run int64, result *evaluate.Result) error {
	err := c.steps(ctx, queries.Values{
		"run": run, "as_of": result.AsOf.UTC().Truncate(time.Microsecond), "known_at": timeOrNil(result.KnownAt), "taken_at": c.opt.TakenAt,
		"kind": string(c.opt.Kind), "definition_set": DefinitionSet(result.Units),
		"fingerprint": fingerprint(result), "zone": result.Zone, "program_version": c.opt.ProgramVersion,
		"duration_us": result.Duration.Microseconds(),
	}, "commit/last_run", "commit/run")
	if err != nil {
		return err
	}
	for _, m := range result.Sources {
		err := c.exec(ctx, "commit/source_mark", queries.Values{
			"run": run, "source": m.Source, "rows": m.Rows,
			"last_at": timeOrNil(m.LastAt), "last_loaded_at": timeOrNil(m.LastLoadedAt),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// locate finds where in the chains the run will stand, and whether the result's changes lead there from the newest
// members that are stored. They do not where somebody else committed a run in between, where the run does not come last,
// and where the units are others or mean something else.
func (c *commit) locate(ctx context.Context) error {
	if err := c.exec(ctx, "commit/place", queries.Values{"as_of": c.asOf}); err != nil {
		return err
	}
	r := c.result
	if c.renamed || r.Base == 0 || r.Changes == "" || r.PopulationChanges == "" {
		return nil
	}
	return c.row(ctx, []any{&c.known}, "commit/follows", queries.Values{"base": r.Base})
}

// compare gives ids to new customers and finds who changed sides, against the newest members and then against the
// neighbours in the chain.
func (c *commit) compare(ctx context.Context) error {
	at := queries.Values{"run": c.run, "as_of": c.asOf}
	customer, difference, absent := "commit/customer", "commit/difference", "commit/absent"
	if c.known {
		customer, difference, absent = "commit/customer_known", "commit/difference_known", "commit/absent_known"
	}
	if err := c.steps(ctx, at, customer, difference); err != nil {
		return err
	}
	if err := c.disagreement(ctx, "commit/disagreement"); err != nil {
		return err
	}
	if err := c.steps(ctx, at, "commit/target", "commit/changed"); err != nil {
		return err
	}
	targets, steps, err := c.routes(ctx)
	if err != nil {
		return err
	}
	if err := c.exec(ctx, "commit/route", queries.Values{"targets": targets, "steps": steps}); err != nil {
		return err
	}
	return c.steps(ctx, at, absent, "commit/rewrite")
}

// disagreement stops a run whose members are not those that it counted, by the statement that finds one of its units.
func (c *commit) disagreement(ctx context.Context, statement string) error {
	var name string
	var counted, found int64
	err := c.row(ctx, []any{&name, &counted, &found}, statement, nil)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	if name == "" {
		name = population
	}
	return fmt.Errorf("%s was counted as %d customers, but %d are known: a repeated or unknown key, or a damaged store",
		name, counted, found)
}

// routes returns, for every stored run whose difference is written anew, the differences of the population that lead to
// it from the newest run.
func (c *commit) routes(ctx context.Context) (targets, steps []int64, err error) {
	var rewritten []int64
	err = c.each(ctx, "commit/rewritten", nil, func(rows *sql.Rows) error {
		var run int64
		err := rows.Scan(&run)
		rewritten = append(rewritten, run)
		return err
	})
	if err != nil || len(rewritten) == 0 {
		return nil, nil, err
	}
	customers, err := readChain(ctx, c.session, 0)
	if err != nil {
		return nil, nil, err
	}
	for _, run := range rewritten {
		for _, step := range customers.route(customers.newest(), run) {
			targets, steps = append(targets, run), append(steps, step)
		}
	}
	return targets, steps, nil
}

// rewrite stores the differences.
func (c *commit) rewrite(ctx context.Context) error {
	return c.steps(ctx, queries.Values{"run": c.run},
		"commit/segment_run", "commit/follow", "commit/supersede", "rewrite/clear", "rewrite/insert", "rewrite/count")
}

// apply brings the newest members up to date, and the units that came and went.
func (c *commit) apply(ctx context.Context) error {
	if err := c.leave(ctx); err != nil {
		return err
	}
	names := []string{"commit/join", "commit/outgrown", "commit/base", "commit/based", "commit/revive"}
	if c.opt.Complete {
		names = append(names, "commit/retire")
	}
	return c.steps(ctx, queries.Values{"run": c.run, "as_of": c.asOf, "base_after": c.opt.BaseAfter}, names...)
}

// leave removes those who are members no more. Where the changes were told and not found, it is here that one sees
// whether they were members at all.
func (c *commit) leave(ctx context.Context) error {
	text, args, err := c.fill("commit/leave", queries.Values{"as_of": c.asOf})
	if err != nil {
		return err
	}
	left, err := c.tx.Exec(ctx, text, args...)
	if err != nil {
		return fmt.Errorf("run commit/leave: %w", err)
	}
	if !c.known {
		return nil
	}
	var told int64
	if err := c.row(ctx, []any{&told}, "commit/exited", nil); err != nil {
		return err
	}
	if left != told {
		return fmt.Errorf("%d members left according to the evaluation, but %d of them are stored: a mistake, or a damaged store",
			told, left)
	}
	return nil
}
