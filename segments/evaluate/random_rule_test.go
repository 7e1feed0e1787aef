package evaluate_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// words are the values by kind that a scope can name.
type words struct {
	numbers, texts, flags, times, textLists, numberLists []string
}

var (
	customerWords = words{
		numbers: []string{"age", "balance", "ratio", "seats", "fee", "prefs.level"},
		texts:   []string{"country", "grade", "plan", "nick", "prefs.lang"},
		flags:   []string{"vip", "active"},
		times:   []string{"birth", "renews_on", "until", "created_at", "seen_at"},

		textLists: []string{"tags"}, numberLists: []string{"codes"},
	}
	derivedNumbers = []string{"weekday", "hour", "month", "nth", "nth_last", "gap"}
	eventWords     = words{
		numbers: []string{"qty", "price", "points", "info.depth"}, texts: []string{"item", "category", "source", "info.page"},
		flags: []string{"flag"}, times: []string{"due", "day", "at", "ts"},
	}
	orderWords = words{
		numbers: []string{"amount", "qty", "discount", "weight"}, texts: []string{"status", "item"},
		flags: []string{"gift"}, times: []string{"shipped_on", "day", "at", "ordered_at", "paid_at"},
	}
	eventStreams = []string{"event", "view", "cart", "visit"}
	orderStreams = []string{"purchase", "order"}

	numberPool = []string{"0", "1", "2", "3", "5", "10", "100", "0.1", "12.50", "-1", "99.99", "2.0"}
	textPool   = []string{"DE", "AT", "", " ", "x", "y", "Z", "pro", "a", "b", "view", "paid", "cancelled", "T_1", "Ünï", "it''s"}
	likePool   = []string{"%", "D%", "_", "__", "%E", `T\_%`, "%ï", "a%b", ""}
	regexPool  = []string{"^D", "E$", "[xy]", "^$", "(?i)z", "T.1", `\s`}
	spans      = []string{"30 minutes", "1 hour", "6h", "24 hours", "48 hours", "1 day", "2 days", "7d", "1 week", "30 days", "1 month", "3 months", "6mo", "1 quarter", "1 year"}
	shortSpans = []string{"30 minutes", "1 hour", "6 hours", "24 hours", "1 day", "2 days"}
	units      = []string{"hour", "day", "week", "month", "quarter", "year"}
)

// gen writes random rules.
type gen struct {
	*rand.Rand
	asOf time.Time
	// stream is set inside a where of rows.
	stream string
	// named are the definitions that later ones can refer to.
	named named
	// overTime allows "for" and "as of"; steady forbids what they refuse.
	overTime, steady bool
}

// named are definitions by what they are worth.
type named struct {
	numbers, texts, times, segments, partitions []string
}

func (g *gen) pick(list []string) string { return list[g.IntN(len(list))] }

// one calls one of the functions at random.
func (g *gen) one(options ...func() string) string { return options[g.IntN(len(options))]() }

// chance is true in so many of a hundred cases.
func (g *gen) chance(percent int) bool { return g.IntN(100) < percent }

// rows is the same generator inside a where of a stream.
func (g *gen) rows(stream string) *gen {
	inside := *g
	inside.stream = stream
	return &inside
}

func (g *gen) words() words {
	switch {
	case g.stream == "":
		return customerWords
	case strings.Contains(strings.Join(orderStreams, " "), g.stream):
		w := orderWords
		w.numbers = append(append([]string(nil), w.numbers...), derivedNumbers...)
		return w
	}
	w := eventWords
	w.numbers = append(append([]string(nil), w.numbers...), derivedNumbers...)
	return w
}

// name picks a column or field, or a value of the customer in a where of rows,
// or a definition.
func (g *gen) name(own, ofCustomer, defined []string) string {
	if g.stream != "" && g.chance(85) {
		return g.pick(own)
	}
	list := ofCustomer
	if len(defined) > 0 && g.chance(40) {
		list = defined
	}
	if g.stream != "" {
		return "customer." + g.pick(list)
	}
	return g.pick(list)
}

