package rules_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"strata/tui/page"
	"strata/tui/pagetest"
	"strata/tui/rules"
)

func TestRule(t *testing.T) {
	t.Parallel()
	b := pagetest.New(t, rules.NewRule("luxury_cart_abandoners", links()), newFake(t)).Settle()
	b.Goldens("rule")
	require.Equal(t, []string{"sql", "luxury_cart_abandoners"}, b.Page.CLI(&b.Context))
	b.Key("v").Goldens("rule_sql")
	b.Key("v", "G")
	pagetest.Golden(t, "rule_scrolled", b.Frame(60, 10))
	b.Key("E")
	require.Equal(t, page.EditFile{File: "segments/cart.yaml", Line: 89}, b.Last())
}

func TestRuleLooks(t *testing.T) {
	t.Parallel()
	for name, look := range looks() {
		b := pagetest.New(t, rules.NewRule("vip", links()), newFake(t))
		b.Context.Look = look
		pagetest.Golden(t, "rule_"+name, b.Settle().Frame(100, 26))
	}
}

func TestRuleOfEverySubject(t *testing.T) {
	t.Parallel()
	program := pagetest.Program(t)
	var words []string
	for _, s := range program.Segments {
		words = append(words, s.DefinitionName())
	}
	for _, p := range program.Partitions {
		words = append(words, p.DefinitionName())
		for _, stage := range p.Stages {
			words = append(words, p.DefinitionName()+"."+stage.Name)
		}
	}
	words = append(words, "count(order) last 30 days >= 2 and not vip", "ltv", "nobody_knows", "count(order) >>")
	for _, word := range words {
		anywhere(t, pagetest.New(t, rules.NewRule(word, links()), newFake(t)).Settle())
	}
}

func TestRuleOfStages(t *testing.T) {
	t.Parallel()
	pagetest.Golden(t, "rule_partition", pagetest.New(t, rules.NewRule("lifecycle", links()), newFake(t)).Settle().Frame(80, 24))
	pagetest.Golden(t, "rule_stage", pagetest.New(t, rules.NewRule("lifecycle.repeat", links()), newFake(t)).Settle().Frame(80, 24))
	pagetest.Golden(t, "rule_typed", pagetest.New(t, rules.NewRule("count(order) last 30 days >= 2 and not vip", links()), newFake(t)).Settle().Frame(80, 24))
}

// What is copied as a rule means the same as the segment.
func TestCopiedRule(t *testing.T) {
	t.Parallel()
	b := pagetest.New(t, rules.NewRule("vip", links()), newFake(t)).Settle()
	copies := map[string]string{}
	for _, c := range b.Page.(page.Subject).Copies(&b.Context) {
		copies[c.What] = c.Text
	}
	require.Equal(t, "store_vips or (has(tags, 'vip')) or high_value", copies["rule"])
	require.Equal(t, "segments/value.yaml:64", copies["link to the file"])
	require.Equal(t, newFake(t).statement, copies["SQL"])
}

func TestRuleStates(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.err = errLocked
	b := pagetest.New(t, rules.NewRule("vip", links()), f).Settle()
	pagetest.Golden(t, "rule_failed", b.Frame(100, 16))
	b = pagetest.New(t, rules.NewRule("vip", links()), newFake(t))
	b.Hold = map[string]bool{"sql": true}
	b.Settle()
	b.Context.Now = b.Context.Now.Add(3e9)
	pagetest.Golden(t, "rule_loading", b.Frame(100, 16))
	b.Context.Project = nil
	require.Contains(t, b.Frame(80, 10), "no definitions that are right")
}
