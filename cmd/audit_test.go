package cmd

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/fixtures/shop"
	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/evaluate"
)

// spoiledVerification is what a verification of three definitions of the demo
// would say if the shared way were wrong about some customers.
func spoiledVerification(t *testing.T) (*check.Program, *evaluate.Verification) {
	t.Helper()
	set, list := definition.Load(shop.Files(), "demo")
	require.NoError(t, list.Err())
	program, list := check.Check(set)
	require.NoError(t, list.Err())
	of := func(name string) check.Definition {
		d, ok := program.Lookup(name)
		require.True(t, ok, name)
		return d
	}
	in, stage := &evaluate.Said{Contactable: true}, func(name string) *evaluate.Said { return &evaluate.Said{Stage: name} }
	return program, &evaluate.Verification{
		AsOf: noon(), Shared: 1500 * time.Millisecond, Standalone: 9 * time.Second,
		Definitions: []evaluate.Verified{
			{Definition: of("buyers"), Size: 15097, Standalone: 2 * time.Second, Counts: map[evaluate.Difference]int64{}},
			{Definition: of("shared_address"), Alone: "it is given by sql"},
			{
				Definition: of("vip"), Size: 839, Standalone: 3 * time.Second,
				Counts: map[evaluate.Difference]int64{evaluate.SharedOnly: 1200, evaluate.StandaloneOnly: 1, evaluate.Repeated: 1, evaluate.OtherContactable: 1},
				Examples: []evaluate.Disagreement{
					{Key: int64(10016), Difference: evaluate.SharedOnly, Shared: in},
					{Key: int64(10017), Difference: evaluate.SharedOnly, Shared: in},
					{Key: "a\tb", Difference: evaluate.StandaloneOnly, Standalone: in},
					{Key: int64(7), Difference: evaluate.OtherContactable, Shared: in, Standalone: &evaluate.Said{}},
				},
			},
			{
				Definition: of("lifecycle"), Size: 20000, Standalone: 4 * time.Second,
				Counts:   map[evaluate.Difference]int64{evaluate.OtherStage: 1},
				Examples: []evaluate.Disagreement{{Key: int64(9), Difference: evaluate.OtherStage, Shared: stage("new"), Standalone: stage("lapsed")}},
			},
		},
	}
}

// shownAudit writes a verification as a command line asks for it.
func shownAudit(t *testing.T, format string, terminal Terminal) (out, talk string) {
	t.Helper()
	program, v := spoiledVerification(t)
	var stdout, stderr strings.Builder
	f := newFactory(Env{Stdout: &stdout, Stderr: &stderr, Getenv: func(string) string { return "" }, Terminal: terminal, Now: noon})
	f.format, f.flags.color, f.flags.limit = format, "never", 1
	s := &session{factory: f, program: program, asOf: v.AsOf}
	require.NoError(t, s.showVerification(v))
	return stdout.String(), stderr.String()
}

func TestAuditShowsDifferences(t *testing.T) {
	t.Parallel()
	out, talk := shownAudit(t, "", Terminal{})
	require.Equal(t, strings.Join([]string{
		"vip\tsegment\t839\tdifferent\t1203\t1,200 in shared only: 10016, 10017, …; 1 in standalone only: a b; 1 more than once; 1 contactable by one way only: 7",
		"lifecycle\tpartition\t20000\tdifferent\t1\t1 in another stage: 9 (new, standalone lapsed)",
		"buyers\tsegment\t15097\tequal\t0\t",
		"shared_address\tsegment\t\tnot compared\t\tit is given by sql",
		"",
	}, "\n"), out)
	require.Equal(t, "as of "+noon().Format("2006-01-02 15:04:05 MST")+"\n3 definitions compared, 2 different, 1 not compared (shared 1.5s, standalone 9s)\n", talk)
}

// TestAuditTellsPeopleWhatTheTableCuts names the customers again below a table.
func TestAuditTellsPeopleWhatTheTableCuts(t *testing.T) {
	t.Parallel()
	out, talk := shownAudit(t, "", Terminal{Stdout: true, Width: 80})
	require.Contains(t, out, "vip             segment       839  different         1,203  1,200 in shared onl…\n")
	require.Contains(t, out, "buyers          segment    15,097  equal                 0  –\n")
	require.Contains(t, talk, "vip: 1,200 in shared only: 10016, 10017, …; 1 in standalone only: a b; 1 more than once; 1 contactable by one way only: 7\n")
	require.Contains(t, talk, "lifecycle: 1 in another stage: 9 (new, standalone lapsed)\n")
}

func TestAuditTellsProgramsEverything(t *testing.T) {
	t.Parallel()
	out, _ := shownAudit(t, "json", Terminal{})
	var answer struct {
		Schema string           `json:"schema"`
		Data   []map[string]any `json:"data"`
	}
	require.NoError(t, json.Unmarshal([]byte(out), &answer))
	require.Equal(t, "strata/v1/audit", answer.Schema)
	require.Len(t, answer.Data, 4)
	for _, row := range answer.Data {
		delete(row, "detail")
	}
	said := func(contactable bool) map[string]any { return map[string]any{"stage": nil, "contactable": contactable} }
	require.Equal(t, map[string]any{
		"name": "vip", "kind": "segment", "size": 839.0, "result": "different", "differing": 1203.0,
		"shared_only": 1200.0, "standalone_only": 1.0, "repeated": 1.0, "other_stage": 0.0, "other_contactable": 1.0,
		"customers": []any{
			map[string]any{"key": 10016.0, "difference": "shared_only", "shared": said(true), "standalone": nil},
			map[string]any{"key": 10017.0, "difference": "shared_only", "shared": said(true), "standalone": nil},
			map[string]any{"key": "a\tb", "difference": "standalone_only", "shared": nil, "standalone": said(true)},
			map[string]any{"key": 7.0, "difference": "other_contactable", "shared": said(true), "standalone": said(false)},
		},
		"standalone_seconds": 3.0,
	}, answer.Data[0])
	require.Equal(t, []any{map[string]any{
		"key": 9.0, "difference": "other_stage",
		"shared": map[string]any{"stage": "new", "contactable": false}, "standalone": map[string]any{"stage": "lapsed", "contactable": false},
	}}, answer.Data[1]["customers"])
	require.Equal(t, []any{}, answer.Data[2]["customers"])
	require.Equal(t, map[string]any{
		"name": "shared_address", "kind": "segment", "size": nil, "result": "not compared", "differing": nil,
		"shared_only": nil, "standalone_only": nil, "repeated": nil, "other_stage": nil, "other_contactable": nil,
		"customers": nil, "standalone_seconds": nil,
	}, answer.Data[3])
}

func TestAuditVerdict(t *testing.T) {
	t.Parallel()
	_, v := spoiledVerification(t)
	err := auditVerdict(v, nil)
	require.EqualError(t, err, "both ways differ in 2 of 3 definitions: strata is wrong in one of them")
	require.Equal(t, exitFailed, codeOf(err, nil))
	equal := &evaluate.Verification{Definitions: v.Definitions[:2]}
	require.NoError(t, auditVerdict(equal, []string{"buyers"}))
	nothing := &evaluate.Verification{Definitions: v.Definitions[1:2]}
	require.NoError(t, auditVerdict(nothing, nil))
	require.Equal(t, exitRefused, codeOf(auditVerdict(nothing, []string{"shared_address"}), nil))
}
