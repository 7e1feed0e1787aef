package rule

import "strings"

// sequence reads the steps, options and window of a sequence.
func (p *parser) sequence(times bool) Expr {
	defer p.until("then", "within")()
	start, open := p.open()
	node := &Sequence{Times: times, Anchor: AnchorAny}
	if p.is("not") && p.ahead(1).kind == tWord {
		p.fail(startsNegative())
		p.take(KeywordToken)
	}
	step, ok := p.step()
	node.Steps = append(node.Steps, step)
	for ok && p.accept("then") {
		ok = p.next(node)
	}
	if ok {
		p.options(node)
	}
	node.Window = p.closeRows(start, open, "last 30 days", "then", ",")
	if node.At = p.from(start); !ok {
		return nil
	}
	return node
}

// step reads a stream, its filter and how often it happens.
func (p *parser) step() (Step, bool) {
	start := p.peek().start
	rows, _, ok := p.rows("a step", false)
	step := Step{Rows: rows, Repeat: 1}
	if ok && p.is("x") && p.ahead(1).kind == tNumber {
		p.take(KeywordToken)
		step.Repeat, ok = p.whole("x")
	}
	if count, joined := strings.CutPrefix(p.peek().word(), "x"); ok && joined && count != "" && strings.Trim(count, "0123456789") == "" {
		p.fail(repeatJoined(p.peek().text, count))
		p.take("")
	}
	step.At = p.from(start)
	return step, ok
}

// next reads what follows "then": a step, negative or not, and its limit.
func (p *parser) next(node *Sequence) bool {
	start := p.peek().start
	not := p.is("not")
	if not {
		p.take(KeywordToken)
	}
	step, ok := p.step()
	if !ok {
		return false
	}
	step.Not = not
	if p.accept("within") {
		within, ok := p.duration()
		if !ok {
			return false
		}
		step.Within = &within
	} else {
		p.failFrom(start, withinMissing("then "+strings.TrimSpace(p.raw(start)), not))
	}
	step.At = p.from(start)
	node.Steps = append(node.Steps, step)
	return true
}

// options reads what stands behind the commas. Only the first of two equal
// options counts.
func (p *parser) options(node *Sequence) {
	seen := map[string]bool{}
	for p.peek().isOp(",") && !p.windowBehindComma() {
		p.take(OperatorToken)
		t := p.peek()
		word := t.word()
		if seen[word] && p.is("same", "anchor", "early") {
			p.fail(repeatedOption(word))
		}
		if !p.option(node, word) {
			p.skipTo(",")
			continue
		}
		seen[word] = true
	}
}

// windowBehindComma reports whether a window was put inside the brackets.
func (p *parser) windowBehindComma() bool {
	p.pos++
	defer func() { p.pos-- }()
	return p.strayWindow()
}

// option reads one option.
func (p *parser) option(node *Sequence, word string) bool {
	switch word {
	case "same":
		p.take(KeywordToken)
		column, ok := p.ident("a column", NameToken)
		node.Same = column
		return ok
	case "anchor":
		p.take(KeywordToken)
		if !p.is("any", "first", "last") {
			p.unexpected([]string{"any", "first", "last"})
			return false
		}
		node.Anchor = Anchor(p.take(KeywordToken).word())
		return true
	case "early":
		p.take(KeywordToken)
		node.Early = true
		return true
	default:
		if p.peek().kind == tWord {
			p.fail(unknownOption(p.peek().text))
		} else {
			p.unexpected([]string{"same", "anchor", "early"})
		}
		return false
	}
}
