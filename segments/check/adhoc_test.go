package check_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
)

func TestRule(t *testing.T) {
	program := historic(t)
	s, list := program.Rule(typed("visits > 3 and (vip or bounced) and tier = 'low'"))
	require.NoError(t, list.Err())
	require.Equal(t, "rule", s.DefinitionName())
	require.Equal(t, []string{"vip", "tier"}, defined(s.Needs()))
	var leaves []string
	for _, leaf := range s.Where.Leaves() {
		leaves = append(leaves, leaf.Name+": "+check.Text(leaf.X))
	}
	require.Equal(t, []string{"c1: visits > 3", "c2: vip or bounced", "c3: tier = 'low'"}, leaves)
	require.Empty(t, s.Gates)
	require.Equal(t, "rule", s.About().Name.Name)
}

func TestRuleThatIsASegment(t *testing.T) {
	program := historic(t)
	s, list := program.Rule(typed(" vip "))
	require.NoError(t, list.Err())
	d, _ := program.Lookup("vip")
	require.Same(t, d, s)
}

func TestRuleErrors(t *testing.T) {
	program := historic(t)
	for text, want := range map[string]string{
		"visits":            "rule:1:1: a test is needed here, not a number [E231]",
		"visits > $nothing": "rule:1:10: unknown param \"$nothing\" [E206]",
		"vip and lost > 2 and count(ordr) ever > 1": "rule:1:9: unknown name \"lost\" [E200]\nrule:1:28: unknown stream \"ordr\" [E204]",
	} {
		s, list := program.Rule(typed(text))
		require.Nil(t, s, text)
		require.EqualError(t, list.Err(), want, text)
	}
	for _, text := range []string{"", "vip and", "> 3", "count(order) > 3"} {
		s, list := program.Rule(typed(text))
		require.Nil(t, s, text)
		require.Error(t, list.Err(), text)
		x, list := program.Expression(typed(text))
		require.Nil(t, x, text)
		require.Error(t, list.Err(), text)
	}
}

func TestRuleWarnings(t *testing.T) {
	program := historic(t)
	s, list := program.Rule(typed("days_since(last order) > 90"))
	require.NotNil(t, s)
	require.Len(t, list, 1)
	require.NoError(t, list.Err())
}

// A program is only read when rules are checked against it.
func TestRulesAtOnce(t *testing.T) {
	program := historic(t)
	var wait sync.WaitGroup
	failed := make([]error, 8)
	for i := range failed {
		wait.Go(func() {
			for range 50 {
				_, ofRule := program.Rule(typed("visits > $min_spend and country in $regions and (count(order) ever > 0) for 3 days"))
				_, ofExpression := program.Expression(typed("percentile(ltv among vip)"))
				failed[i] = errors.Join(failed[i], ofRule.Err(), ofExpression.Err())
			}
		})
	}
	wait.Wait()
	require.NoError(t, errors.Join(failed...))
}
