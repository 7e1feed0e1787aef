package workbench_test

import (
	"context"
	"flag"
	"hash/fnv"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"strata/segments/check"
	"strata/segments/result"
	"strata/segments/source"
	"strata/tui/ask"
	"strata/tui/edit"
	"strata/tui/page"
	"strata/tui/pagetest"
	"strata/tui/workbench"
)

var _ = flag.Bool("update", false, "rewrite expected frames")

// fake answers with numbers that a rule's text decides.
type fake struct {
	ask.Backend

	program *check.Program
	sizes   map[string]int64
	asked   []string
	values  []string
	saved   []ask.Edit
	err     error
	save    error
}

func newFake(t testing.TB) *fake {
	t.Helper()
	return &fake{
		program: pagetest.Program(t), values: []string{"DE", "AT", "CH", "日本", "Côte d'Ivoire", "مصر"},
		sizes: map[string]int64{"luxury_cart_abandoners": 30, "frequent_30_days": 1012, "vip": 839},
	}
}

const customers = 20000

func (f *fake) size(word string) int64 {
	if n, ok := f.sizes[word]; ok {
		return n
	}
	if r := edit.Read(f.program, word); r.Meaning != "" {
		word = r.Meaning // Layout does not change who is a member.
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(word))
	return int64(h.Sum32() % customers)
}

func (f *fake) Count(_ context.Context, word string, at time.Time) (result.Count, error) {
	f.asked = append(f.asked, "count "+word)
	return result.Count{Name: word, AsOf: at, Members: f.size(word), Contactable: f.size(word) * 7 / 10, Customers: customers}, f.err
}

func (f *fake) Counts(ctx context.Context, words []string, at time.Time) ([]result.Count, error) {
	var counts []result.Count
	for i, word := range words {
		count, _ := f.Count(ctx, word, at)
		count.Members = int64(1400 / (i + 1))
		counts = append(counts, count)
	}
	return counts, f.err
}

func (f *fake) Estimate(_ context.Context, word string, _ time.Time) (ask.Estimate, error) {
	n := f.size(word)
	return ask.Estimate{Members: n + 12, Low: max(0, n-90), High: n + 110, Sampled: 200, Customers: customers}, f.err
}

func (f *fake) Funnel(_ context.Context, word string, off []int, at time.Time) (result.Funnel, error) {
	out := result.Funnel{Name: word, AsOf: at, Customers: customers, Members: f.size(word)}
	segment, _ := f.program.RuleText(source.WholeFile(source.NewFile("rule", word)))
	if segment == nil {
		return out, f.err
	}
	leaves := segment.Where.Leaves()
	for i, leaf := range leaves {
		out.Leaves = append(out.Leaves, result.Leaf{
			Name: leaf.Name, Rule: check.Text(leaf.X), Alone: out.Members + int64(1000*(len(leaves)-i)), SoFar: out.Members + int64(100*(len(leaves)-1-i)),
			Without: out.Members + int64(44*(i%3)),
		})
	}
	if len(off) > 0 {
		out.Members += int64(44 * len(off))
	}
	return out, f.err
}

func (f *fake) Compare(_ context.Context, draft, saved string, n int, _ time.Time) (ask.Comparison, error) {
	f.asked = append(f.asked, "compare "+draft+" with "+saved)
	d := ask.Comparison{Draft: f.size(draft), Saved: f.size(saved), Stays: min(f.size(draft), f.size(saved)) / 2}
	d.Joins, d.Leaves = d.Draft-d.Stays, d.Saved-d.Stays
	d.Leaving, d.Joining = []string{"10016", "C-ÜBER-東京", "עברית"}[:min(3, n)], []string{"10093", "10107"}
	return d, f.err
}

func (f *fake) Statement(_ context.Context, _ string, _ time.Time) (string, error) {
	return strings.Repeat("WITH f AS (SELECT customer_id, sum(amount) AS v1 FROM orders GROUP BY customer_id)\nSELECT c.customer_id FROM customers c JOIN f USING (customer_id)\nWHERE f.v1 > 5000\n", 5), f.err
}

func (f *fake) Values(_ context.Context, field, prefix string, n int, _ time.Time) ([]string, error) {
	f.asked = append(f.asked, "values "+field+" "+prefix)
	var values []string
	for _, v := range f.values {
		if strings.HasPrefix(v, prefix) && len(values) < n {
			values = append(values, v)
		}
	}
	return values, f.err
}

func (f *fake) Save(_ context.Context, edit ask.Edit) (ask.Saved, error) {
	f.saved = append(f.saved, edit)
	return ask.Saved{File: "segments/value.yaml", Line: 93}, f.save
}

// opened is what a link leads to.
type opened struct {
	page.Page

	what string
}

var links = workbench.Links{
	Members: func(word string) page.Page { return opened{what: "members " + word} },
	Why:     func(customer, word string) page.Page { return opened{what: "why " + customer + " " + word} },
}

// bench puts a workbench on a bench.
func bench(t testing.TB, name, rule string) (*pagetest.Bench, *fake) {
	t.Helper()
	f := newFake(t)
	return pagetest.New(t, workbench.New(name, rule, links), f).Settle(), f
}

// started runs the task that the page started last, as the program does.
func started(t *testing.T, b *pagetest.Bench) string {
	t.Helper()
	for _, sent := range slices.Backward(b.Sent) {
		switch msg := sent.(type) {
		case page.Confirm:
			b.Sent = append(b.Sent, runAll(msg.Yes)...)
			return started(t, b)
		case page.Start:
			text, err := msg.Do(context.Background(), b.Backend, pagetest.AsOf(), func(string) {})
			if err != nil {
				return "error: " + err.Error()
			}
			b.Send(msg.Then)
			return text
		}
	}
	t.Fatal("nothing was started")
	return ""
}

func runAll(cmd tea.Cmd) []tea.Msg {
	if cmd == nil {
		return nil
	}
	return []tea.Msg{cmd()}
}
