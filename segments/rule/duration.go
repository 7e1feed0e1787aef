package rule

import "regexp"

// compactForm splits 30min into its number and its letters.
var compactForm = regexp.MustCompile(`^([0-9.]+)(.*)$`)

// durationAhead reports whether the token n places on begins a duration: a
// number or param with a unit behind it, or a compact form.
func (p *parser) durationAhead(n int) bool {
	switch t, next := p.ahead(n), p.ahead(n+1); t.kind {
	case tCompact:
		return true
	case tNumber, tParam:
		_, unit := unitOf(next.text)
		return unit && next.kind == tWord
	case tEnd, tWord, tDate, tText, tOp, tBad:
		return false
	default:
		return false
	}
}

// duration reads a number or param and its unit.
func (p *parser) duration() (Duration, bool) {
	t := p.peek()
	switch t.kind {
	case tCompact:
		return p.compact()
	case tNumber:
		p.take(NumberToken)
		_, whole := p.wholeNumber(t, t.text, "a duration")
		unit, ok := p.durationUnit(t, t.text)
		return Duration{Number: t.text, Unit: unit, At: p.from(t.start)}, ok && whole
	case tParam:
		p.take(ParamToken)
		unit, ok := p.durationUnit(t, "$"+t.text)
		return Duration{Param: t.text, Unit: unit, At: p.from(t.start)}, ok
	case tEnd, tWord, tDate, tText, tOp, tBad:
		p.fail(expected("a duration such as 30 days", p.found()))
		return Duration{}, false
	default:
		return Duration{}, false
	}
}

// durationUnit reads the unit behind a number.
func (p *parser) durationUnit(number token, written string) (Unit, bool) {
	t := p.peek()
	if t.kind != tWord {
		p.failFrom(number.start, unitMissing(written))
		p.reported = p.pos
		return "", false
	}
	if unit, ok := unitOf(t.text); ok {
		p.take(KeywordToken)
		return unit, true
	}
	if !p.nearUnit() {
		// The word belongs to what follows, as in "between 3 and 5 days ago".
		p.failFrom(number.start, unitMissing(written))
		p.reported = p.pos
		return "", false
	}
	p.take("")
	return p.wrongUnit(number.start, written, t.text), true
}

// compact reads 30d and the like.
func (p *parser) compact() (Duration, bool) {
	t := p.take(DurationToken)
	parts := compactForm.FindStringSubmatch(t.text)
	number, letters := parts[1], parts[2]
	if hasLeadingZero(number) {
		p.failFrom(t.start, badNumber(t.text, trimZeros(number)+letters))
		number = trimZeros(number)
	}
	d := Duration{Number: number, At: p.from(t.start)}
	if _, ok := p.wholeNumber(t, number, "a duration"); !ok {
		return d, false
	}
	unit, ok := compactUnits[lower(letters)]
	if !ok {
		unit = p.wrongUnit(t.start, number, letters)
	}
	d.Unit = unit
	return d, true
}

// wrongUnit reports letters that are no unit and returns the one they may
// stand for.
func (p *parser) wrongUnit(start int, number, letters string) Unit {
	if lower(letters) == "m" {
		p.failFrom(start, ambiguousMinute(number))
		return Month
	}
	p.failFrom(start, unknownUnit(number, letters))
	if unit, ok := meantUnit(letters); ok {
		return unit
	}
	return Day
}
