package draw

// Sign is a mark that says something without colour.
type Sign uint8

// The signs.
const (
	// SignYes and SignNo are for what holds and what does not.
	SignYes Sign = iota
	SignNo
	// SignWarn is for what is to be looked at.
	SignWarn
	// SignUp and SignDown are for what grew and what shrank.
	SignUp
	SignDown
	// SignUnknown is for what nobody can tell.
	SignUnknown
	// SignCursor stands before the selected row.
	SignCursor
	// SignPin stands before what was picked.
	SignPin
	// SignIdle and SignBusy tell whether something runs.
	SignIdle
	SignBusy
	// SignMore says that something was left out.
	SignMore
	// SignPoint is an estimate, SignLow and SignHigh the ends of its interval.
	SignPoint
	SignLow
	SignHigh
	signCount
)

// signs are the characters of each, those of ASCII second.
var signs = [signCount][2]string{
	SignYes: {"✓", "+"}, SignNo: {"✗", "x"}, SignWarn: {"!", "!"}, SignUp: {"▲", "^"}, SignDown: {"▼", "v"},
	SignUnknown: {"?", "?"}, SignCursor: {"▌", ">"}, SignPin: {"•", "*"}, SignIdle: {"○", "-"}, SignBusy: {"●", "*"},
	SignMore: {"⋯", "..."}, SignPoint: {"●", "o"}, SignLow: {"├", "["}, SignHigh: {"┤", "]"},
}

// Sign is a sign in the characters of the look.
func (l Look) Sign(s Sign) string {
	if l.Simple() {
		return signs[s][1]
	}
	return signs[s][0]
}

// pick is one of two characters.
func (l Look) pick(usual, simple string) string {
	if l.Simple() {
		return simple
	}
	return usual
}

// Spinner is a sign of life at a turn; it stands still where nothing may move.
func (l Look) Spinner(turn int) string {
	if l.Still || l.Plain {
		return l.Sign(SignBusy)
	}
	return string(`|/-\`[((turn%4)+4)%4])
}
