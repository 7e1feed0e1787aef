package snapshot

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"strata/sql/queries"
	"strata/sql/warehouse"
)

// upgrade is what leads from one version of the store to the next: statements by name.
type upgrade []string

// upgrades returns the way from an empty file to the present version, one step per version. A released step is never
// edited; a change of the tables is a new step at the end.
func upgrades() []upgrade {
	const newest = 3
	all := make([]upgrade, newest)
	for i := range all {
		for _, name := range queries.Names() {
			if strings.HasPrefix(name, fmt.Sprintf("schema/%d_", i+1)) {
				all[i] = append(all[i], name)
			}
		}
	}
	return all
}

// View runs fn with the store attached for reading. An older store is upgraded first, which needs it alone for a moment.
// ErrEmpty says that there is no store yet, or none with tables; other errors are *VersionError and *warehouse.Error.
func View(ctx context.Context, db *warehouse.DB, fn func(ctx context.Context, tx warehouse.Session) error) error {
	old := errors.New("the store is older")
	read := func() error {
		return db.Store(ctx, warehouse.ReadStore, func(ctx context.Context, tx warehouse.Session) error {
			version, err := versionOf(ctx, session{tx: tx}, len(upgrades()))
			switch {
			case err != nil:
				return err
			case version == 0:
				return ErrEmpty
			case version < len(upgrades()):
				return old
			}
			return fn(ctx, tx)
		})
	}
	err := read()
	if errors.Is(err, old) {
		nothing := func(context.Context, warehouse.Session) error { return nil }
		if err := Update(ctx, db, nothing); err != nil {
			return fmt.Errorf("upgrade the store: %w", err)
		}
		err = read()
	}
	if failure := (*warehouse.Error)(nil); errors.As(err, &failure) && failure.Kind == warehouse.Missing && failure.Path != "" {
		return ErrEmpty
	}
	return err
}

// Update runs fn with the store attached for writing, in one transaction that also makes or upgrades the tables. They are
// store.main.NAME. What fn returns an error for has never happened. The errors are *VersionError and *warehouse.Error, of
// kind Locked while somebody else has the file open.
func Update(ctx context.Context, db *warehouse.DB, fn func(ctx context.Context, tx warehouse.Session) error) error {
	return db.Store(ctx, warehouse.WriteStore, func(ctx context.Context, tx warehouse.Session) error {
		if err := ensure(ctx, session{tx: tx}, upgrades()); err != nil {
			return err
		}
		return fn(ctx, tx)
	})
}

// ensure brings the tables to the version that the last of all steps leads to.
func ensure(ctx context.Context, s session, all []upgrade) error {
	version, err := versionOf(ctx, s, len(all))
	if err != nil {
		return err
	}
	for done := version; done < len(all); done++ {
		for _, name := range all[done] {
			if err := s.exec(ctx, name, nil); err != nil {
				return fmt.Errorf("make version %d of the store: %w", done+1, err)
			}
		}
		if err := s.exec(ctx, "schema/set_version", queries.Values{"version": done + 1}); err != nil {
			return err
		}
	}
	return nil
}

// refuseForeign refuses a file with tables of somebody else: it was named by mistake.
func refuseForeign(ctx context.Context, s session) error {
	var foreign int
	if err := s.row(ctx, []any{&foreign}, "schema/foreign", nil); err != nil {
		return err
	}
	if foreign > 0 {
		return &warehouse.Error{
			Kind: warehouse.Refused, Message: fmt.Sprintf("the store file holds %d tables that are not ours", foreign),
			Hint: "name another file as store: in strata.yaml",
		}
	}
	return nil
}

// versionOf returns the version of the attached store, 0 for a file without tables.
func versionOf(ctx context.Context, s session, known int) (int, error) {
	var tables, version int
	if err := s.row(ctx, []any{&tables}, "schema/exists", nil); err != nil {
		return 0, err
	}
	if tables == 0 {
		return 0, refuseForeign(ctx, s)
	}
	if err := s.row(ctx, []any{&version}, "schema/version", nil); err != nil {
		return 0, err
	}
	if version > known {
		return 0, &VersionError{Store: version, Known: known}
	}
	return version, nil
}
