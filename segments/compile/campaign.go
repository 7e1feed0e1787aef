package compile

import (
	"fmt"
	"strconv"
	"time"

	sq "github.com/Masterminds/squirrel"

	"strata/segments/check"
)

// CampaignArms says where the arm of a customer stands. One of Table, Frozen, Field
// and Stream is set.
type CampaignArms struct {
	// Table is a relation of (arm, key), the key as text: an assignment that was
	// frozen.
	Table string
	// Frozen, where set, is the campaign whose frozen assignment is read from the
	// store, which has to be attached as store.
	Frozen string
	// Field is the value of a customer that names the arm.
	Field check.Expr
	// Stream are the rows that assign, Where chooses among them (nil for all), and
	// Arm is the column that names the arm.
	Stream *check.Stream
	Where  check.Expr
	Arm    *check.Column
	// Names are the planned arms, in order.
	Names []string
}

// CampaignAssignment returns the statement of (key, arm, arms): everybody who was
// assigned, with the first arm and the number of different ones. Rows count before
// the as-of. Where rows have no time, the arm that is first in the plan counts; a
// missing arm is none.
func (c *Compiler) CampaignAssignment(a CampaignArms) (Statement, error) {
	b := c.builder()
	switch {
	case a.Table != "":
		return b.bare(ex("SELECT TRY_CAST(t.key AS ?) AS ?, t.arm AS arm, CAST(1 AS BIGINT) AS arms FROM ? AS t",
			raw(b.program.Customers.Key.Physical), ident(b.key()), raw(a.Table)))
	case a.Frozen != "":
		return b.bare(ex("SELECT CAST(t.key AS ?) AS ?, t.arm AS arm, CAST(1 AS BIGINT) AS arms FROM store.main.freeze_member AS t WHERE t.campaign = ?",
			raw(b.program.Customers.Key.Physical), ident(b.key()), a.Frozen))
	case a.Field != nil:
		f := b.customerFrame()
		x, err := f.value(a.Field)
		if err != nil {
			return Statement{}, err
		}
		question := b.question().Column(ex("CAST(? AS VARCHAR) AS arm", x)).Column("CAST(1 AS BIGINT) AS arms").Where(ex("? IS NOT NULL", x))
		return b.statement(f.apply(question))
	}
	f := b.rowFrame(check.Rows{Stream: a.Stream, Where: a.Where})
	conditions, err := f.campaignRows(time.Time{})
	if err != nil {
		return Statement{}, err
	}
	x, err := f.value(a.Arm)
	if err != nil {
		return Statement{}, err
	}
	rows := sq.Select().Column(ex("? AS k", f.rowKey())).Column(ex("CAST(? AS VARCHAR) AS arm", x)).Column(ex("? AS place", f.campaignPlace(a.Names, x)))
	rows = f.apply(rows).Where(allOf(append(conditions, ex("? IS NOT NULL", x))))
	all := b.step("rows that assign", rows)
	write := b.bare
	if f.customers {
		write = b.statement
	}
	return write(ex("SELECT k AS ?, arg_min(arm, row(place, arm)) AS arm, count(DISTINCT arm) AS arms FROM ? GROUP BY k", ident(b.key()), ident(all)))
}

// campaignRows are the conditions on rows of a frame from a moment on, which is
// zero for all, up to the as-of. A source without times has all of its rows.
func (f *frame) campaignRows(from time.Time) ([]sq.Sqlizer, error) {
	var conditions []sq.Sqlizer
	if f.rows.Stream.Source.At != nil {
		if !from.IsZero() {
			conditions = append(conditions, f.at().from(from))
		}
		conditions = append(conditions, f.at().before(f.options.AsOf))
	}
	stream, err := f.streamConditions()
	if err != nil {
		return nil, err
	}
	conditions = append(conditions, stream...)
	if f.rows.Where != nil {
		where, err := f.test(f.rows.Where)
		if err != nil {
			return nil, err
		}
		conditions = append(conditions, where)
	}
	return append(conditions, f.somebody()), nil
}

// campaignPlace is what the rows that assign are ordered by: their time, or else
// the place of the arm in the plan.
func (f *frame) campaignPlace(names []string, arm sq.Sqlizer) sq.Sqlizer {
	source := f.rows.Stream.Source
	if source.At != nil {
		return f.at().instant()
	}
	if len(names) == 0 {
		return raw("0")
	}
	cases := []sq.Sqlizer{ex("CASE CAST(? AS VARCHAR)", arm)}
	for i, name := range names {
		cases = append(cases, ex("WHEN ? THEN ?", name, raw(strconv.Itoa(i))))
	}
	return joined(" ", append(cases, raw(fmt.Sprintf("ELSE %d END", len(names)))))
}

