package cmd

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"

	"strata/segments/revision"
)

// A report as JSON has a row for each definition that differs, a line each.

// revisionRow is a definition that differs. Keys never vanish; what is not known
// is null.
type revisionRow struct {
	Name              string             `json:"name"`
	Kind              string             `json:"kind"`
	Status            revision.Status    `json:"status"`
	Was               *string            `json:"was"`
	RuleEdited        bool               `json:"rule_edited"`
	GatesEdited       bool               `json:"gates_edited"`
	BoundsEdited      bool               `json:"bounds_edited"`
	Through           []string           `json:"through"`
	Affects           []string           `json:"affects"`
	File              *string            `json:"file"`
	Line              *int               `json:"line"`
	SizeBefore        *int64             `json:"size_before"`
	SizeAfter         *int64             `json:"size_after"`
	ContactableBefore *int64             `json:"contactable_before"`
	ContactableAfter  *int64             `json:"contactable_after"`
	Joined            *int64             `json:"joined"`
	Left              *int64             `json:"left"`
	Stayed            *int64             `json:"stayed"`
	Moved             *int64             `json:"moved"`
	Causes            []revisionCause    `json:"causes"`
	Together          []revisionTogether `json:"together"`
	Unexplained       *string            `json:"unexplained"`
	Stages            []revisionStage    `json:"stages"`
	Moves             []revisionMove     `json:"moves"`
	JoinedKeys        []any              `json:"joined_keys"`
	LeftKeys          []any              `json:"left_keys"`
	Broken            []revisionBound    `json:"broken"`
	Skipped           *string            `json:"skipped"`
}

type revisionCause struct {
	Name           string             `json:"name"`
	Kind           revision.CauseKind `json:"kind"`
	Before         *string            `json:"before"`
	After          *string            `json:"after"`
	Through        []string           `json:"through"`
	Joined         int64              `json:"joined"`
	Left           int64              `json:"left"`
	TogetherJoined int64              `json:"together_joined"`
	TogetherLeft   int64              `json:"together_left"`
}

type revisionTogether struct {
	Causes []string `json:"causes"`
	Joined int64    `json:"joined"`
	Left   int64    `json:"left"`
}

type revisionStage struct {
	Name              string `json:"name"`
	SizeBefore        *int64 `json:"size_before"`
	SizeAfter         *int64 `json:"size_after"`
	ContactableBefore *int64 `json:"contactable_before"`
	ContactableAfter  *int64 `json:"contactable_after"`
}

type revisionMove struct {
	From      *string `json:"from"`
	To        *string `json:"to"`
	Customers int64   `json:"customers"`
	Keys      []any   `json:"keys"`
}

type revisionBound struct {
	Unit    string `json:"unit"`
	Size    int64  `json:"size"`
	Low     *int64 `json:"low"`
	High    *int64 `json:"high"`
	Already bool   `json:"already"`
	File    string `json:"file"`
	Line    int    `json:"line"`
}

type revisionEdit struct {
	Kind    string          `json:"kind"`
	Name    string          `json:"name"`
	Status  revision.Status `json:"status"`
	Before  *string         `json:"before"`
	After   *string         `json:"after"`
	Affects int             `json:"affects"`
}

type revisionRename struct {
	Kind string `json:"kind"`
	From string `json:"from"`
	To   string `json:"to"`
	File string `json:"file"`
	Line int    `json:"line"`
}

// revisionMeta has the keys that every answer has, and what is about the
// comparison as a whole.
type revisionMeta struct {
	AsOf      time.Time        `json:"as_of"`
	KnownAt   *time.Time       `json:"as_known_at"`
	Run       *int64           `json:"run"`
	Rows      int              `json:"rows"`
	Total     int              `json:"total"`
	Truncated bool             `json:"truncated"`
	Against   string           `json:"against"`
	Commit    *string          `json:"commit"`
	Unchanged int              `json:"unchanged"`
	Notes     []string         `json:"notes"`
	Edits     []revisionEdit   `json:"edits"`
	Renames   []revisionRename `json:"renames"`
}

