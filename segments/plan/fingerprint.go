package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"maps"
	"slices"

	"strata/segments/catalog"
	"strata/segments/check"
)

// layoutVersion counts the ways in which values have been kept; a new one makes
// every run begin anew.
const layoutVersion = 1

// Fingerprint identifies what a plan computes and where its values stand: what
// was kept under one fingerprint can be continued under the same one. Data,
// as-of, lists and the fields of customers are no part of it.
func (p *Plan) Fingerprint() string {
	h := sha256.New()
	note(h, "layout", layoutVersion, "zone", p.Program.ZoneName, "rounds", p.Rounds)
	for _, source := range p.Program.Sources {
		noteSource(h, source)
	}
	for _, t := range p.Traits {
		note(h, "trait", t.Text, t.Kind, t.Round, t.Pass, t.Value, t.Tested, t.Present)
		// The text has the name of the stream, this what the stream's type is.
		for _, equal := range t.Equal {
			note(h, "of", equal.Column.Column)
			for _, value := range equal.Values {
				note(h, value.Text)
			}
		}
	}
	for _, c := range p.Conditions {
		note(h, "condition", c.Text, c.Kind, c.Round, c.Pass)
		if c.Formula != nil {
			note(h, "formula", c.Formula)
		}
	}
	for _, pass := range p.Passes {
		note(h, "pass", pass.Source.Name, pass.Kept)
		for _, common := range pass.Common {
			note(h, "common", check.Text(common))
		}
		for _, t := range pass.Traits {
			note(h, "reads", t.ID)
		}
	}
	for _, unit := range p.Units {
		note(h, "unit", unit.Definition.DefinitionKind(), unit.Definition.DefinitionName(), unit.Alone, unit.Members, unit.Gates)
		for _, stage := range unit.Stages {
			note(h, "stage", stage)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// noteSource takes in where a source's values are read from.
func noteSource(h hash.Hash, source *catalog.Source) {
	note(h, "source", source.Name, source.Schema, source.Table, source.Query, source.Zone, source.AppendOnly)
	for _, role := range []*catalog.Field{source.Key, source.At, source.ID, source.Kind, source.LoadedAt, source.CreatedAt, source.ValidFrom, source.ValidTo} {
		noteField(h, role)
	}
	for _, name := range slices.Sorted(maps.Keys(source.Fields)) {
		note(h, name)
		noteField(h, source.Fields[name])
	}
}

func noteField(h hash.Hash, field *catalog.Field) {
	if field == nil {
		note(h, "no field")
		return
	}
	note(h, field.Column, field.Path, field.Physical, field.Type, field.JSON, field.Money)
}

// note takes in values, each apart from the next. Writing to a hash does not
// fail.
func note(h hash.Hash, values ...any) {
	for _, v := range values {
		if f, ok := v.(*Formula); ok && f == nil {
			v = "everybody"
		}
		_, _ = fmt.Fprintf(h, "%v\x00", v)
	}
	_, _ = h.Write([]byte{'\n'})
}