// CampaignArm returns the statement of the keys of one arm of an assignment.
func (c *Compiler) CampaignArm(a CampaignArms, name string) (Statement, error) {
	all, err := c.CampaignAssignment(a)
	if err != nil {
		return all, err
	}
	return Statement{
		SQL:  "SELECT a." + string(ident(c.key())) + " FROM (" + all.SQL + ") AS a WHERE a.arm = ?",
		Args: append(append([]any{}, all.Args...), name),
	}, nil
}

// CampaignSent returns the statement of the keys of everybody with a row of
// messages in [from, as-of).
func (c *Compiler) CampaignSent(rows check.CampaignRows, from time.Time) (Statement, error) {
	reached, err := c.CampaignReached(rows, from)
	reached.SQL = "SELECT r.key AS " + string(ident(c.key())) + " FROM (" + reached.SQL + ") AS r"
	return reached, err
}

// CampaignReached returns the statement of (key, people, machines): how many rows
// of messages each customer has in [from, as-of) that people made, and that
// machines made. Rows of nobody in particular are left out.
func (c *Compiler) CampaignReached(rows check.CampaignRows, from time.Time) (Statement, error) {
	b := c.builder()
	f := b.rowFrame(rows.Rows)
	conditions, err := f.campaignRows(from)
	if err != nil {
		return Statement{}, err
	}
	machine := sq.Sqlizer(raw("FALSE"))
	if rows.Machine != nil {
		x, err := f.test(rows.Machine)
		if err != nil {
			return Statement{}, err
		}
		machine = ex("coalesce(?, FALSE)", x)
	}
	found := sq.Select().Column(ex("? AS key", f.rowKey())).Column(ex("? AS machine", machine))
	all := b.step("messages", f.apply(found).Where(allOf(conditions)))
	return b.statement(ex("SELECT key, count(*) FILTER (WHERE NOT machine) AS people, count(*) FILTER (WHERE machine) AS machines FROM ? GROUP BY key", ident(all)))
}

// CampaignPassing returns the statement of the keys of all customers whom every
// gate lets pass.
func (c *Compiler) CampaignPassing(gates []*check.Gate) (Statement, error) {
	b := c.builder()
	f := b.customerFrame()
	pass, err := f.gates(gates)
	if err != nil {
		return Statement{}, err
	}
	return b.statement(f.apply(sq.Select().Column(ex("? AS key", column(customerAlias, b.key())))).Where(pass))
}

// CampaignLate returns the statement of how late rows of a stream came that
// happened in [from, as-of): those more than a day late, all, and the days after
// which 99 of 100 were there. It is false where the source does not say when rows
// were loaded.
func (c *Compiler) CampaignLate(rows check.Rows, from time.Time) (Statement, bool, error) {
	source := rows.Stream.Source
	if source.LoadedAt == nil || source.At == nil {
		return Statement{}, false, nil
	}
	b := c.builder()
	f := b.rowFrame(rows)
	conditions, err := f.campaignRows(from)
	if err != nil {
		return Statement{}, false, err
	}
	loaded := b.moment(sourceAlias, source.LoadedAt, source).instant()
	late := sq.Select().Column(ex("epoch_us(?) - epoch_us(?) AS late", loaded, f.at().instant()))
	all := b.step("rows of "+rows.Stream.Name, f.apply(late).Where(allOf(conditions)))
	s, err := b.statement(ex("SELECT count(*) FILTER (WHERE late > 86400000000), count(late), CAST(quantile_disc(late, 0.99) AS DOUBLE) / 86400000000 FROM ?", ident(all)))
	return s, true, err
}

// CampaignFirst returns the statement of the time of the first row of a stream
// before the as-of, NULL where there is none.
func (c *Compiler) CampaignFirst(rows check.Rows) (Statement, error) {
	b := c.builder()
	f := b.rowFrame(rows)
	conditions, err := f.campaignRows(time.Time{})
	if err != nil {
		return Statement{}, err
	}
	top := f.at()
	top.x = ex("min(?)", top.x)
	return b.statement(f.apply(sq.Select().Column(top.instant())).Where(allOf(conditions)))
}
