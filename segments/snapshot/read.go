package snapshot

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"time"

	"strata/segments/evaluate"
	"strata/sql/queries"
	"strata/sql/warehouse"
)

// List returns the chosen runs without their units, the newest as-of first and of one as-of the latest run first. A
// store that does not exist yet has none. ErrNotFound says that the store does not know the filter's unit.
func List(ctx context.Context, db *warehouse.DB, filter Filter) ([]Run, error) {
	var runs []Run
	err := View(ctx, db, func(ctx context.Context, tx warehouse.Session) error {
		s := session{tx: tx}
		values := everyRun()
		if filter.Unit != "" {
			id, err := segmentID(ctx, s, filter.Unit)
			if err != nil {
				return err
			}
			values["segment"] = id
		}
		if !filter.From.IsZero() {
			values["from"] = filter.From
		}
		if !filter.To.IsZero() {
			values["to"] = filter.To
		}
		if filter.Limit > 0 {
			values["limit"] = int64(filter.Limit)
		}
		values["kind"] = string(filter.Kind)
		var err error
		runs, err = readRuns(ctx, s, values)
		return err
	})
	if errors.Is(err, ErrEmpty) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list runs: %w", err)
	}
	return runs, nil
}

// Show returns one run with the moves between the stages of its partitions since the run before. Moves are compared with
// the allowed ones of their partition; a partition without any allows all. ErrNotFound says that there is no such run.
func Show(ctx context.Context, db *warehouse.DB, run int64, allowed []Transition) (RunDetail, error) {
	var detail RunDetail
	err := View(ctx, db, func(ctx context.Context, tx warehouse.Session) error {
		s := session{tx: tx}
		var err error
		if detail.Run, err = readRun(ctx, s, run); err != nil {
			return err
		}
		if detail.Sources, err = readSources(ctx, s, run); err != nil {
			return err
		}
		detail.Moves, err = readMoves(ctx, s, run)
		return err
	})
	if err != nil {
		return RunDetail{}, fmt.Errorf("show run %d: %w", run, notThere(err))
	}
	judge(detail.Moves, allowed)
	return detail, nil
}

// Newest returns the latest run of the newest as-of, with its units and how far the sources reached. ErrEmpty says that
// there is no run yet.
func Newest(ctx context.Context, db *warehouse.DB) (Latest, error) {
	var latest Latest
	err := View(ctx, db, func(ctx context.Context, tx warehouse.Session) error {
		s := session{tx: tx}
		run, complete, err := newestRun(ctx, s)
		if err != nil {
			return err
		}
		latest.Complete = complete
		if latest.Run, err = readRun(ctx, s, run); err != nil {
			return err
		}
		latest.Sources, err = readSources(ctx, s, run)
		return err
	})
	if err != nil {
		return Latest{}, fmt.Errorf("read the newest run: %w", err)
	}
	return latest, nil
}

// newestRun returns the latest run of the newest as-of, and whether it holds all units that are not retired.
func newestRun(ctx context.Context, s session) (run int64, complete bool, err error) {
	err = s.row(ctx, []any{&run, &complete}, "read/newest", nil)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrEmpty
	}
	return run, complete, err
}

// everyRun are the values of read/runs that choose all.
func everyRun() queries.Values {
	return queries.Values{
		"run": nil, "from": nil, "to": nil, "kind": "", "segment": nil, "limit": int64(math.MaxInt32),
	}
}

// readRuns reads runs without their units.
func readRuns(ctx context.Context, s session, values queries.Values) ([]Run, error) {
	var runs []Run
	err := s.each(ctx, "read/runs", values, func(rows *sql.Rows) error {
		var r Run
		var known sql.NullTime
		var supersedes, arrived, vanished sql.NullInt64
		var micros int64
		err := rows.Scan(&r.ID, &r.AsOf, &known, &r.TakenAt, &r.Kind, &supersedes, &r.DefinitionSet, &r.Fingerprint,
			&r.Zone, &r.ProgramVersion, &r.EngineVersion, &micros, &r.Customers, &arrived, &vanished, &r.UnitCount)
		r.AsOf, r.TakenAt, r.KnownAt = r.AsOf.UTC(), r.TakenAt.UTC(), timePointer(known)
		r.Supersedes, r.Arrived, r.Vanished = pointer(supersedes), pointer(arrived), pointer(vanished)
		r.Duration = time.Duration(micros) * time.Microsecond
		runs = append(runs, r)
		return err
	})
	return runs, err
}

// readRun reads one run with its units.
func readRun(ctx context.Context, s session, id int64) (Run, error) {
	values := everyRun()
	values["run"] = id
	runs, err := readRuns(ctx, s, values)
	if err != nil {
		return Run{}, err
	}
	if len(runs) == 0 {
		return Run{}, ErrNotFound
	}
	run := runs[0]
	err = s.each(ctx, "read/units", queries.Values{"run": id}, func(rows *sql.Rows) error {
		u, err := scanUnit(rows)
		run.Units = append(run.Units, u)
		return err
	})
	return run, err
}

// readSources reads how far the sources reached at a run.
func readSources(ctx context.Context, s session, run int64) ([]evaluate.SourceMark, error) {
	var marks []evaluate.SourceMark
	err := s.each(ctx, "read/sources", queries.Values{"run": run}, func(rows *sql.Rows) error {
		var m evaluate.SourceMark
		var at, loaded sql.NullTime
		err := rows.Scan(&m.Source, &m.Rows, &at, &loaded)
		m.LastAt, m.LastLoadedAt = timePointer(at), timePointer(loaded)
		marks = append(marks, m)
		return err
	})
	return marks, err
}

// scanUnit reads the columns that all lists of units begin with, and then the rest.
func scanUnit(rows *sql.Rows, rest ...any) (UnitRun, error) {
	var u UnitRun
	var previous, superseded, entered, exited, removed sql.NullInt64
	var micros int64
	err := rows.Scan(append([]any{
		&u.Kind, &u.Name, &u.Definition, &previous, &superseded, &u.Size, &u.Contactable, &entered, &exited, &removed,
		&u.MemberHash, &micros,
	}, rest...)...)
	u.Previous, u.SupersededBy = pointer(previous), pointer(superseded)
	u.Entered, u.Exited, u.Removed = pointer(entered), pointer(exited), pointer(removed)
	u.Duration = time.Duration(micros) * time.Microsecond
	return u, err
}

// segmentID finds a unit by its name or its former one.
func segmentID(ctx context.Context, s session, name string) (int64, error) {
	var id int64
	err := s.row(ctx, []any{&id}, "read/segment", queries.Values{"name": name})
	if errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("%s: %w", name, ErrNotFound)
	}
	return id, err
}

// notThere makes of an empty store a store without what was asked for.
func notThere(err error) error {
	if errors.Is(err, ErrEmpty) {
		return fmt.Errorf("%w: %w", ErrNotFound, ErrEmpty)
	}
	return err
}

func pointer(v sql.NullInt64) *int64 {
	if !v.Valid {
		return nil
	}
	return &v.Int64
}

func timePointer(v sql.NullTime) *time.Time {
	if !v.Valid {
		return nil
	}
	t := v.Time.UTC()
	return &t
}
