package plan

import (
	"math/big"
	"slices"
	"strings"

	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/rule"
)

// normal brings expressions into the form in which equal meanings have equal
// texts (check.Text).
type normal struct {
	customers *catalog.Source
	// source is that of the rows whose filter or column is looked at.
	source *catalog.Source
	// streams leads from a stream to the first one of the same meaning.
	streams map[*check.Stream]*check.Stream
	// traits are the values of named traits in normal form.
	traits map[*check.Trait]check.Expr
	// lengths are the lengths of their texts.
	lengths map[*check.Trait]int
}

// longest is the length of a text from which on an expression is not taken
// apart.
const longest = 20_000

func newNormal(program *check.Program) *normal {
	n := &normal{
		customers: program.Customers,
		streams:   map[*check.Stream]*check.Stream{}, traits: map[*check.Trait]check.Expr{}, lengths: map[*check.Trait]int{},
	}
	first := map[string]*check.Stream{}
	for _, stream := range program.Streams {
		key := stream.Source.Name
		if stream.Type != nil {
			key += "\x00type\x00" + *stream.Type
		}
		if stream.Where != nil {
			key += "\x00where\x00" + check.Text(n.inRows(stream.Where, stream))
		}
		if first[key] == nil {
			first[key] = stream
		}
		n.streams[stream] = first[key]
	}
	return n
}

// of returns an expression in normal form; the expression itself stays as it
// is.
func (n *normal) of(e check.Expr) check.Expr {
	switch x := e.(type) {
	case *check.Field:
		c := *x
		c.Field = sameField(n.customers, x.Field)
		return &c
	case *check.Column:
		c := *x
		c.Field = sameField(n.source, x.Field)
		return &c
	case *check.Ref:
		return n.ref(x)
	case *check.CustomerValue:
		c := *x
		c.X = n.of(x.X)
		return &c
	case *check.Aggregate, *check.Periods, *check.Sequence, *check.Ranking:
		return n.overRows(e)
	case *check.Elapsed:
		c := *x
		c.X = n.of(x.X)
		return &c
	case *check.Call:
		c := *x
		c.Args = n.all(x.Args)
		return &c
	case *check.Arithmetic:
		return n.arithmetic(x)
	case *check.Negate:
		c := *x
		c.X = n.of(x.X)
		return &c
	case *check.Shift:
		c := *x
		c.X = n.of(x.X)
		return &c
	case *check.Score:
		c := *x
		c.Terms = slices.Clone(x.Terms)
		for i := range c.Terms {
			c.Terms[i].Of = n.of(x.Terms[i].Of)
		}
		return &c
	}
	return n.test(e)
}

func (n *normal) all(list []check.Expr) []check.Expr {
	out := make([]check.Expr, len(list))
	for i, e := range list {
		out[i] = n.of(e)
	}
	return out
}

// ref puts the value of a trait in place of its name.
func (n *normal) ref(r *check.Ref) check.Expr {
	trait, ok := r.Target.(*check.Trait)
	if !ok {
		return r
	}
	if n.isTooLong(trait) {
		return r
	}
	return n.traits[trait]
}

// isTooLong reports whether the value of a trait grew beyond use, because traits
// that are named more than once multiply.
func (n *normal) isTooLong(trait *check.Trait) bool {
	if _, ok := n.traits[trait]; !ok {
		value := n.of(trait.Value)
		n.traits[trait], n.lengths[trait] = value, len(check.Text(value))
	}
	return n.lengths[trait] > longest
}

// arithmetic orders the sides of what may be exchanged.
func (n *normal) arithmetic(a *check.Arithmetic) check.Expr {
	c := *a
	c.X, c.Y = n.of(a.X), n.of(a.Y)
	if (a.Op == rule.Add || a.Op == rule.Multiply) && check.Text(c.Y) < check.Text(c.X) {
		c.X, c.Y = c.Y, c.X
	}
	return &c
}

// test brings a test into normal form.
func (n *normal) test(e check.Expr) check.Expr {
	switch x := e.(type) {
	case *check.And:
		c := *x
		c.Terms = n.terms(x.Terms, func(t check.Expr) []check.Expr {
			if and, ok := t.(*check.And); ok {
				return and.Terms
			}
			return []check.Expr{t}
		})
		return single(&c, c.Terms)
	case *check.Or:
		c := *x
		c.Terms = n.terms(x.Terms, func(t check.Expr) []check.Expr {
			if or, ok := t.(*check.Or); ok {
				return or.Terms
			}
			return []check.Expr{t}
		})
		return single(&c, c.Terms)
	case *check.Not:
		c := *x
		c.X = n.of(x.X)
		if inner, ok := c.X.(*check.Not); ok {
			return inner.X
		}
		return &c
	case *check.Truth:
		c := *x
		c.X = n.of(x.X)
		return &c
	}
	return n.comparison(e)
}

