package result

import "time"

// History is how a segment, or a stage of a partition, changed over a range of
// as-ofs.
type History struct {
	// Name is that of the segment, or partition.stage.
	Name string `json:"name"`
	// Reason says why the members could not be followed from moment to moment, ""
	// where they were. Then they are known at the points and not in between.
	Reason string `json:"reason"`
	// Points are in order of time; the first and the last are the ends of the
	// range.
	Points []HistoryPoint `json:"points"`
	// Spells is nil where members were not followed.
	Spells *Spells `json:"spells"`
}

// HistoryPoint is a definition at one as-of, and what happened since the point
// before it. What nobody knows is nil.
type HistoryPoint struct {
	At time.Time `json:"at"`
	// Size is the number of members, Contactable of those who pass the gates as
	// well, nil without gates.
	Size        int64  `json:"size"`
	Contactable *int64 `json:"contactable"`
	// Entered and Exited compare the members with those of the point before; nil
	// for the first point.
	Entered *int64 `json:"entered"`
	Exited  *int64 `json:"exited"`
	// Entries and Exits are all passages since the point before, those included
	// of customers who came back, or left again, in between; nil for the first
	// point, and where members were not followed.
	Entries *int64 `json:"entries"`
	Exits   *int64 `json:"exits"`
}

// Spells is about the times that customers spent in a segment without a break.
type Spells struct {
	// Count is the number of spells that touch the range.
	Count int64 `json:"count"`
	// Truncated spells had begun when the range began, so their beginning is not
	// known; Censored ones go on when it ends, so their end is not. A spell may be
	// both.
	Truncated int64 `json:"truncated"`
	Censored  int64 `json:"censored"`
	// Measured is the number of spells that began inside of the range and Ended
	// that of those among them that also ended there. The median is theirs.
	Measured int64 `json:"measured"`
	Ended    int64 `json:"ended"`
	// Median is the length that half of the spells outlast; nil where fewer than
	// half were seen to end. Lengths were cut to whole numbers of Resolution.
	Median     *time.Duration `json:"median"`
	Resolution time.Duration  `json:"resolution"`
	// CameBack is the number of exits that were followed by an entry of the same
	// customer within the time Within, of the number Watched of exits that had as
	// much time left in the range.
	CameBack int64         `json:"came_back"`
	Watched  int64         `json:"watched"`
	Within   time.Duration `json:"within"`
}
