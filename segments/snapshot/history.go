package snapshot

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"strata/sql/queries"
	"strata/sql/warehouse"
)

// History returns the points of a segment or stage, the oldest as-of first. A former name finds a renamed unit.
// ErrNotFound says that the store does not know it.
func History(ctx context.Context, db *warehouse.DB, unit string) ([]Point, error) {
	var all []Point
	err := View(ctx, db, func(ctx context.Context, tx warehouse.Session) error {
		s := session{tx: tx}
		id, err := segmentID(ctx, s, unit)
		if err != nil {
			return err
		}
		return s.each(ctx, "read/history", queries.Values{"segment": id}, func(rows *sql.Rows) error {
			var p Point
			var err error
			p.UnitRun, err = scanUnit(rows, &p.Run, &p.AsOf, &p.TakenAt)
			p.AsOf, p.TakenAt = p.AsOf.UTC(), p.TakenAt.UTC()
			all = append(all, p)
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("read history of %s: %w", unit, notThere(err))
	}
	return arrange(all), nil
}

// arrange hangs superseded points on those that took their place, and marks where the definition changed. The points come
// by as-of and run, so the last of an as-of is the one that counts.
func arrange(all []Point) []Point {
	var points []Point
	var earlier []Point
	for _, p := range all {
		if p.SupersededBy != nil {
			earlier = append(earlier, p)
			continue
		}
		slices.Reverse(earlier)
		p.Earlier, earlier = earlier, nil
		p.Changed = len(points) > 0 && points[len(points)-1].Definition != p.Definition
		points = append(points, p)
	}
	return points
}

// Sizes returns the newest run of every unit that the store knows, retired ones included, sorted by name. A store that
// does not exist yet has none.
func Sizes(ctx context.Context, db *warehouse.DB) ([]Size, error) {
	var sizes []Size
	err := View(ctx, db, func(ctx context.Context, tx warehouse.Session) error {
		return session{tx: tx}.each(ctx, "read/sizes", nil, func(rows *sql.Rows) error {
			var size Size
			var retired sql.NullTime
			var err error
			size.UnitRun, err = scanUnit(rows, &size.Run, &size.AsOf, &retired)
			size.AsOf, size.RetiredAt = size.AsOf.UTC(), timePointer(retired)
			sizes = append(sizes, size)
			return err
		})
	})
	if errors.Is(err, ErrEmpty) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read last sizes: %w", err)
	}
	return sizes, nil
}
