package suite

import (
	"context"
	"fmt"
	"strings"
	"time"

	"strata/segments/check"
	"strata/segments/result"
	"strata/sql/warehouse"
)

// why returns the leaves, or stages, with the values they compared, a line
// each.
func (s *suite) why(ctx context.Context, t *trial, key string) ([]string, error) {
	if _, ok := t.definition.(*check.Trait); ok {
		return nil, nil
	}
	why, err := s.evaluator.Why(ctx, key, t.definition, t.asOf)
	if err != nil {
		return nil, fmt.Errorf("explain %s: %w", t.definition.DefinitionName(), err)
	}
	var lines []string
	if why.Rule != nil {
		lines = s.lines(lines, why.Rule)
	}
	for _, gate := range why.Gates {
		lines = append(lines, fmt.Sprintf("  gate %s is %s%s", gate.Name, gate.Verdict, s.values(gate)))
	}
	return lines, nil
}

// lines adds the leaves and stages below a node. A group is not shown: what it
// comes to follows from its leaves.
func (s *suite) lines(lines []string, node *result.Node) []string {
	if node.Kind == "leaf" || node.Kind == "stage" || node.Kind == "test" {
		name := node.Name
		if name == "" {
			name = node.Rule
		}
		return append(lines, fmt.Sprintf("  %s is %s%s", name, node.Verdict, s.values(node)))
	}
	for _, child := range node.Children {
		lines = s.lines(lines, child)
	}
	return lines
}

// values writes what the tests of a node compared, each value once.
func (s *suite) values(node *result.Node) string {
	var list []string
	seen := map[string]bool{}
	var collect func(*result.Node)
	collect = func(n *result.Node) {
		for _, v := range n.Values {
			if text := v.Rule + " = " + s.shown(v.Value); !v.Constant && !seen[text] {
				seen[text] = true
				list = append(list, text)
			}
		}
		for _, child := range n.Children {
			collect(child)
		}
	}
	collect(node)
	if len(list) == 0 {
		return ""
	}
	return ": " + strings.Join(list, ", ")
}

// shown is a value for people: times by the project's clock.
func (s *suite) shown(v any) string {
	switch v := v.(type) {
	case nil:
		return "missing"
	case string:
		return "'" + v + "'"
	case time.Time:
		return v.In(s.program.Zone).Format("2006-01-02 15:04:05.999999 -07:00")
	}
	return warehouse.Text(v)
}
