package result

import "time"

// Funnel says what each leaf of a rule does to its size.
type Funnel struct {
	Name      string    `json:"name"`
	AsOf      time.Time `json:"as_of"`
	Customers int64     `json:"customers"`
	Members   int64     `json:"members"`
	Leaves    []Leaf    `json:"leaves"`
}

// Leaf is one leaf of a funnel.
type Leaf struct {
	Name string `json:"name"`
	// Rule is the leaf as it is written.
	Rule string `json:"rule"`
	// Alone is the number of customers it holds for.
	Alone int64 `json:"alone"`
	// SoFar is the size of the rule made of this and the leaves before it.
	SoFar int64 `json:"so_far"`
	// Without is the size of the rule with this leaf left out.
	Without int64 `json:"without"`
}
