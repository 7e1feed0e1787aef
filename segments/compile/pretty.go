package compile

import (
	"bytes"
	"strings"
)

// breakBefore are the words that start a new line of a printed statement, where
// they stand outside of quotes and on the level of their SELECT.
var breakBefore = []string{
	"SELECT ", "FROM ", "WHERE ", "GROUP BY ", "HAVING ", "QUALIFY ", "ORDER BY ", "LIMIT ", "OFFSET ",
	"LEFT JOIN ", "ASOF LEFT JOIN ", "ASOF JOIN ", "JOIN ",
}

// printer lays a statement out: one step after another, each clause on its
// line. It changes white space only.
type printer struct {
	out []byte
	// depth is the number of open brackets; selects holds those that a SELECT
	// opened.
	depth   int
	selects []int
}

// Pretty lays out a statement for people.
func Pretty(sql string) string {
	p := &printer{}
	for len(sql) > 0 {
		n := p.next(sql)
		sql = sql[n:]
	}
	return string(bytes.TrimSpace(p.out)) + "\n"
}

// next writes the beginning of the text and returns how much of it.
func (p *printer) next(sql string) int {
	switch sql[0] {
	case '\'', '"':
		n := quotedLength(sql)
		p.write(sql[:n])
		return n
	case '(':
		return p.open(sql)
	case ')':
		return p.close()
	case ',':
		return p.comma(sql)
	}
	if word := p.clause(sql); word != "" {
		p.line()
		p.write(word)
		return len(word)
	}
	n := wordLength(sql)
	p.write(sql[:n])
	return n
}

// wordLength is the length of a word, so that clauses are not found inside of
// one, or 1.
func wordLength(sql string) int {
	n := 0
	for n < len(sql) && (sql[n] == '_' || sql[n] >= '0' && sql[n] <= '9' || sql[n]|0x20 >= 'a' && sql[n]|0x20 <= 'z') {
		n++
	}
	return max(n, 1)
}

func quotedLength(sql string) int {
	quote := sql[0]
	for i := 1; i < len(sql); i++ {
		if sql[i] == quote {
			if i+1 < len(sql) && sql[i+1] == quote {
				i++
				continue
			}
			return i + 1
		}
	}
	return len(sql)
}

func (p *printer) write(text string) { p.out = append(p.out, text...) }

func (p *printer) inSelect() bool {
	return len(p.selects) == 0 && p.depth == 0 || len(p.selects) > 0 && p.selects[len(p.selects)-1] == p.depth
}

func (p *printer) open(sql string) int {
	p.depth++
	p.write("(")
	if strings.HasPrefix(sql[1:], "SELECT ") || strings.HasPrefix(sql[1:], "WITH ") {
		p.selects = append(p.selects, p.depth)
	}
	return 1
}

func (p *printer) close() int {
	if len(p.selects) > 0 && p.selects[len(p.selects)-1] == p.depth {
		p.selects = p.selects[:len(p.selects)-1]
		p.depth--
		p.line()
	} else {
		p.depth--
	}
	p.write(")")
	return 1
}

// comma ends a step of WITH with a line break.
func (p *printer) comma(sql string) int {
	p.write(",")
	if p.depth == 0 && strings.HasPrefix(sql, `, "`) && bytes.HasSuffix(p.out, []byte("),")) {
		p.write("\n")
		return 2
	}
	return 1
}

func (p *printer) clause(sql string) string {
	if !p.inSelect() {
		return ""
	}
	for _, word := range breakBefore {
		if strings.HasPrefix(sql, word) {
			return word
		}
	}
	return ""
}

// line starts a new line, indented by the open SELECTs.
func (p *printer) line() {
	p.out = bytes.TrimRight(p.out, " ")
	if len(p.out) > 0 {
		p.write("\n")
	}
	p.write(strings.Repeat("  ", len(p.selects)))
}
