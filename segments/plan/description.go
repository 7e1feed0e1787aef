package plan

// Description is a plan as plain values, for people and for programs. Traits
// are t1, t2, … and conditions c1, c2, …, in the order of the plan, as they
// stand in formulas; passes and rounds count from 1. Its JSON keys are a
// contract: none is left out, and what does not apply is null or empty.
type Description struct {
	// Together says that what can take part is evaluated together, and Reason
	// why, or why not.
	Together bool             `json:"together"`
	Reason   string           `json:"reason"`
	Passes   []DescribedPass  `json:"passes"`
	Separate []DescribedRead  `json:"separate"`
	Rounds   []DescribedRound `json:"rounds"`
	Traits   []DescribedTrait `json:"traits"`
	// Conditions and Units complete it.
	Conditions []DescribedCondition `json:"conditions"`
	Units      []DescribedUnit      `json:"definitions"`
}

// DescribedPass is one read of a source.
type DescribedPass struct {
	Pass   int    `json:"pass"`
	Source string `json:"source"`
	// Columns are those by whose values rows are told apart, Where is what all
	// rows of the pass pass, "" for no filter.
	Columns []string `json:"columns"`
	Where   string   `json:"where"`
	// Windows are the windows of its traits, the one that reaches back furthest
	// first: the rows of that one and of all others are read.
	Windows []string `json:"windows"`
	// Counts, Aggregates and Conditions say how many of them it computes.
	Counts     int `json:"counts"`
	Aggregates int `json:"aggregates"`
	Conditions int `json:"conditions"`
	// Kept says that the values of its traits are kept from run to run.
	Kept   bool     `json:"kept"`
	Traits []string `json:"traits"`
}

// DescribedRead is a trait or condition that is computed by itself.
type DescribedRead struct {
	ID   string `json:"id"`
	Kind string `json:"kind"`
	Text string `json:"text"`
	// Sources are those whose rows it reads.
	Sources []string `json:"sources"`
	Round   int      `json:"round"`
}

// DescribedRound is what is computed before a table of words, and with it.
type DescribedRound struct {
	Round  int      `json:"round"`
	Passes []int    `json:"passes"`
	Traits []string `json:"traits"`
	// Conditions are those whose bits the words of the round add.
	Conditions []string `json:"conditions"`
}

// DescribedTrait is a distinct trait.
type DescribedTrait struct {
	ID string `json:"id"`
	// Kind is count, aggregate, periods, sequence or ranking.
	Kind string `json:"kind"`
	Text string `json:"text"`
	// Pass is nil for a trait that is computed by itself.
	Pass  *int     `json:"pass"`
	Round int      `json:"round"`
	Needs []string `json:"needs"`
	// Units are the names of the definitions that need it.
	Units []string `json:"definitions"`
}

// DescribedCondition is a distinct condition.
type DescribedCondition struct {
	ID string `json:"id"`
	// Kind is test, presence, sequence, list, sql or formula.
	Kind string `json:"kind"`
	Text string `json:"text"`
	// Formula is what a condition of that kind stands for, else "".
	Formula string   `json:"formula"`
	Traits  []string `json:"traits"`
	// Pass is nil for a condition that no pass computes.
	Pass  *int     `json:"pass"`
	Round int      `json:"round"`
	Units []string `json:"definitions"`
}

// The ways in which a unit is evaluated.
const (
	ByWords     = "together"
	ByStatement = "statement"
	LeftOut     = "left_out"
)

// DescribedUnit is a definition that was asked for.
type DescribedUnit struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
	// Evaluation is one of the ways, Reason why it is not ByWords.
	Evaluation string `json:"evaluation"`
	Reason     string `json:"reason"`
	// Members is the formula of a segment, Leaves those of its leaves, Stages
	// those of a partition's stages, of which the first that holds counts.
	Members *string            `json:"members"`
	Leaves  []DescribedFormula `json:"leaves"`
	Stages  []DescribedFormula `json:"stages"`
	// Contactable is the formula of the gates, nil without.
	Contactable *string `json:"contactable"`
	// Shared are needed by a definition before it as well, Added are not.
	Shared DescribedNeeds `json:"shared"`
	Added  DescribedNeeds `json:"added"`
}

// DescribedFormula is a named formula.
type DescribedFormula struct {
	Name    string `json:"name"`
	Formula string `json:"formula"`
}

// DescribedNeeds are ids of traits and conditions.
type DescribedNeeds struct {
	Traits     []string `json:"traits"`
	Conditions []string `json:"conditions"`
}
