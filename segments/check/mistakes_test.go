package check_test

import (
	"slices"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/source"
)

// TestMistakesHideNoNames demands that a rule that cannot be read in one place
// is looked at in the others, in the same run.
func TestMistakesHideNoNames(t *testing.T) {
	fs := files()
	fs["segments/a.yaml"] = &fstest.MapFile{Data: []byte(`
params: {limit: 3}
segments:
  s1: {where: visits == $limit and cuntry = 'DE'}
  s2: {where: count(odrer) > 5}
`)}
	set, unread := definition.Load(fs, "")
	_, unresolved := check.Check(set)
	list := source.List(slices.Concat(unread, unresolved))
	var codes []source.Code
	for _, d := range list {
		codes = append(codes, d.Code)
	}
	require.Equal(t, []source.Code{"E106", "E115", "E200", "E204"}, codes, list.Error())
}

// TestAListThatCannotBeReadIsNotEmpty demands that a mistake is reported once.
func TestAListThatCannotBeReadIsNotEmpty(t *testing.T) {
	fs := files("segments/a.yaml", `
lists:
  gone: {file: gone.csv, column: id}
  other: {file: other.csv, column: key}
segments:
  s1: {where: gone or other}
`, "other.csv", "id\n5\n")
	set, unread := definition.Load(fs, "")
	require.Len(t, unread, 2, unread.Error())
	_, list := check.Check(set)
	require.Empty(t, list, list.Error())
}
