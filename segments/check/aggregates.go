package check

import (
	"strings"

	"strata/segments/catalog"
	"strata/segments/rule"
	"strata/segments/source"
)

// floatScale is how many decimals floating columns are summed with, so that
// sums do not depend on the order of rows.
const floatScale = 6

// rows resolves a stream and types its filter.
func (c *checker) rows(r rule.Rows, s *scope) (Rows, bool) {
	stream, ok := c.stream(r.Stream)
	if !ok {
		return Rows{}, false
	}
	rows := Rows{Stream: stream}
	if r.Where != nil {
		rows.Where = c.test(r.Where, s.rows(stream))
		if isBad(rows.Where) {
			return rows, false
		}
	}
	return rows, true
}

// stream finds a stream by its name.
func (c *checker) stream(name rule.Ident) (*Stream, bool) {
	lower := strings.ToLower(name.Name)
	stream, ok := c.names.streams[lower]
	if !ok {
		c.fail(name.At, c.noStream(name.Name))
		return nil, false
	}
	return stream, true
}

// noStream says that a stream is not known and what may have been meant.
func (c *checker) noStream(name string) problem {
	lower := strings.ToLower(name)
	streams := sortedKeys(c.names.streams)
	if hint := source.DidYouMean(lower, streams); hint != "" {
		return unknownStream(name, hint)
	}
	if s, ok := c.sources[lower]; ok && s != c.customers {
		return unknownStream(name, "it is a source; rules count the streams that strata.yaml reads from it")
	}
	if _, ok := c.names.definitions[lower]; ok {
		return unknownStream(name, "it is a definition; only rows of streams are counted: "+source.Enumerate(streams))
	}
	return unknownStream(name, "the streams are "+source.Enumerate(streams))
}

func (c *checker) aggregate(e *rule.Aggregate, s *scope) Expr {
	rows, ok := c.rows(e.Rows, s)
	window, windowOK := c.rowWindow(e.Window, s)
	if rows.Stream == nil {
		return bad(e.Span())
	}
	x := &Aggregate{node: node{At: e.Span()}, Op: e.Op, Rows: rows, Window: window}
	if len(e.Column) > 0 {
		x.Column = c.column(e.Column, s.rows(rows.Stream))
	}
	t, typeOK := c.aggregateType(e, x)
	if !ok || !windowOK || !typeOK {
		return bad(e.Span())
	}
	x.T = t
	return x
}

// aggregateType checks the column of an aggregate and returns the type of its
// value.
func (c *checker) aggregateType(e *rule.Aggregate, x *Aggregate) (catalog.Type, bool) {
	stream := x.Rows.Stream
	if e.Op == rule.Count {
		if x.Column != nil {
			c.fail(e.Span(), countColumn(stream.Name, dotted(e.Column)))
		}
		return catalog.Type{Kind: catalog.Integer}, x.Column == nil
	}
	if x.Column == nil {
		c.fail(e.Span(), columnNeeded(e.Op, stream))
		return catalog.Type{}, false
	}
	if isBad(x.Column) {
		return catalog.Type{}, false
	}
	t := x.Column.Type()
	if !aggregates(e.Op, t) {
		c.fail(x.Column.Span(), cannotAggregate(e.Op, dotted(e.Column), t))
		return catalog.Type{}, false
	}
	return aggregated(e.Op, t), true
}

// aggregates reports whether an aggregate takes a column of a type.
func aggregates(op rule.AggregateOp, t catalog.Type) bool {
	switch op {
	case rule.Sum, rule.Avg, rule.Median:
		return t.Numeric()
	case rule.Min, rule.Max:
		return ordered(t)
	case rule.Count, rule.Distinct, rule.First, rule.Last, rule.MostFrequent:
	}
	return t.Kind != catalog.List
}

// aggregated is the type of an aggregate over a column of a type it takes.
func aggregated(op rule.AggregateOp, t catalog.Type) catalog.Type {
	switch op {
	case rule.Avg, rule.Median:
		return catalog.Type{Kind: catalog.Number}
	case rule.Count, rule.Distinct:
		return catalog.Type{Kind: catalog.Integer}
	case rule.Sum:
		if t.Kind == catalog.Number {
			return catalog.Type{Kind: catalog.Decimal, Scale: floatScale}
		}
	case rule.Min, rule.Max, rule.First, rule.Last, rule.MostFrequent:
	}
	return t
}

func (c *checker) sample(e *rule.Sample) Expr {
	threshold, ok := basisPoints(e.Percent.Text)
	if !ok {
		return c.fail(e.Span(), badShare(e.Percent.Text))
	}
	return &Sample{node: typed(catalog.Boolean, e.Span()), Threshold: threshold, Salt: e.Salt.Value}
}

// basisPoints reads a share in percent as parts of 10,000.
func basisPoints(percent string) (int, bool) {
	whole, fraction, _ := strings.Cut(percent, ".")
	fraction = strings.TrimRight(fraction, "0")
	if len(whole) > 3 || len(fraction) > 2 {
		return 0, false
	}
	n := 0
	for _, digit := range whole + (fraction + "00")[:2] {
		n = n*10 + int(digit-'0')
	}
	return n, n > 0 && n <= 10000
}

// ranking types percentile and rank.
func (c *checker) ranking(e *rule.Ranking, s *scope) Expr {
	x := &Ranking{node: typed(catalog.Number, e.Span()), Rank: e.Rank, X: c.value(e.X, s)}
	if e.Rank {
		x.T.Kind = catalog.Integer
	}
	ok := !isBad(x.X)
	if t := x.X.Type(); ok && !t.Numeric() && !t.Temporal() {
		c.fail(x.X.Span(), cannotRank(x.X))
		ok = false
	}
	if !e.Among.IsZero() {
		x.Among = c.customerName([]rule.Ident{e.Among}, s)
		if _, named := x.Among.(*Ref); !isBad(x.Among) && (!named || x.Among.Type().Kind != catalog.Boolean) {
			c.fail(e.Among.At, badAmong(e.Among.Name, x.Among.Type()))
			ok = false
		}
		ok = ok && !isBad(x.Among)
	}
	if !e.Within.IsZero() {
		x.Within = c.customerName([]rule.Ident{e.Within}, s)
		if x.Within.Type().Kind == catalog.List {
			c.fail(e.Within.At, badWithin(e.Within.Name))
			ok = false
		}
		ok = ok && !isBad(x.Within)
	}
	if !ok {
		return bad(e.Span())
	}
	return x
}
