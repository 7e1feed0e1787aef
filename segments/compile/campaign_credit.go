package compile

import (
	"strconv"
	"time"

	sq "github.com/Masterminds/squirrel"

	"strata/segments/calendar"
	"strata/segments/check"
)

// CampaignTouch is a kind of touch that orders are credited to.
type CampaignTouch struct {
	Rows check.CampaignRows
	// Rank tells kinds apart; of two touches at the same moment the one with the
	// larger rank counts.
	Rank int
	// Own marks touches of the campaign itself, others take orders away from it.
	Own bool
	// For is for how long after the touch an order is credited to it, From the
	// moment from which touches count.
	For  calendar.Duration
	From time.Time
}

// CampaignCredit asks what is credited to a campaign.
type CampaignCredit struct {
	// Touches are empty where every order counts.
	Touches []CampaignTouch
	// Orders are rows in [From, as-of); Amount and Refunded are columns of them, nil
	// where there are none.
	Orders           check.Rows
	Amount, Refunded *check.Column
	From             time.Time
	// Assigned is a table of (unit, key).
	Assigned string
}

// CampaignCredited returns the statement of (rank, unit, orders, customers,
// revenue). An order is credited once, to the last of all campaigns' touches that
// it came after or with and that are not too long ago, and only where that touch
// is the campaign's own. The rank is 0 where every order counts.
func (c *Compiler) CampaignCredited(q CampaignCredit) (Statement, error) {
	b := c.builder()
	orders, err := b.campaignOrders(q)
	if err != nil {
		return Statement{}, err
	}
	if len(q.Touches) == 0 {
		return b.statement(ex("SELECT 0 AS rank, unit, count(*), count(DISTINCT key), CAST(coalesce(sum(amount), 0) AS DOUBLE) FROM ? GROUP BY unit ORDER BY unit", ident(orders)))
	}
	parts := make([]sq.Sqlizer, len(q.Touches))
	for i, touch := range q.Touches {
		if parts[i], err = b.campaignTouch(touch); err != nil {
			return Statement{}, err
		}
	}
	touches := b.step("touches", joined(" UNION ALL ", parts))
	last := b.step("last touch", ex("SELECT o.unit, o.key, o.n, any_value(o.amount) AS amount, arg_max(t.code, row(t.at, t.code)) AS code FROM ? AS o JOIN ? AS t ON t.key = o.key AND t.at <= o.at AND o.at < t.until GROUP BY o.unit, o.key, o.n",
		ident(orders), ident(touches)))
	return b.statement(ex("SELECT code // 2 AS rank, unit, count(*), count(DISTINCT key), CAST(coalesce(sum(amount), 0) AS DOUBLE) FROM ? WHERE code % 2 = 1 GROUP BY ALL ORDER BY 1, 2", ident(last)))
}

// campaignOrders is the step of (unit, key, n, at, amount), an order each.
func (b *builder) campaignOrders(q CampaignCredit) (string, error) {
	f := b.rowFrame(q.Orders)
	conditions, err := f.campaignRows(q.From)
	if err != nil {
		return "", err
	}
	amount := sq.Sqlizer(raw("CAST(NULL AS DECIMAL(18,4))"))
	if q.Amount != nil {
		if amount, err = f.value(q.Amount); err != nil {
			return "", err
		}
		amount = ex("CAST(? AS ?)", amount, kpiType(q.Amount))
	}
	if q.Refunded != nil {
		refunded, err := f.value(q.Refunded)
		if err != nil {
			return "", err
		}
		amount = ex("? - coalesce(CAST(? AS ?), 0)", amount, refunded, kpiType(q.Refunded))
	}
	rows := sq.Select().Column(ex("? AS key", f.rowKey())).Column(ex("? AS at", f.at().instant())).Column(ex("? AS amount", amount)).
		Column("row_number() OVER () AS n")
	all := b.step("orders", f.apply(rows).Where(allOf(conditions)))
	return b.step("orders of the assigned", ex("SELECT a.unit, o.* FROM ? AS o JOIN ? AS a ON a.key = o.key", ident(all), raw(q.Assigned))), nil
}

// campaignTouch is the relation of (key, at, until, code) of touches of people.
func (b *builder) campaignTouch(t CampaignTouch) (sq.Sqlizer, error) {
	f := b.rowFrame(t.Rows.Rows)
	conditions, err := f.campaignRows(t.From)
	if err != nil {
		return nil, err
	}
	if t.Rows.Machine != nil {
		machine, err := f.test(t.Rows.Machine)
		if err != nil {
			return nil, err
		}
		conditions = append(conditions, ex("NOT coalesce(?, FALSE)", machine))
	}
	code := 2 * t.Rank
	if t.Own {
		code++
	}
	at := f.at().instant()
	return f.apply(sq.Select().Column(ex("? AS key", f.rowKey())).Column(ex("? AS at", at)).
		Column(ex("? AS until", b.projectZone().step(at, t.For))).Column(strconv.Itoa(code) + " AS code")).Where(allOf(conditions)), nil
}
