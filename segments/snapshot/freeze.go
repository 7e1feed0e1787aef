package snapshot

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"strata/segments/evaluate"
	"strata/sql/dialect"
	"strata/sql/queries"
	"strata/sql/warehouse"
)

// Freeze is the audience of a campaign as it was written down once: who is in which arm, what the campaign meant, and how
// far the data went.
type Freeze struct {
	Campaign string
	// AsOf is the moment of the audience, FrozenAt when it was written down.
	AsOf, FrozenAt time.Time
	KnownAt        *time.Time
	// Definition is the hash of Canonical, the campaign's meaning as text.
	Definition, Canonical string
	// Reach is how far the data went when it was frozen, Members whom the rule alone chose, whether or not a gate let them
	// pass. Both are nil where an older version wrote it.
	Reach          *time.Time
	Members        *int64
	ProgramVersion string
	Arms           []FrozenArm
	// Sources say how far each source reached before AsOf.
	Sources []evaluate.SourceMark
}

// FrozenArm is an arm with its customers. Of a split it took the numbers [From, To) of 10,000.
type FrozenArm struct {
	Name      string
	From, To  int
	Holdout   bool
	Customers int64
}

// Customers counts those of all arms.
func (f Freeze) Customers() int64 {
	var n int64
	for _, arm := range f.Arms {
		n += arm.Customers
	}
	return n
}

// FrozenRows is a table of the in-memory database with a row (arm VARCHAR, key VARCHAR) per customer, and what the keys
// of the project's customers are.
type FrozenRows struct {
	Relation      string
	KeyType, Zone string
}

// FrozenError says that a campaign was frozen before. The database refuses a second freeze of a name by its primary key.
type FrozenError struct {
	Freeze Freeze // What was frozen then.
	Err    error  // What the database said.
}

// Error says when and how many.
func (e *FrozenError) Error() string {
	return fmt.Sprintf("%s was frozen at %s as of %s with %d customers, and a campaign is frozen once",
		e.Freeze.Campaign, e.Freeze.FrozenAt.Format(time.RFC3339), e.Freeze.AsOf.Format(time.RFC3339), e.Freeze.Customers())
}

// Unwrap returns what the database said.
func (e *FrozenError) Unwrap() error { return e.Err }

// FreezeCampaign writes a campaign's audience into the store, whole or not at all, and returns what is there then. The
// errors are *FrozenError where the campaign is frozen already, *MismatchError where the store belongs to another project,
// *VersionError and *warehouse.Error.
func FreezeCampaign(ctx context.Context, db *warehouse.DB, f Freeze, rows FrozenRows) (Freeze, error) {
	refused := false
	err := Update(ctx, db, func(ctx context.Context, tx warehouse.Session) error {
		s := session{tx: tx, relations: queries.Relations{
			"frozen": rows.Relation, "run_population": "(SELECT CAST(NULL AS " + rows.KeyType + ") AS key)",
		}}
		if _, err := s.belong(ctx, rows.KeyType, rows.Zone); err != nil {
			return err
		}
		if err := s.exec(ctx, "freeze/insert", queries.Values{
			"campaign": f.Campaign, "as_of": f.AsOf.UTC(), "known_at": timeOrNil(f.KnownAt), "frozen_at": f.FrozenAt.UTC(),
			"definition": f.Definition, "canonical": f.Canonical, "reach": timeOrNil(f.Reach), "members": intOrNil(f.Members),
			"program_version": f.ProgramVersion,
		}); err != nil {
			refused = true
			return err
		}
		return s.freezeParts(ctx, f)
	})
	if refused {
		// The key refuses a second freeze. Whatever else kept it out left no such row.
		if before, failed := Frozen(ctx, db, f.Campaign); failed == nil {
			return Freeze{}, &FrozenError{Freeze: before, Err: err}
		}
	}
	if err != nil {
		return Freeze{}, fmt.Errorf("freeze %s: %w", f.Campaign, err)
	}
	return Frozen(ctx, db, f.Campaign)
}

// freezeParts writes the arms, the marks and the customers.
func (s session) freezeParts(ctx context.Context, f Freeze) error {
	for i, arm := range f.Arms {
		err := s.exec(ctx, "freeze/arm", queries.Values{
			"campaign": f.Campaign, "place": int64(i), "arm": arm.Name, "from": int64(arm.From), "to": int64(arm.To),
			"holdout": arm.Holdout,
		})
		if err != nil {
			return err
		}
	}
	for _, m := range f.Sources {
		err := s.exec(ctx, "freeze/mark", queries.Values{
			"campaign": f.Campaign, "source": m.Source, "rows": m.Rows, "last_at": timeOrNil(m.LastAt),
			"last_loaded_at": timeOrNil(m.LastLoadedAt),
		})
		if err != nil {
			return err
		}
	}
	return s.exec(ctx, "freeze/members", queries.Values{"campaign": f.Campaign, "as_of": f.AsOf.UTC()})
}

