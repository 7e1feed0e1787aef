package check

import (
	"maps"
	"slices"
	"strings"
	"time"

	"strata/segments/catalog"
	"strata/segments/definition"
	"strata/segments/source"
)

// names is everything a rule can name. It is filled while a set is checked and
// only read afterwards, so that rules typed later can be checked by several
// goroutines at once.
type names struct {
	zone      *time.Location
	zoneName  string
	customers *catalog.Source
	sources   map[string]*catalog.Source
	// open are the sources whose columns are not known: every name is then
	// taken for a column, so that one mistake gives one message.
	open    map[*catalog.Source]bool
	streams map[string]*Stream
	params  map[string]Param
	// definitions has what rules can name: lists, traits, segments, partitions.
	definitions map[string]Definition
	gates       map[string]*Gate
	// order has the definitions and gates, each behind those it needs.
	order []Definition
}

func newNames() *names {
	return &names{
		zone: time.UTC, zoneName: "UTC",
		customers:   &catalog.Source{Name: definition.CustomersSource, Fields: map[string]*catalog.Field{}},
		sources:     map[string]*catalog.Source{},
		open:        map[*catalog.Source]bool{},
		streams:     map[string]*Stream{},
		params:      map[string]Param{},
		definitions: map[string]Definition{},
		gates:       map[string]*Gate{},
	}
}

// checker checks one set, or one rule against the names of a program.
type checker struct {
	*names
	set  *definition.Set
	list source.List
	// usedParams and usedGates feed the lint.
	usedParams map[string]bool
	usedGates  map[string]bool
	// built has the definitions and streams in file order.
	built *Program
}

func newChecker(n *names) *checker {
	return &checker{names: n, built: &Program{}, usedParams: map[string]bool{}, usedGates: map[string]bool{}}
}

// scope says what a name means at some place of a rule.
type scope struct {
	// stream is set inside a where of rows: a bare name is then a column.
	stream *Stream
	// bare is set in the where of a stream itself, which knows no customer.
	bare bool
	// over is what a band compares.
	over Expr
	// compared is set behind a comparison, where a word may be meant as text.
	compared bool
	// period is set in a metric, whose calls have no window of their own.
	period bool
	// needs collects the definitions that are named.
	needs *collector
}

// rows returns the scope inside a where of rows of a stream.
func (s *scope) rows(stream *Stream) *scope {
	return &scope{stream: stream, needs: s.needs}
}

// operand returns the scope of the right side of a comparison.
func (s *scope) operand() *scope {
	side := *s
	side.compared = true
	return &side
}

// outside returns the scope of the customer that a row belongs to.
func (s *scope) outside() *scope {
	return &scope{needs: s.needs, compared: s.compared}
}

// collector keeps definitions in the order of their first use.
type collector struct {
	seen map[Definition]bool
	list []Definition
}

func newCollector() *collector { return &collector{seen: map[Definition]bool{}} }

func (c *collector) add(d Definition) {
	if c != nil && !c.seen[d] {
		c.seen[d] = true
		c.list = append(c.list, d)
	}
}

// problem is a diagnostic without its place.
type problem struct {
	code    source.Code
	message string
	hint    string
}

// fail reports a problem and returns the expression that stands for what could
// not be checked. What is built on it is not reported again.
func (c *checker) fail(at source.Span, p problem) Expr {
	severity := source.Error
	if strings.HasPrefix(string(p.code), "W") {
		severity = source.Warning
	}
	c.list.Add(source.Diagnostic{Code: p.code, Severity: severity, Message: p.message, Span: at, Hint: p.hint})
	return bad(at)
}

// bad stands for an expression that could not be checked.
func bad(at source.Span) Expr { return &Const{node: node{At: at}} }

func isBad(e Expr) bool { return e.Type().Kind == catalog.Invalid }

// typed makes the part that all expressions share.
func typed(kind catalog.Kind, at source.Span) node { return node{T: catalog.Type{Kind: kind}, At: at} }

// sortedKeys returns the keys of a map in order, so that hints do not vary.
func sortedKeys[V any](m map[string]V) []string {
	return slices.Sorted(maps.Keys(m))
}

// program puts together what was checked.
func (c *checker) program() *Program {
	p := c.built
	p.Zone, p.ZoneName, p.Currency = c.zone, c.zoneName, c.set.Project.Currency.Value
	p.Customers, p.Params, p.Order = c.customers, c.names.params, c.order
	p.Set, p.names = c.set, c.names
	p.Sources = append(p.Sources, c.customers)
	for _, name := range sortedKeys(c.sources) {
		if s := c.sources[name]; s != c.customers {
			p.Sources = append(p.Sources, s)
		}
	}
	return p
}
