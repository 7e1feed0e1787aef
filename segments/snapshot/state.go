package snapshot

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"strata/sql/dialect"
	"strata/sql/queries"
	"strata/sql/warehouse"
)

// State is what an evaluation leaves in the store beside its members, so that the next one need only look at what is
// new. It belongs to one run and is gone with the next run that has none.
type State struct {
	// Fingerprint identifies the plan that the tables follow from; whoever reads them back compares it with their own.
	Fingerprint string
	// Marks says how far the evaluation had read, in whatever form the evaluation chose.
	Marks string
	// Tables are all of the state: a stored table that is not named here is dropped.
	Tables []StateTable
}

// StateTable is one table of a State.
type StateTable struct {
	// Name is free; StateRelation says where the table stands.
	Name string
	// Relation is the quoted relation of the in-memory database that holds the rows. Its columns are those of the table.
	Relation string
	// Key is the column that holds the customers' keys.
	Key string
	// Replace says that the relation is the whole table. Otherwise it holds all rows of some customers, which take the
	// place of those that are stored for the same customers, and the rest of the table stays.
	Replace bool
}

// StateInfo says what a stored state is.
type StateInfo struct {
	// Run is the newest run, whose state it is.
	Run                int64
	Fingerprint, Marks string
	// Tables are the names of the tables, sorted.
	Tables []string
}

// statePrefix tells the tables of a state from all others of the store.
const statePrefix = "state "

// StateRelation is the quoted relation of a table of the state, for statements inside of ReadState.
func StateRelation(name string) string { return dialect.Qualified("store", "main", statePrefix+name) }

// ReadState lets fn read the state of the newest run, such as by CREATE TABLE memory.main.x AS SELECT … FROM
// StateRelation(…). ErrEmpty says that there is none: no store, no run, or the newest run left no state. Other errors are
// those of View and of fn.
func ReadState(
	ctx context.Context, db *warehouse.DB, fn func(ctx context.Context, tx warehouse.Session, state StateInfo) error,
) error {
	return View(ctx, db, func(ctx context.Context, tx warehouse.Session) error {
		s := session{tx: tx}
		newest, _, err := newestRun(ctx, s)
		if err != nil {
			return err
		}
		info, err := readState(ctx, s)
		if err != nil {
			return err
		}
		if info.Run != newest {
			return ErrEmpty
		}
		return fn(ctx, tx, info)
	})
}

// readState reads what is stored, whatever run it is of. Run is 0 where there is nothing.
func readState(ctx context.Context, s session) (StateInfo, error) {
	var info StateInfo
	err := s.row(ctx, []any{&info.Run, &info.Fingerprint, &info.Marks}, "state/read", nil)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return StateInfo{}, err
	}
	err = s.each(ctx, "state/tables", nil, func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		info.Tables = append(info.Tables, strings.TrimPrefix(name, statePrefix))
		return err
	})
	return info, err
}

// keepState makes the state in the store that of this run. Without a state the stored one goes, since it would speak of
// another run than the newest. A run that comes before others in time leaves all as it is.
func (c *commit) keepState(ctx context.Context) error {
	newest, _, err := newestRun(ctx, c.session)
	if err != nil || newest != c.run {
		return err
	}
	stored, err := readState(ctx, c.session)
	if err != nil {
		return err
	}
	state, err := c.fitting(ctx, stored)
	if err != nil {
		return err
	}
	if err := c.exec(ctx, "state/clear", nil); err != nil {
		return err
	}
	for _, name := range stored.Tables {
		if state != nil && slices.ContainsFunc(state.Tables, func(t StateTable) bool { return t.Name == name }) {
			continue
		}
		if err := (StateTable{Name: name}).run(ctx, c.session, "state/drop"); err != nil {
			return err
		}
	}
	if state == nil {
		return nil
	}
	for _, table := range state.Tables {
		if err := table.save(ctx, c.session); err != nil {
			return err
		}
	}
	return c.exec(ctx, "state/insert", queries.Values{
		"run": c.run, "fingerprint": state.Fingerprint, "marks": state.Marks,
	})
}

// fitting returns the state to keep. It is nil where rows are meant to be put into tables that are not those of the
// result's base any more, or have other columns: a state helps the next run, and is no reason to lose this one.
func (c *commit) fitting(ctx context.Context, stored StateInfo) (*State, error) {
	state := c.opt.State
	if state == nil {
		return nil, nil
	}
	for _, table := range state.Tables {
		if table.Replace {
			continue
		}
		if stored.Run == 0 || stored.Run != c.result.Base || !slices.Contains(stored.Tables, table.Name) {
			return nil, nil
		}
		var differing int
		text := table.fill("state/columns")
		if err := c.tx.Row(ctx, []any{&differing}, text); err != nil {
			return nil, fmt.Errorf("compare the columns of the state's table %s: %w", table.Name, err)
		}
		if differing > 0 {
			return nil, nil
		}
	}
	return state, nil
}

// save writes the rows of a table.
func (t StateTable) save(ctx context.Context, s session) error {
	if t.Replace {
		return t.run(ctx, s, "state/replace")
	}
	if err := t.run(ctx, s, "state/leave"); err != nil {
		return err
	}
	return t.run(ctx, s, "state/join")
}

// run runs a statement on the table.
func (t StateTable) run(ctx context.Context, s session, name string) error {
	if _, err := s.tx.Exec(ctx, t.fill(name)); err != nil {
		return fmt.Errorf("run %s for %s: %w", name, t.Name, err)
	}
	return nil
}

// fill returns a statement about the table, ready to run.
func (t StateTable) fill(name string) string {
	return queries.With(queries.Text(name), queries.Relations{
		"state_table": StateRelation(t.Name), "state_rows": t.Relation, "state_key": dialect.Ident(t.Key),
	})
}
