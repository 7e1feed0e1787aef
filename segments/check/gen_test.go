package check_test

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"
)

// gen writes random rules of the shop that are right.
type gen struct{ t *rapid.T }

func (g gen) pick(words ...string) string { return rapid.SampledFrom(words).Draw(g.t, "word") }
func (g gen) n(low, high int) int         { return rapid.IntRange(low, high).Draw(g.t, "n") }

func (g gen) duration() string {
	return fmt.Sprintf("%d %ss", g.n(1, 40), g.pick("second", "minute", "hour", "day", "week", "month", "quarter", "year"))
}

func (g gen) window() string {
	switch g.n(0, 7) {
	case 0:
		return "ever"
	case 1:
		return g.pick("today", "yesterday", "this month", "this week", "previous quarter", "previous 3 months")
	case 2:
		return "between " + g.duration() + " and " + g.duration() + " ago"
	case 3:
		return "since " + g.point()
	case 4:
		return "since " + g.point() + " before " + g.point()
	case 5:
		return "before " + g.point()
	default:
		return "last " + g.duration()
	}
}

func (g gen) point() string {
	p := g.pick("date '2025-12-31'", "timestamp '2026-01-01 10:30'", "timestamp '2026-01-01T10:30:00+02:00'", "created_at", "renews_on", "first_at", "$launch")
	if g.n(0, 2) == 0 {
		return p + g.pick(" + ", " - ") + g.duration()
	}
	return p
}

func (g gen) where() string {
	if g.n(0, 1) == 0 {
		return ""
	}
	return " where " + g.pick(
		"category = 'Books'", "total > 10 and items < 3", "not gift", "at in last 3 days or nth = 1",
		"status <> 'new'", "customer.country = 'DE'", "customer.vip", "gap is missing", "total * 2 between 1 and 5.5",
		"category in ('a', 'b''c')", "weekday in (1, 2) and hour >= 8", "customer.tier = 'high'", "category like 'a%'",
		"at > customer.created_at + 3 days", "days_since(at) < 3", "customer.country as of 3 days ago is missing",
	)
}

func (g gen) aggregate() string {
	op := g.pick("count", "sum", "avg", "max", "median", "distinct", "last")
	column := ".total"
	if op == "count" {
		column = ""
	}
	return fmt.Sprintf("%s(order%s%s) %s", op, column, g.where(), g.window())
}

func (g gen) number(depth int) string {
	if depth == 0 {
		return g.pick("visits", "weight", "5", "2.50", "-3", "ltv", "$min_spend")
	}
	a, b := g.number(depth-1), g.number(depth-1)
	switch g.n(0, 9) {
	case 0, 1:
		return fmt.Sprintf("(%s) %s (%s)", a, g.pick("+", "-", "*", "/"), b)
	case 2:
		return a + g.pick(" + ", " - ", " * ", " / ") + b
	case 3:
		return "-(" + a + ")"
	case 4:
		return g.pick("round", "abs", "ln", "floor") + "(" + a + ")"
	case 5:
		return g.pick("least", "greatest", "coalesce") + "(" + a + ", " + b + ")"
	case 6:
		return g.pick("days_since", "days_until") + "(" + g.time() + ")"
	case 7:
		return fmt.Sprintf("periods(order%s per 1 month, at least %d) previous 6 months", g.where(), g.n(1, 3))
	case 8:
		return g.pick("percentile", "rank") + "(" + a + g.pick("", " among vip") + g.pick("", " within country") + ")"
	default:
		return g.aggregate()
	}
}

func (g gen) time() string {
	return g.pick("created_at", "renews_on", "first order", "last order"+g.where(), "first_at", "birth_date + "+g.duration(),
		"max(order.at) since created_at", "(max(order.at) since created_at) + 3 days", "date '2026-01-01'",
		"(created_at as of date '2026-01-01') + 3 days")
}

func (g gen) sequence() string {
	var b strings.Builder
	b.WriteString(g.pick("sequence(", "sequence(") + "add_to_cart" + g.pick("", " x 2"))
	for range g.n(1, 3) {
		b.WriteString(" then " + g.pick("", "not ") + "order" + g.where() + " within " + g.duration())
	}
	return b.String() + g.pick("", ", same cart_id") + g.pick("", ", anchor first", ", anchor last") + g.pick(", early") + ") " + g.window()
}

func (g gen) test(depth int) string {
	if depth == 0 {
		return g.pick("vip", "bounced", "country = 'DE'", "visits > 3", "tier = 'high'", "sample(12.5%, 'it''s')", "has(interests, 'golf')")
	}
	a := g.test(depth - 1)
	switch g.n(0, 10) {
	case 0:
		return a + " and " + g.test(depth-1)
	case 1:
		return "(" + a + ") or (" + g.test(depth-1) + ")"
	case 2:
		return "not (" + a + ")"
	case 3:
		return g.number(depth-1) + g.pick(" = ", " <> ", " < ", " <= ", " > ", " >= ") + g.number(depth-1)
	case 4:
		return g.number(depth-1) + g.pick(" between ", " not between ") + g.number(0) + " and " + g.number(0)
	case 5:
		return "country" + g.pick(" in ", " not in ") + g.pick("('DE', 'FR')", "$regions")
	case 6:
		return "renews_on" + g.pick(" in ", " not in ") + g.pick("next 3 days", "tomorrow", "next month", g.window())
	case 7:
		return "country" + g.pick(" like ", " not ilike ", " matches ") + "'a'"
	case 8:
		return g.pick("country is ", "email is ") + g.pick("", "not ") + g.pick("missing", "blank")
	case 9:
		return "(" + g.pick("count(order) last 3 days > 0", "not (count(order) ever = 2)", "days_since(last order) > 3") + ") for " + g.duration()
	default:
		return g.sequence()
	}
}