// number writes an expression that is worth a number.
func (g *gen) number(depth int) string {
	field := func() string { return g.name(g.words().numbers, customerWords.numbers, g.named.numbers) }
	literal := func() string { return g.pick(numberPool) }
	if depth <= 0 {
		if g.stream == "" && g.chance(50) {
			return g.aggregate(0)
		}
		return g.one(field, field, literal)
	}
	if g.stream == "" && g.chance(60) {
		return g.customerNumber(depth)
	}
	return g.one(field, literal,
		func() string {
			return fmt.Sprintf("(%s %s %s)", g.number(depth-1), g.pick([]string{"+", "-", "*", "/"}), g.number(depth-1))
		},
		func() string { return "-" + g.one(field, func() string { return "(" + g.number(depth-1) + ")" }) },
		func() string {
			return g.pick([]string{"round", "floor", "ceil", "abs", "ln"}) + "(" + g.number(depth-1) + ")"
		},
		func() string { return fmt.Sprintf("round(%s, %d)", g.number(depth-1), g.IntN(4)) },
		func() string { return "length(" + g.text(depth-1) + ")" },
		func() string {
			return fmt.Sprintf("%s(%s, %s)", g.pick([]string{"least", "greatest", "coalesce"}), g.number(depth-1), g.number(depth-1))
		},
		func() string { return fmt.Sprintf("coalesce(%s, %s, $n)", field(), field()) },
		func() string {
			return fmt.Sprintf("%s(%s)", g.pick([]string{"days_since", "days_until"}), g.time(depth-1))
		},
	)
}

// customerNumber writes what only a customer has: aggregates and their kin.
func (g *gen) customerNumber(depth int) string {
	return g.one(
		func() string { return g.aggregate(depth) },
		func() string { return g.aggregate(depth) },
		func() string { return g.aggregate(depth) },
		func() string {
			return fmt.Sprintf("days_since(%s %s%s)", g.pick([]string{"first", "last"}), g.anyStream(), g.where(depth))
		},
		g.periods,
		func() string { return g.sequence(depth, "times") },
		g.ranking,
	)
}

func (g *gen) anyStream() string {
	return g.pick(append(append([]string(nil), eventStreams...), orderStreams...))
}

// where filters the rows of the stream that was written last.
func (g *gen) where(depth int) string { return g.whereOf(g.anyStream(), depth) }

func (g *gen) whereOf(stream string, depth int) string {
	if depth <= 0 || g.chance(55) {
		return ""
	}
	return " where " + g.rows(stream).test(depth-1)
}

// aggregate writes an aggregate that is worth a number.
func (g *gen) aggregate(depth int) string {
	stream := g.anyStream()
	w := g.rows(stream).words()
	filter := g.whereOf(stream, depth)
	call := func(op, column string) string { return fmt.Sprintf("%s(%s.%s%s)", op, stream, column, filter) }
	all := append(append(append(append([]string{"id"}, w.numbers...), w.texts...), w.times...), w.flags...)
	return g.one(
		func() string { return fmt.Sprintf("count(%s%s)", stream, filter) },
		func() string { return call(g.pick([]string{"sum", "avg", "min", "max", "median"}), g.pick(w.numbers)) },
		func() string { return call(g.pick([]string{"sum", "avg", "min", "max", "median"}), g.pick(w.numbers)) },
		func() string { return call("distinct", g.pick(all)) },
		func() string { return call(g.pick([]string{"first", "last", "most_frequent"}), g.pick(w.numbers)) },
	) + " " + g.rowWindow()
}

func (g *gen) periods() string {
	head := "periods(" + g.anyStream() + " per "
	least := ""
	if g.chance(50) {
		least = fmt.Sprintf(", at least %d", 1+g.IntN(2))
	}
	return head + g.one(
		func() string { return "1 day" + least + ") last 7 days" },
		func() string { return "6 hours" + least + ") last 48 hours" },
		func() string { return "1 week" + least + ") last 3 weeks" },
		func() string { return "1 month" + least + ") last 6 months" },
		func() string { return "2 months" + least + ") last 1 year" },
		func() string { return "1 month" + least + ") previous 3 months" },
		func() string { return "1 week" + least + ") previous 4 weeks" },
		func() string { return "1 day" + least + ") previous 5 days" },
	)
}

