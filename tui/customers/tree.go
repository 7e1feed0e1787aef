package customers

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"strata/reports/render"
	"strata/segments/result"
	"strata/segments/say"
	"strata/tui/draw"
	"strata/tui/page"
)

// row is a line of a proof.
type row struct {
	// key names the node for folding, "" where nothing can be folded.
	key string
	// evidence says that there are rows of data behind it, parts that it has parts.
	evidence, parts bool
	// text, where set, is the whole line: a fact that stands above the proof.
	text string
	// prefix is the branch of the tree, sign and style the verdict.
	prefix, sign string
	style        draw.Style
	label        string
	// value is what was found, need what it is compared with, note what is short or
	// how much more it is, data how many rows count.
	value, need, note, data string
	dim                     bool
	// head says that the line is the titles of the columns.
	head bool
}

// tree makes rows of a proof.
type tree struct {
	zone         *time.Location
	look         draw.Look
	open, folded map[string]bool
	// all shows everything.
	all bool
	out []row
}

func zone(c *page.Context) *time.Location {
	if c.Project != nil && c.Project.Program != nil && c.Project.Program.Zone != nil {
		return c.Project.Program.Zone
	}
	return time.UTC
}

// teller leaves out the names that the proof does not show.
func teller(c *page.Context) say.Teller {
	return say.Teller{Zone: zone(c), Value: valueText, Unnamed: counted}
}

// valueText is a value as people read it.
func valueText(v any) string {
	switch v := v.(type) {
	case nil:
		return "missing"
	case float64:
		if math.Trunc(v) == v && math.Abs(v) < 1e15 { //nolint:mnd // Exact in a float.
			return render.GroupDigits(strconv.FormatFloat(v, 'f', -1, 64))
		}
		return render.GroupDigits(strconv.FormatFloat(v, 'f', digits(v), 64))
	case time.Time:
		return v.UTC().Format("2006-01-02 15:04:05.999999") + "+00"
	case []any, map[string]any:
		if text, err := json.Marshal(v); err == nil {
			return render.Clean(string(text))
		}
	case int, int64, int32, uint64, *big.Int:
		return fmt.Sprint(v)
	}
	return render.Clean(fmt.Sprint(v))
}

// digits are as many as a value needs to be told from others.
func digits(v float64) int {
	if math.Abs(v) >= 1 {
		return 2 //nolint:mnd // Enough beside a whole part.
	}
	return 6 //nolint:mnd // For shares and the like.
}

// number is a value as a number, false where it is none.
func number(v any) (*big.Rat, bool) {
	switch v := v.(type) {
	case string:
		return new(big.Rat).SetString(v)
	case float64:
		r := new(big.Rat).SetFloat64(v)
		return r, r != nil
	case int, int64, int32, uint64:
		return new(big.Rat).SetString(fmt.Sprint(v))
	case json.Number:
		return new(big.Rat).SetString(v.String())
	case nil, bool, time.Time, *time.Time:
		return nil, false
	}
	return new(big.Rat).SetString(fmt.Sprint(v)) // The exact numbers of a warehouse.
}

func (t *tree) rows(why result.Why) []row {
	t.out = nil
	if why.Rule != nil {
		t.top(why.Rule, "r")
	}
	for i, gate := range why.Gates {
		key := "g" + strconv.Itoa(i)
		t.out = append(t.out, t.row(gate, key, ""))
		if !t.folded[key] {
			for at, child := range inner(gate.Children) {
				t.node(child, key+"/"+strconv.Itoa(at), "", at == len(inner(gate.Children))-1)
			}
		}
	}
	return t.out
}

// inner opens a group that is the only part: it says nothing that its owner does
// not.
func inner(children []*result.Node) []*result.Node {
	if len(children) == 1 && isGroup(children[0]) && children[0].Kind == "all" && children[0].Name == "" {
		return children[0].Children
	}
	return children
}

func isGroup(n *result.Node) bool { return n.Kind == "all" || n.Kind == "any" || n.Kind == "not" }

