package cmd

import (
	"context"
	"time"

	"strata/reports/render"
	"strata/segments/check"
	"strata/tui/ask"
)

// Members is a page of members, as the command members lists them.
func (d *desk) Members(ctx context.Context, page ask.MembersPage, at time.Time) (ask.MembersList, error) {
	return answerOn(ctx, d, at, func(ctx context.Context, s *standing) (ask.MembersList, error) {
		segment, err := s.segment(ctx, page.Word)
		if err != nil {
			return ask.MembersList{}, err
		}
		found, err := s.membersPage(ctx, segment, page)
		return found, answerable(err)
	})
}

func (s *standing) membersPage(ctx context.Context, segment *check.Segment, page ask.MembersPage) (ask.MembersList, error) {
	listing, columns, err := s.listing(page.Columns)
	if err != nil {
		return ask.MembersList{}, err
	}
	listing.Of, listing.Prefix, listing.Down = segment, page.Find, page.Down
	listing.Offset, listing.Limit = uint64(max(0, page.Offset)), uint64(max(0, page.Limit))
	if listing.Sort, err = sortPlace(columns, page.Sort); err != nil {
		return ask.MembersList{}, err
	}
	var total int64
	if page.Find == "" {
		counts, err := s.countsOf(ctx, []*check.Segment{segment})
		if err != nil {
			return ask.MembersList{}, err
		}
		total = counts[0].Members
	} else if total, err = s.evaluator.ListSize(ctx, listing, s.asOf); err != nil {
		return ask.MembersList{}, err
	}
	found, err := s.evaluator.List(ctx, listing, s.asOf)
	if err != nil {
		return ask.MembersList{}, err
	}
	t := render.Table{Name: "members", Columns: columns, Rows: s.inZone(columns, found.Rows), Meta: s.meta()}
	t.Meta.Total = &total
	t.Meta.Truncated = max(0, page.Offset)+int64(len(found.Rows)) < total && len(found.Rows) > 0
	return ask.MembersList{Table: t, Total: total}, nil
}