func (g *gen) ranking() string {
	if g.steady {
		return "age"
	}
	text := g.pick([]string{"percentile", "rank"}) + "(" + g.rankable()
	if len(g.named.segments) > 0 && g.chance(40) {
		text += " among " + g.pick(g.named.segments)
	}
	if g.chance(40) {
		text += " within " + g.pick(append([]string{"country", "vip", "age"}, g.named.partitions...))
	}
	return text + ")"
}

func (g *gen) rankable() string {
	if g.chance(15) {
		return g.time(0)
	}
	return g.number(0)
}

// text writes an expression that is worth a text.
func (g *gen) text(depth int) string {
	field := func() string { return g.name(g.words().texts, customerWords.texts, g.named.texts) }
	if depth <= 0 {
		return g.one(field, field, field, func() string { return "'" + g.pick(textPool) + "'" })
	}
	return g.one(field, field,
		func() string { return g.pick([]string{"lower", "upper"}) + "(" + g.text(depth-1) + ")" },
		func() string {
			return g.pick([]string{"coalesce", "least", "greatest"}) + "(" + g.text(depth-1) + ", " + g.text(depth-1) + ")"
		},
		func() string {
			if g.stream != "" {
				return field()
			}
			stream := g.anyStream()
			op := g.pick([]string{"first", "last", "most_frequent", "min", "max"})
			return fmt.Sprintf("%s(%s.%s%s) %s", op, stream, g.pick(g.rows(stream).words().texts), g.whereOf(stream, depth), g.rowWindow())
		},
	)
}

// time writes an expression that is worth a date or timestamp.
func (g *gen) time(depth int) string {
	field := func() string { return g.name(g.words().times, customerWords.times, g.named.times) }
	if depth <= 0 {
		return g.one(field, field, g.momentLiteral)
	}
	return g.one(field, field,
		func() string { return fmt.Sprintf("(%s %s %s)", field(), g.pick([]string{"+", "-"}), g.pick(spans)) },
		func() string {
			return g.pick([]string{"coalesce", "least", "greatest"}) + "(" + field() + ", " + g.time(depth-1) + ")"
		},
		func() string {
			if g.stream != "" {
				return field()
			}
			stream := g.anyStream()
			op := g.pick([]string{"first", "last", "most_frequent", "min", "max"})
			return fmt.Sprintf("%s(%s.%s%s) %s", op, stream, g.pick(g.rows(stream).words().times), g.whereOf(stream, depth), g.rowWindow())
		},
	)
}

// momentLiteral writes a date or timestamp that is not far from as-of.
func (g *gen) momentLiteral() string {
	at := g.asOf.AddDate(0, 0, -g.IntN(60))
	if g.chance(50) {
		return "date '" + at.Format(time.DateOnly) + "'"
	}
	return "timestamp '" + at.Add(time.Duration(g.IntN(48))*30*time.Minute).Format("2006-01-02 15:04") + "'"
}

// rowWindow writes a window of rows.
func (g *gen) rowWindow() string {
	if g.chance(20) {
		return "ever"
	}
	return g.window()
}

func (g *gen) window() string {
	return g.one(
		func() string { return "last " + g.pick(spans) },
		func() string { return "last " + g.pick(spans) },
		func() string { return "last " + g.pick(spans) },
		func() string { return "last $n days" },
		func() string { return fmt.Sprintf("between %s and %s ago", g.pick(spans), g.pick(spans)) },
		func() string { return "since " + g.point() },
		func() string { return "since " + g.point() + " before " + g.point() },
		func() string { return "before " + g.point() },
		func() string { return g.pick([]string{"today", "yesterday"}) },
		func() string { return "this " + g.pick(units) },
		func() string { return "previous " + g.pick(units) },
		func() string { return fmt.Sprintf("previous %d %ss", 2+g.IntN(3), g.pick(units)) },
	)
}

func (g *gen) point() string {
	text := g.one(g.momentLiteral, func() string { return "$launch" }, func() string {
		return g.name(g.words().times, customerWords.times, g.named.times)
	})
	if g.chance(30) {
		text += g.pick([]string{" + ", " - "}) + g.pick(spans)
	}
	return text
}
