package draw

// Style says what a text is: one role, and flags that are joined to it with |.
// Its colours come from a Look.
type Style uint32

// The roles. Heat and the arms of comparisons have further ones.
const (
	Normal Style = iota
	// Dim is what can be overlooked: units, hints, answers that are being asked
	// for again.
	Dim
	// Accent is what the eye should find first: the cursor's row, keys, numbers
	// that changed.
	Accent
	// Good, Warn and Bad never stand without a sign and a word.
	Good
	Warn
	Bad
	// Border is the frame of a panel, BorderFocus that of the one that takes keys.
	Border
	BorderFocus
	// Banner is the bar that says that this is not now.
	Banner

	heatFirst
	heatLast = heatFirst + HeatSteps - 1

	roleMask Style = 0xff
)

// The flags.
const (
	Bold Style = 1 << (8 + iota)
	Underline
	Reverse
	// Selected lays the text on the background of the selected row.
	Selected
	// Squiggle underlines what is wrong.
	Squiggle
)

// HeatSteps is how many steps a heat map has.
const HeatSteps = 9

// Heat is the style of a cell of a heat map, share being 0 to 1.
func Heat(share float64) Style { return heatFirst + Style(heatStep(share)) }

// heatStep is the step of a share; what is no number is nothing.
func heatStep(share float64) int {
	if !(share > 0) {
		return 0
	}
	return min(HeatSteps-1, int(share*HeatSteps))
}

// role is the style without its flags.
func (s Style) role() Style { return s & roleMask }

// heat reports whether the style is that of a heat map's cell, and its step.
func (s Style) heat() (int, bool) {
	r := s.role()
	return int(r) - int(heatFirst), r >= heatFirst && r <= heatLast
}

// has reports whether a flag is set.
func (s Style) has(flag Style) bool { return s&flag != 0 }
