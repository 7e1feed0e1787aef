package propose

import "strings"

// Confidence is how sure a guess is.
type Confidence string

// The degrees of confidence.
const (
	// Sure is what the data itself says.
	Sure Confidence = "sure"
	// Likely is what names and values suggest.
	Likely Confidence = "likely"
	// Unsure is what somebody has to confirm.
	Unsure Confidence = "unsure"
)

// Guess is one decision of a proposal.
type Guess struct {
	// Subject is what it is about, such as "sources.orders.amount".
	Subject string
	// Value is what was decided; empty where a question is all there is.
	Value      string
	Confidence Confidence
	// Reason is why, in a sentence without a full stop.
	Reason string
}

// String is the guess on one line.
func (g Guess) String() string {
	if g.Value == "" {
		return g.Subject + ": " + g.Reason
	}
	return g.Subject + ": " + g.Value + " (" + g.Reason + ")"
}

// guesses collects decisions in the order in which they are shown.
type guesses []Guess

func (g *guesses) add(confidence Confidence, subject, value, reason string) {
	*g = append(*g, Guess{Subject: subject, Value: value, Confidence: confidence, Reason: reason})
}

// under are the guesses about a subject and what lies below it, of one degree.
func (g guesses) under(subject string, confidence Confidence) []Guess {
	var list []Guess
	for _, guess := range g {
		if guess.Confidence == confidence && (guess.Subject == subject || strings.HasPrefix(guess.Subject, subject+".")) {
			list = append(list, guess)
		}
	}
	return list
}
