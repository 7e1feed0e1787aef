package evaluate_test

import "fmt"

// test writes an expression that is true or false.
func (g *gen) test(depth int) string {
	if depth <= 0 {
		return g.comparison(0)
	}
	switch n := g.IntN(100); {
	case n < 45:
		return g.comparison(depth)
	case n < 55:
		return fmt.Sprintf("(%s and %s)", g.test(depth-1), g.test(depth-1))
	case n < 65:
		return fmt.Sprintf("(%s or %s)", g.test(depth-1), g.test(depth-1))
	case n < 74:
		return "not (" + g.test(depth-1) + ")"
	}
	if g.stream != "" {
		return g.rowTest(depth)
	}
	return g.customerTest(depth)
}

// rowTest writes a test of a row.
func (g *gen) rowTest(depth int) string {
	if len(g.named.segments) > 0 && g.chance(30) {
		return "customer." + g.pick(g.named.segments)
	}
	return g.comparison(depth)
}

// customerTest writes a test that only a customer can pass.
func (g *gen) customerTest(depth int) string {
	return g.one(
		func() string { return g.sequence(depth, "sequence") },
		func() string { return g.sequence(depth, "sequence") },
		func() string { return fmt.Sprintf("sample(%d.%d%%, 'salt%d')", 1+g.IntN(90), g.IntN(10), g.IntN(3)) },
		func() string {
			if g.steady {
				return "vip"
			}
			return g.pick([]string{"chosen", "not chosen"})
		},
		func() string {
			if len(g.named.segments) == 0 {
				return g.comparison(depth)
			}
			return g.pick([]string{"", "not "}) + g.pick(g.named.segments)
		},
		func() string {
			if len(g.named.partitions) == 0 {
				return g.comparison(depth)
			}
			return fmt.Sprintf("%s %s '%s'", g.pick(g.named.partitions), g.pick([]string{"=", "<>"}), g.pick([]string{"one", "two", "rest"}))
		},
		func() string { return g.past(depth) },
	)
}

// past writes a test of another moment, where that is allowed.
func (g *gen) past(depth int) string {
	if !g.overTime || g.steady {
		return g.comparison(depth)
	}
	if len(g.named.segments) > 0 && g.chance(50) {
		name := g.pick(g.named.segments)
		if g.chance(50) {
			return name + " as of " + g.pick(spans) + " ago"
		}
		return name + " as of date '" + g.asOf.AddDate(0, 0, -1-g.IntN(40)).Format("2006-01-02") + "'"
	}
	inside := *g
	inside.steady, inside.named = true, named{}
	return fmt.Sprintf("(%s) for %s", inside.test(1), g.pick([]string{"3 days", "30 minutes", "1 week", "1 month"}))
}

func (g *gen) comparison(depth int) string {
	compare := func(x, y string) string {
		return fmt.Sprintf("%s %s %s", x, g.pick([]string{"=", "<>", "<", "<=", ">", ">=", "!="}), y)
	}
	not := func() string { return g.pick([]string{"", "not "}) }
	return g.one(
		func() string { return compare(g.number(depth), g.pick(numberPool)) },
		func() string { return compare(g.number(depth), g.number(depth-1)) },
		func() string { return compare(g.text(depth), g.text(depth-1)) },
		func() string { return compare(g.time(depth), g.time(depth-1)) },
		func() string {
			return fmt.Sprintf("%s %sbetween %s and %s", g.number(depth), not(), g.pick(numberPool), g.number(depth-1))
		},
		func() string {
			return fmt.Sprintf("%s %sbetween %s and %s", g.time(depth), not(), g.time(0), g.time(0))
		},
		func() string { return fmt.Sprintf("%s %sin (%s, %s)", g.text(depth), not(), g.text(0), g.text(0)) },
		func() string { return fmt.Sprintf("%s %sin $%s", g.text(depth), not(), "words") },
		func() string {
			return fmt.Sprintf("%s %sin (1, %s, %s)", g.number(depth), not(), g.number(0), g.pick(numberPool))
		},
		func() string { return g.match(depth) },
		func() string { return g.missing(depth) },
		func() string { return g.inWindow(depth) },
		func() string { return g.inWindow(depth) },
		func() string { return g.flag() },
		func() string {
			return fmt.Sprintf("%s(%s, %s)", g.pick([]string{"contains", "starts_with"}), g.text(depth), g.text(0))
		},
		func() string {
			if g.stream != "" {
				return fmt.Sprintf("has(customer.tags, %s)", g.text(0))
			}
			return g.one(func() string { return "has(tags, " + g.text(0) + ")" }, func() string { return "has(codes, " + g.number(0) + ")" })
		},
	)
}