// top writes the rule itself: a group as a line with its parts below, stages one
// below the other.
func (t *tree) top(n *result.Node, key string) {
	switch {
	case n.Kind == "partition":
		for i, stage := range n.Children {
			t.node(stage, key+"/"+strconv.Itoa(i), "", i == len(n.Children)-1)
		}
	case isGroup(n) && n.Kind != "not" && len(n.Children) == 1:
		t.part(n.Children[0], key+"/0", "", "")
	case isGroup(n):
		t.out = append(t.out, t.row(n, key, ""))
		if t.folded[key] {
			return
		}
		for i, child := range n.Children {
			t.node(child, key+"/"+strconv.Itoa(i), "", i == len(n.Children)-1)
		}
	default:
		t.node(n, key, "", true)
	}
}

// node writes a part of a group.
func (t *tree) node(n *result.Node, key, indent string, last bool) {
	branch, below := "├─ ", "│  "
	if last {
		branch, below = "└─ ", "   "
	}
	if t.look.Simple() {
		branch, below = "|- ", "|  "
		if last {
			branch, below = "`- ", "   "
		}
	}
	if t.look.Plain {
		branch, below = "  ", "  "
	}
	t.part(n, key, indent+branch, indent+below)
}

// part writes a node with its rows and parts below it.
func (t *tree) part(n *result.Node, key, before, below string) {
	r := t.row(n, key, before)
	t.out = append(t.out, r)
	if (t.open[key] || t.all) && r.evidence {
		for _, e := range n.Evidence {
			t.evidence(e, below)
		}
	}
	if t.folded[key] {
		return
	}
	children := inner(n.Children)
	for i, child := range children {
		t.node(child, key+"/"+strconv.Itoa(i), below, i == len(children)-1)
	}
}

// groupWords say what a group asks of its parts.
var groupWords = map[string]string{"all": "all of these", "any": "at least one of these", "not": "not this"}

// row is the line of a node.
func (t *tree) row(n *result.Node, key, prefix string) row {
	r := row{key: key, prefix: prefix, label: label(n), evidence: len(n.Evidence) > 0, parts: len(n.Children) > 0}
	r.sign, r.style = t.verdict(n.Verdict)
	r.dim = n.Verdict == result.NotReached
	if isGroup(n) && len(n.Children) > 1 {
		holding := 0
		for _, child := range n.Children {
			if child.Verdict == result.True {
				holding++
			}
		}
		r.value = fmt.Sprintf("%d of %d", holding, len(n.Children))
		return r
	}
	t.compared(n, &r)
	if !isGroup(n) {
		r.data = dataText(n.Evidence)
	}
	return r
}

// verdict is the sign of a verdict with its style.
func (t *tree) verdict(v result.Verdict) (string, draw.Style) {
	switch v {
	case result.True:
		return t.look.Sign(draw.SignYes), draw.Good
	case result.MissingValue:
		return t.look.Sign(draw.SignUnknown), draw.Warn
	case result.NotReached:
		if t.look.Simple() {
			return ".", draw.Dim
		}
		return "·", draw.Dim
	case result.False:
	}
	return t.look.Sign(draw.SignNo), draw.Bad
}

// label is what a node is called: the name is left out where it only counts.
func label(n *result.Node) string {
	switch {
	case n.Kind == "gate":
		return "gate " + n.Name
	case isGroup(n) && n.Name != "":
		return n.Name + ": " + groupWords[n.Kind]
	case isGroup(n):
		return groupWords[n.Kind]
	case n.Name != "" && n.Rule != "" && n.Rule != n.Name && !counted(n.Name):
		return n.Name + ": " + n.Rule
	case n.Rule != "":
		return n.Rule
	}
	return n.Name
}

// counted reports whether a name is one of those that leaves without a name get:
// c1, c2, and so on.
func counted(name string) bool {
	rest, ok := strings.CutPrefix(name, "c")
	n, err := strconv.Atoi(rest)
	return ok && err == nil && n > 0
}