func intOrNil(n *int64) any {
	if n == nil {
		return nil
	}
	return *n
}

// Frozen returns a campaign's freeze. ErrNotFound says that there is none.
func Frozen(ctx context.Context, db *warehouse.DB, campaign string) (Freeze, error) {
	all, err := freezes(ctx, db, campaign)
	if err != nil {
		return Freeze{}, err
	}
	if len(all) == 0 {
		return Freeze{}, fmt.Errorf("the freeze of %s: %w", campaign, ErrNotFound)
	}
	return all[0], nil
}

// Freezes returns all freezes by as-of; none where there is no store yet.
func Freezes(ctx context.Context, db *warehouse.DB) ([]Freeze, error) { return freezes(ctx, db, "") }

// freezes reads one freeze, or with an empty name all.
func freezes(ctx context.Context, db *warehouse.DB, campaign string) ([]Freeze, error) {
	var all []Freeze
	err := View(ctx, db, func(ctx context.Context, tx warehouse.Session) error {
		s := session{tx: tx}
		err := s.each(ctx, "freeze/list", queries.Values{"campaign": campaign}, func(rows *sql.Rows) error {
			var f Freeze
			var known, reach sql.NullTime
			var members sql.NullInt64
			err := rows.Scan(&f.Campaign, &f.AsOf, &known, &f.FrozenAt, &f.Definition, &f.Canonical, &reach, &members, &f.ProgramVersion)
			f.AsOf, f.FrozenAt = f.AsOf.UTC(), f.FrozenAt.UTC()
			f.KnownAt, f.Reach, f.Members = timePointer(known), timePointer(reach), pointer(members)
			all = append(all, f)
			return err
		})
		if err != nil {
			return err
		}
		for i := range all {
			if err := s.frozenParts(ctx, &all[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if errors.Is(err, ErrEmpty) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read what is frozen: %w", err)
	}
	return all, nil
}

// frozenParts reads the arms and the marks.
func (s session) frozenParts(ctx context.Context, f *Freeze) error {
	of := queries.Values{"campaign": f.Campaign}
	err := s.each(ctx, "freeze/arms", of, func(rows *sql.Rows) error {
		var a FrozenArm
		err := rows.Scan(&a.Name, &a.From, &a.To, &a.Holdout, &a.Customers)
		f.Arms = append(f.Arms, a)
		return err
	})
	if err != nil {
		return err
	}
	return s.each(ctx, "freeze/marks", of, func(rows *sql.Rows) error {
		var m evaluate.SourceMark
		var at, loaded sql.NullTime
		err := rows.Scan(&m.Source, &m.Rows, &at, &loaded)
		m.LastAt, m.LastLoadedAt = timePointer(at), timePointer(loaded)
		f.Sources = append(f.Sources, m)
		return err
	})
}

// FrozenMembers copies the customers of a freeze into a table of (arm VARCHAR, key) in the in-memory database, where they
// can be joined with the customers' data after the store is let go. keyType is DuckDB's type of the customers' key. Each
// call makes a table of its own, which the caller drops. ErrNotFound says that the campaign is not frozen.
func FrozenMembers(ctx context.Context, db *warehouse.DB, campaign, keyType string) (Relation, error) {
	r := Relation{Name: dialect.Qualified("memory", "main", fmt.Sprintf("frozen %d of %s", db.Number(), campaign))}
	err := View(ctx, db, func(ctx context.Context, tx warehouse.Session) error {
		s := session{tx: tx, relations: queries.Relations{"relation": r.Name, "key_type": keyType}}
		if err := s.exec(ctx, "freeze/load", queries.Values{"campaign": campaign}); err != nil {
			return err
		}
		return s.row(ctx, []any{&r.Rows}, "read/rows", nil)
	})
	if err == nil && r.Rows == 0 {
		err = errors.Join(r.Drop(ctx, db), ErrNotFound)
	}
	if err != nil {
		return Relation{}, fmt.Errorf("read the frozen customers of %s: %w", campaign, notThere(err))
	}
	return r, nil
}

// FrozenKeys calls each for every customer of a freeze, in the order of keys as text.
func FrozenKeys(ctx context.Context, db *warehouse.DB, campaign string, each func(key, arm string) error) error {
	err := View(ctx, db, func(ctx context.Context, tx warehouse.Session) error {
		return session{tx: tx}.each(ctx, "freeze/keys", queries.Values{"campaign": campaign}, func(rows *sql.Rows) error {
			var key, arm string
			if err := rows.Scan(&key, &arm); err != nil {
				return fmt.Errorf("scan: %w", err)
			}
			return each(key, arm)
		})
	})
	if err != nil {
		return fmt.Errorf("read the frozen customers of %s: %w", campaign, notThere(err))
	}
	return nil
}