func (g *gen) match(depth int) string {
	op := g.pick([]string{"like", "ilike", "matches"})
	pattern := "'" + g.pick(likePool) + "'"
	switch {
	case g.chance(20):
		pattern = g.name(g.words().texts, customerWords.texts, nil)
	case op == "matches":
		pattern = "'" + g.pick(regexPool) + "'"
	}
	return fmt.Sprintf("%s %s%s %s", g.text(depth), g.pick([]string{"", "not "}), op, pattern)
}

func (g *gen) missing(depth int) string {
	is := g.pick([]string{"is", "is not"})
	if g.chance(30) {
		return fmt.Sprintf("%s %s blank", g.text(depth), is)
	}
	return fmt.Sprintf("%s %s missing", g.one(
		func() string { return g.text(depth - 1) },
		func() string { return g.number(depth - 1) },
		func() string { return g.time(depth - 1) },
	), is)
}

func (g *gen) inWindow(depth int) string {
	not := g.pick([]string{"", "", "not "})
	window := g.one(g.window, g.window,
		func() string { return "next " + g.pick(spans) },
		func() string { return "next " + g.pick(units) },
		func() string { return "tomorrow" },
	)
	if g.chance(20) {
		return fmt.Sprintf("anniversary(%s) %sin %s", g.one(func() string { return g.time(0) }, g.birthday), not, g.pick([]string{
			"next 7 days", "last 30 days", "today", "this month", "next month", "tomorrow", "previous 2 months", "between 1 year and 3 days ago",
		}))
	}
	return fmt.Sprintf("%s %sin %s", g.time(depth), not, window)
}

// birthday is the field whose days are mostly leap days and near returns.
func (g *gen) birthday() string {
	if g.stream != "" {
		return "customer.birth"
	}
	return "birth"
}

func (g *gen) flag() string {
	own := g.words().flags
	text := g.name(own, customerWords.flags, nil)
	return g.one(
		func() string { return text },
		func() string { return "not " + text },
		func() string { return text + g.pick([]string{" = ", " <> "}) + g.pick([]string{"true", "false"}) },
	)
}

// sequence writes a sequence or the number of times it is satisfied.
func (g *gen) sequence(depth int, call string) string {
	first := g.stepStream()
	text := fmt.Sprintf("%s(%s%s%s", call, first, g.whereOf(first, depth-1), g.repeat(15))
	negative := false
	for i := 0; i == 0 || i < 3 && g.chance(40); i++ {
		stream := g.stepStream()
		not := ""
		if g.chance(40) {
			not, negative = "not ", true
		}
		text += fmt.Sprintf(" then %s%s%s", not, stream, g.whereOf(stream, depth-1))
		text += g.repeat(30) + " within " + g.pick(shortSpans)
	}
	if g.chance(30) {
		text += ", same " + g.pick([]string{"item", "qty"})
	}
	if call == "sequence" && g.chance(40) {
		text += ", anchor " + g.pick([]string{"any", "first", "last"})
	}
	if negative && g.chance(40) {
		text += ", early"
	}
	return text + ") " + g.pick([]string{"last 7 days", "last 30 days", "ever", "ever", "last 1 year", "this month", "since created_at", "between 30 days and 2 days ago", "previous month", "last 1 year"})
}

// stepStream prefers the streams that have most rows.
func (g *gen) stepStream() string {
	if g.chance(70) {
		return g.pick([]string{"view", "cart", "purchase"})
	}
	return g.anyStream()
}

// repeat writes how many rows a step takes, mostly one.
func (g *gen) repeat(percent int) string {
	if !g.chance(percent) {
		return ""
	}
	return fmt.Sprintf(" x %d", 2+g.IntN(2))
}