// revisionJSON writes a report for programs.
func (s *session) revisionJSON(r *revision.Report, shown []revision.Change) (string, error) {
	meta := revisionMeta{
		AsOf: r.AsOf.In(s.program.Zone), Rows: len(shown), Total: len(r.Changes), Truncated: len(shown) < len(r.Changes),
		Against: r.Before.Name, Commit: textOrNull(r.Before.Commit), Unchanged: r.Unchanged,
		Notes: orEmpty(r.Notes), Edits: []revisionEdit{}, Renames: []revisionRename{},
	}
	if r.KnownAt != nil {
		at := r.KnownAt.In(s.program.Zone)
		meta.KnownAt = &at
	}
	if r.Before.Run > 0 {
		meta.Run = &r.Before.Run
	}
	for _, e := range r.Edits {
		meta.Edits = append(meta.Edits, revisionEdit{
			Kind: e.Kind, Name: e.Name, Status: e.Status, Before: textOrNull(e.Before), After: textOrNull(e.After), Affects: e.Affects,
		})
	}
	for _, x := range r.Renames {
		meta.Renames = append(meta.Renames, revisionRename(x))
	}
	var out strings.Builder
	out.WriteString(`{"schema":"strata/v1/revision","data":[`)
	for i := range shown {
		if i > 0 {
			out.WriteString(",")
		}
		if err := writeObject(&out, "\n", revisionRowOf(&shown[i])); err != nil {
			return "", err
		}
	}
	if len(shown) > 0 {
		out.WriteString("\n")
	}
	err := writeObject(&out, `],"meta":`, meta)
	out.WriteString("}\n")
	return out.String(), err
}

// writeObject writes a value behind a text, without the escapes that only HTML
// needs.
func writeObject(out *strings.Builder, front string, v any) error {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return err
	}
	out.WriteString(front + strings.TrimSuffix(text.String(), "\n"))
	return nil
}

func revisionRowOf(c *revision.Change) revisionRow {
	row := revisionRow{
		Name: c.Name, Kind: c.Kind, Status: c.Status, Was: textOrNull(c.Was),
		RuleEdited: c.Rule, GatesEdited: c.Gates, BoundsEdited: c.Limits, Through: orEmpty(c.Through), Affects: orEmpty(c.Affects),
		File: textOrNull(c.File), Unexplained: textOrNull(c.Unexplained), Skipped: textOrNull(c.Skipped),
		Causes: []revisionCause{}, Together: []revisionTogether{}, Stages: []revisionStage{}, Moves: []revisionMove{},
		JoinedKeys: keysOf(c.JoinedKeys), LeftKeys: keysOf(c.LeftKeys), Broken: []revisionBound{},
	}
	if c.File != "" {
		row.Line = &c.Line
	}
	if c.Skipped == "" {
		row.SizeBefore, row.ContactableBefore = sizeNumbers(c.Before)
		row.SizeAfter, row.ContactableAfter = sizeNumbers(c.After)
		row.Joined, row.Left, row.Stayed, row.Moved = &c.Joined, &c.Left, &c.Stayed, &c.Moved
	}
	for _, x := range c.Causes {
		row.Causes = append(row.Causes, revisionCause{
			Name: x.Name, Kind: x.Kind, Before: textOrNull(x.Before), After: textOrNull(x.After), Through: orEmpty(x.Through),
			Joined: x.Joined, Left: x.Left, TogetherJoined: x.TogetherJoined, TogetherLeft: x.TogetherLeft,
		})
	}
	for _, x := range c.Together {
		row.Together = append(row.Together, revisionTogether(x))
	}
	for _, x := range c.Stages {
		stage := revisionStage{Name: x.Name}
		stage.SizeBefore, stage.ContactableBefore = sizeNumbers(x.Before)
		stage.SizeAfter, stage.ContactableAfter = sizeNumbers(x.After)
		row.Stages = append(row.Stages, stage)
	}
	for _, x := range c.Moves {
		row.Moves = append(row.Moves, revisionMove{From: textOrNull(x.From), To: textOrNull(x.To), Customers: x.Customers, Keys: keysOf(x.Keys)})
	}
	for _, x := range c.Bounds {
		row.Broken = append(row.Broken, revisionBound(x))
	}
	return row
}

func sizeNumbers(s *revision.Size) (members, contactable *int64) {
	if s == nil {
		return nil, nil
	}
	return &s.Members, &s.Contactable
}

func textOrNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// keysOf writes keys as they are, numbers as numbers.
func keysOf(keys []any) []any {
	if keys == nil {
		return []any{}
	}
	return keys
}