// comparison brings a comparison into normal form: a constant stands on the
// right, the values of "in" have an order.
func (n *normal) comparison(e check.Expr) check.Expr {
	switch x := e.(type) {
	case *check.Compare:
		return n.compare(x)
	case *check.Between:
		c := *x
		c.X, c.Low, c.High = n.of(x.X), plain(n.of(x.Low)), plain(n.of(x.High))
		return &c
	case *check.In:
		return n.in(x)
	case *check.InWindow:
		c := *x
		c.X, c.Window = n.of(x.X), n.window(x.Window)
		return &c
	case *check.Match:
		c := *x
		c.X, c.Pattern = n.of(x.X), n.of(x.Pattern)
		return &c
	case *check.Missing:
		c := *x
		c.X = n.of(x.X)
		return &c
	case *check.Held:
		c := *x
		c.X, c.For = n.of(x.X), plainDuration(x.For)
		return &c
	case *check.AsOf:
		c := *x
		c.X = n.of(x.X)
		return &c
	}
	return e
}

func (n *normal) compare(x *check.Compare) check.Expr {
	c := *x
	c.X, c.Y = plain(n.of(x.X)), plain(n.of(x.Y))
	_, left := c.X.(*check.Const)
	_, right := c.Y.(*check.Const)
	if left && !right || left == right && check.Text(c.Y) < check.Text(c.X) {
		c.X, c.Y, c.Op = c.Y, c.X, c.Op.Mirrored()
	}
	if y, ok := c.Y.(*check.Const); ok && c.Op == rule.Equal && y.T.Kind == catalog.Boolean && y.Bool {
		truth := &check.Truth{X: c.X}
		truth.T, truth.At = x.T, x.At
		return truth
	}
	return &c
}

func (n *normal) in(x *check.In) check.Expr {
	c := *x
	c.X = n.of(x.X)
	c.Values = n.terms(x.Values, func(t check.Expr) []check.Expr { return []check.Expr{plain(t)} })
	if len(c.Values) > 1 {
		return &c
	}
	equal := &check.Compare{Op: rule.Equal, X: c.X, Y: c.Values[0]}
	equal.T, equal.At = x.T, x.At
	return n.compare(equal)
}

// terms brings the terms of a test whose order does not matter into normal
// form, in order, each once.
func (n *normal) terms(list []check.Expr, open func(check.Expr) []check.Expr) []check.Expr {
	texts := map[string]check.Expr{}
	var keys []string
	for _, e := range list {
		for _, term := range open(n.of(e)) {
			text := check.Text(term)
			if texts[text] == nil {
				texts[text] = term
				keys = append(keys, text)
			}
		}
	}
	slices.Sort(keys)
	out := make([]check.Expr, len(keys))
	for i, key := range keys {
		out[i] = texts[key]
	}
	return out
}

// single is a test with one term as that term.
func single(e check.Expr, terms []check.Expr) check.Expr {
	if len(terms) == 1 {
		return terms[0]
	}
	return e
}

// plain writes a constant number without the zeros that say nothing.
func plain(e check.Expr) check.Expr {
	x, ok := e.(*check.Const)
	if !ok || !x.T.Numeric() {
		return e
	}
	number := x.Number
	if strings.Contains(number, ".") {
		number = strings.TrimSuffix(strings.TrimRight(number, "0"), ".")
	}
	if _, ok := new(big.Rat).SetString(number); !ok || number == x.Number {
		return e
	}
	c := *x
	c.Number = number
	if c.T.Kind == catalog.Decimal {
		_, decimals, _ := strings.Cut(number, ".")
		c.T.Scale = len(decimals)
	}
	return &c
}

// sameField is the first of the names of what is read from one place in one
// way: a mapped column has its own name and that of its role.
func sameField(source *catalog.Source, field *catalog.Field) *catalog.Field {
	if source == nil || field == nil {
		return field
	}
	first := field
	for _, other := range source.Fields {
		same := other.Column == field.Column && other.JSON == field.JSON && other.Type == field.Type &&
			other.Money == field.Money && other.Physical == field.Physical && slices.Equal(other.Path, field.Path)
		if same && other.Name < first.Name {
			first = other
		}
	}
	return first
}