// compared fills in what was compared: the value, what it needs to be, and how
// far it is from that.
func (t *tree) compared(n *result.Node, r *row) {
	var observed []string
	var value, bound *result.Value
	for i := range n.Values {
		v := &n.Values[i]
		if v.Constant {
			bound = v
			continue
		}
		if value == nil {
			value = v
		}
		observed = append(observed, t.show(v.Value, true))
	}
	r.value = strings.Join(observed, " and ")
	r.note = grouped(n.Short)
	if value == nil || bound == nil || len(n.Values) != 2 { //nolint:mnd // A value and what it is compared with.
		return
	}
	rest, ok := strings.CutPrefix(n.Rule, value.Rule+" ")
	op, _, two := strings.Cut(rest, " ")
	if !ok || !two || rest != op+" "+bound.Rule {
		return
	}
	r.need = op + " " + t.show(bound.Value, true)
	if n.Verdict == result.True && r.note == "" && op != "=" && op != "<>" {
		r.note = marginText(value.Value, bound.Value)
	}
}

// marginText says how far a value is from what it is compared with.
func marginText(value, bound any) string {
	x, ok := number(value)
	y, also := number(bound)
	if !ok || !also {
		return ""
	}
	margin := new(big.Rat).Sub(x, y)
	if margin.Abs(margin).Sign() == 0 {
		return ""
	}
	return "by " + render.GroupDigits(margin.FloatString(max(decimals(value), decimals(bound))))
}

// decimals is how many places behind the point a number is shown with.
func decimals(v any) int {
	_, places, _ := strings.Cut(valueText(v), ".")
	return min(len(places), 6) //nolint:mnd // More say nothing.
}

// grouped puts separators into the number that a text begins with.
func grouped(text string) string {
	head, rest, _ := strings.Cut(text, " ")
	if _, ok := new(big.Rat).SetString(head); !ok || strings.ContainsAny(head, "eE/") {
		return text
	}
	return render.GroupDigits(head) + " " + rest
}

// show is a value in the zone of the project, numbers with separators.
func (t *tree) show(v any, grouped bool) string {
	if at, ok := v.(time.Time); ok {
		return at.In(t.zone).Format(say.TimeFormat)
	}
	text := valueText(v)
	if _, ok := number(v); ok && grouped && !strings.ContainsAny(text, "eE/,_") {
		return render.GroupDigits(text)
	}
	return text
}

// dataText says how many rows count, of how many.
func dataText(evidence []result.Evidence) string {
	var parts []string
	for _, e := range evidence {
		text := draw.Count(e.Counted) + " of " + draw.Count(e.Counted+e.Excluded)
		if len(parts) == 0 || parts[len(parts)-1] != text {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, ", ")
}

// evidence writes the rows behind a value.
func (t *tree) evidence(e result.Evidence, indent string) {
	window := ""
	if e.From != nil && e.To != nil {
		window = ", from " + e.From.In(t.zone).Format(say.TimeFormat) + " to before " + e.To.In(t.zone).Format(say.TimeFormat)
	}
	t.out = append(t.out, row{
		prefix: indent + "   ", label: e.Stream + ": " + draw.Count(e.Counted) + " counted, " + draw.Count(e.Excluded) + " not" + window, dim: true,
	})
	for _, r := range e.Rows {
		line := row{prefix: indent + "   ", label: r.At.In(t.zone).Format(say.TimeFormat), need: "counts", sign: "+", style: draw.Good}
		if r.ID != "" {
			line.label += "  #" + render.Clean(r.ID)
		}
		if r.Value != nil {
			line.value = t.show(r.Value, true)
		}
		if !r.Counts {
			line.need, line.sign, line.style, line.dim = "does not count", "-", draw.Dim, true
		}
		t.out = append(t.out, line)
	}
	if more := e.Counted + e.Excluded - int64(len(e.Rows)); more > 0 {
		t.out = append(t.out, row{prefix: indent + "   ", label: "and " + draw.Plural(more, "more row", "more rows"), dim: true})
	}
}
