package cmd

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"strata/reports/render"
	"strata/segments/diagnose"
)

// findingPrinter writes findings for people: status and check in front, then
// the sentence, broken where the line ends, then what to do.
type findingPrinter struct {
	out strings.Builder
	// width is the number of cells in a line, 0 without end.
	width int
	color bool
}

// findingColors paint the statuses; the word alone says it as well.
var findingColors = map[diagnose.Status]string{
	diagnose.OK: "32", diagnose.Note: "36", diagnose.Warning: "33", diagnose.Error: "31",
}

const (
	// statusCells and checkCells are the widths of the columns in front.
	statusCells, checkCells = 9, 11
	// narrowestText is the width below which sentences are not broken.
	narrowestText = 20
	hintMark      = "→ "
)

func (p *findingPrinter) print(findings []diagnose.Finding) string {
	for _, f := range findings {
		front := p.status(f.Status) + pad(f.Check, checkCells)
		p.paragraph(front, "", f.Detail)
		if f.Hint != "" && f.Status != diagnose.OK {
			p.paragraph(strings.Repeat(" ", statusCells+checkCells), hintMark, f.Hint)
		}
	}
	return p.out.String()
}

// status is the status in its column and colour.
func (p *findingPrinter) status(s diagnose.Status) string {
	text := pad(string(s), statusCells)
	if !p.color {
		return text
	}
	return "\x1b[" + findingColors[s] + "m" + text + "\x1b[0m"
}

// paragraph writes text beside what stands in front of its first line.
func (p *findingPrinter) paragraph(front, mark, text string) {
	indent := statusCells + checkCells
	room := p.width - indent - ansi.StringWidth(mark)
	text = render.Clean(text)
	if p.width > 0 && room >= narrowestText {
		text = ansi.Wrap(text, room, "")
	}
	for i, line := range strings.Split(text, "\n") {
		switch i {
		case 0:
			line = front + mark + line
		default:
			line = strings.Repeat(" ", indent+ansi.StringWidth(mark)) + line
		}
		_, _ = fmt.Fprintln(&p.out, strings.TrimRight(line, " "))
	}
}

// pad fills text up with blanks.
func pad(text string, cells int) string {
	return text + strings.Repeat(" ", max(0, cells-ansi.StringWidth(text)))
}
