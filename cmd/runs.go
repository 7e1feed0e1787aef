package cmd

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"strata/reports/render"
	"strata/segments/check"
	"strata/segments/snapshot"
	"strata/sql/warehouse"
)

func newRunsCommand(f *factory) *cobra.Command {
	c := &cobra.Command{
		Use:     "runs",
		Short:   "List, show, verify, prune and compact committed snapshots",
		GroupID: groupKeep,
		Args:    onlyCommands,
		RunE:    func(c *cobra.Command, _ []string) error { return runRunsList(c.Context(), f) },
	}
	list := &cobra.Command{
		Use: "list", Short: "List runs, the newest as-of first", Args: none,
		RunE: func(c *cobra.Command, _ []string) error { return runRunsList(c.Context(), f) },
	}
	show := &cobra.Command{
		Use: "show ID", Short: "Show the segments of a run and the moves between stages", Args: one("the id of a run"),
		Example: "  strata runs show 12",
		RunE:    func(c *cobra.Command, args []string) error { return runRunsShow(c.Context(), f, args[0]) },
	}
	answers(c, runColumns()...)
	answers(list, runColumns()...)
	answers(show, unitColumns()...)
	c.AddCommand(list, show, newRunsVerifyCommand(f), newRunsPruneCommand(f), newRunsCompactCommand(f))
	return c
}

func runColumns() []render.Column {
	return []render.Column{
		{Name: "id", Kind: render.Count},
		{Name: "as_of", Title: "as of", Kind: render.Moment},
		{Name: "taken_at", Title: "taken", Kind: render.Moment},
		{Name: "kind"},
		{Name: "customers", Kind: render.Count},
		{Name: "segments", Kind: render.Count},
		{Name: "seconds", Kind: render.Number, Digits: 1},
		{Name: "supersedes", Kind: render.Count, DataOnly: true},
		{Name: "known_at", Kind: render.Moment, DataOnly: true},
		{Name: "fingerprint", DataOnly: true},
	}
}

func (s *session) runRow(r snapshot.Run) []any {
	var knownAt any
	if r.KnownAt != nil {
		knownAt = r.KnownAt.In(s.program.Zone)
	}
	return []any{
		r.ID, r.AsOf.In(s.program.Zone), r.TakenAt.In(s.program.Zone), string(r.Kind), r.Customers, int64(r.UnitCount),
		r.Duration.Seconds(), known(r.Supersedes), knownAt, r.Fingerprint,
	}
}

func runRunsList(ctx context.Context, f *factory) error {
	s, err := f.stored(ctx)
	if err != nil {
		return err
	}
	runs, err := snapshot.List(ctx, s.db, snapshot.Filter{})
	if err != nil {
		return fmt.Errorf("list runs: %w", err)
	}
	t := render.Table{Name: "runs", Columns: runColumns()}
	for _, r := range runs {
		t.Rows = append(t.Rows, s.runRow(r))
	}
	if len(runs) == 0 {
		s.say("there is no run yet: 'strata run' makes one")
	}
	return s.write(t)
}

// stored is a session that asks the store only: it needs no as-of.
func (f *factory) stored(ctx context.Context) (*session, error) {
	if err := f.fromStore(); err != nil {
		return nil, err
	}
	program, err := f.Program()
	if err != nil {
		return nil, err
	}
	if f.db != nil {
		// A process opens a file once: closing it a second time would let go of the
		// lock of the first.
		return &session{factory: f, db: f.db, program: program}, nil
	}
	project := program.Set.Project
	db, err := warehouse.Open(ctx, warehouse.Config{Store: within(project.Dir, project.Store.Value), Wait: f.flags.wait})
	if err != nil {
		return nil, fmt.Errorf("open the store: %w", err)
	}
	f.onClose(db.Close)
	return &session{factory: f, db: db, program: program}, nil
}

func runRunsShow(ctx context.Context, f *factory, word string) error {
	id, err := strconv.ParseInt(strings.TrimPrefix(word, "run:"), 10, 64)
	if err != nil || id < 1 {
		return usage("%q is no id of a run", word).advise("'strata runs' lists them")
	}
	s, err := f.stored(ctx)
	if err != nil {
		return err
	}
	detail, err := snapshot.Show(ctx, s.db, id, allowedMoves(s.program))
	if err != nil {
		return missingRun(err)
	}
	if err := s.showRun(detail.Run, runMore{}); err != nil {
		return err
	}
	for _, move := range detail.Moves {
		note := ""
		if !move.Allowed {
			note = "  (not in transitions.allowed)"
		}
		s.say("  %s: %s -> %s  %s%s", move.Partition, orNobody(move.From), orNobody(move.To), plural(int(move.Customers), "customer"), note)
	}
	return nil
}

// orNobody names the side of a move that lies outside of the population.
func orNobody(stage string) string {
	if stage == "" {
		return "(no customer)"
	}
	return stage
}

// missingRun gives an unknown run its exit code.
func missingRun(err error) error {
	if errors.Is(err, snapshot.ErrNotFound) || errors.Is(err, snapshot.ErrEmpty) {
		return notFound("%w", err).advise("'strata runs' lists them")
	}
	return err
}

// allowedMoves are the transitions that partitions list.
func allowedMoves(p *check.Program) []snapshot.Transition {
	var allowed []snapshot.Transition
	for _, partition := range p.Partitions {
		for _, move := range partition.Definition.Allowed {
			allowed = append(allowed, snapshot.Transition{
				Partition: partition.DefinitionName(), From: move.From.Name, To: move.To.Name,
			})
		}
	}
	return allowed
}
