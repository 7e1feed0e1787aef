package snapshot

import (
	"context"
	"database/sql"
	"time"

	"strata/sql/queries"
)

// anyStage stands for every stage in an allowed move.
const anyStage = "any"

// stage is a stage at a run.
type stage struct {
	id       int64
	name     string
	previous int64 // 0 on the stage's first run.
	asOf     time.Time
}

// readMoves counts who went from which stage to which between a run and the one before, for all partitions at once.
func readMoves(ctx context.Context, s session, run int64) ([]Move, error) {
	stages, err := readStages(ctx, s, run)
	if err != nil {
		return nil, err
	}
	var moves []Move
	err = s.scratch(ctx, []string{"moved", "picked"}, func() error {
		if err := collect(ctx, s, run, stages); err != nil {
			return err
		}
		return s.each(ctx, "read/moves", nil, func(rows *sql.Rows) error {
			var m Move
			err := rows.Scan(&m.Partition, &m.From, &m.To, &m.Customers)
			moves = append(moves, m)
			return err
		})
	})
	return moves, err
}

// readStages reads the stages of all partitions at a run.
func readStages(ctx context.Context, s session, run int64) ([]stage, error) {
	var stages []stage
	err := s.each(ctx, "read/stages", queries.Values{"run": run}, func(rows *sql.Rows) error {
		var st stage
		var previous sql.NullInt64
		var asOf sql.NullTime
		err := rows.Scan(&st.id, &st.name, &previous, &asOf)
		st.previous, st.asOf = previous.Int64, asOf.Time
		stages = append(stages, st)
		return err
	})
	return stages, err
}

// previousOf returns the run that each partition is compared with: the nearest that any of its stages knows.
func previousOf(stages []stage) map[string]stage {
	latest := map[string]stage{}
	for _, st := range stages {
		partition := partitionOf(st.name)
		if known, ok := latest[partition]; st.previous != 0 && (!ok || st.asOf.After(known.asOf)) {
			latest[partition] = st
		}
	}
	return latest
}

// collect fills the temporary table moved. A stage that was not there at the previous run of its partition has no
// difference from it, so all of its members arrived; one that is there no more was left by all of its members.
func collect(ctx context.Context, s session, run int64, stages []stage) error {
	previous := previousOf(stages)
	present := map[string]bool{}
	steady := []int64{}
	var fresh []stage
	for _, st := range stages {
		present[st.name] = true
		partition := partitionOf(st.name)
		switch from, compared := previous[partition]; {
		case !compared:
		case st.previous == from.previous:
			steady = append(steady, st.id)
		default:
			fresh = append(fresh, st)
		}
	}
	if err := s.exec(ctx, "read/moved", queries.Values{"run": run, "segments": steady}); err != nil {
		return err
	}
	for _, st := range fresh {
		if err := pick(ctx, s, run, st.id); err != nil {
			return err
		}
		if err := add(ctx, s, st, true); err != nil {
			return err
		}
	}
	for _, from := range previous {
		if err := addLeft(ctx, s, from, present); err != nil {
			return err
		}
	}
	return nil
}

// addLeft adds those who were in stages of the partition that are there no more.
func addLeft(ctx context.Context, s session, from stage, present map[string]bool) error {
	former, err := readStages(ctx, s, from.previous)
	if err != nil {
		return err
	}
	partition := partitionOf(from.name)
	for _, st := range former {
		if own := partitionOf(st.name); own != partition || present[st.name] {
			continue
		}
		if err := pick(ctx, s, from.previous, st.id); err != nil {
			return err
		}
		if err := add(ctx, s, st, false); err != nil {
			return err
		}
	}
	return nil
}

// add notes that everybody in the temporary table picked arrived at or left a stage.
func add(ctx context.Context, s session, st stage, arrived bool) error {
	return s.exec(ctx, "read/moved_all", queries.Values{"stage": st.name, "arrived": arrived})
}

// judge marks the moves that are allowed. To come into the population or to vanish from it is no move between stages.
func judge(moves []Move, allowed []Transition) {
	listed := map[string]bool{}
	permitted := map[Transition]bool{}
	for _, t := range allowed {
		listed[t.Partition] = true
		permitted[t] = true
	}
	for i, m := range moves {
		moves[i].Allowed = !listed[m.Partition] || m.From == "" || m.To == "" ||
			permitted[Transition{m.Partition, m.From, m.To}] ||
			permitted[Transition{m.Partition, anyStage, m.To}] ||
			permitted[Transition{m.Partition, m.From, anyStage}] ||
			permitted[Transition{m.Partition, anyStage, anyStage}]
	}
}
