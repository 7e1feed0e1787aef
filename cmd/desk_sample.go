package cmd

import (
	"context"
	"math"
	"reflect"
	"sync"
	"time"

	"strata/reports/stats"
	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/evaluate"
	"strata/tui/ask"
)

// sampleSize is how many customers estimates look at: enough for a few percent of
// error, few enough to be counted while somebody types.
func sampleSize() evaluate.SampleSize {
	return evaluate.SampleSize{Share: 0.01, Least: 2000, Most: 200_000}
}

// sampleShelf holds the sample of a footing's data once somebody has asked for it.
type sampleShelf struct {
	mu      sync.Mutex
	sample  *evaluate.Sample
	sources []*catalog.Source
}

// get returns the sample, and makes it where there is none or where another
// program reads its sources in another way.
func (shelf *sampleShelf) get(ctx context.Context, stand *footing) (*evaluate.Sample, error) {
	shelf.mu.Lock()
	defer shelf.mu.Unlock()
	if shelf.sample != nil {
		return shelf.sample, nil
	}
	sample, err := stand.evaluator.Sample(ctx, sampleSize())
	if err != nil {
		return nil, err
	}
	shelf.sample, shelf.sources = sample, stand.program.Sources
	return sample, nil
}

// there returns the sample if it is there already.
func (shelf *sampleShelf) there() (*evaluate.Sample, bool) {
	if !shelf.mu.TryLock() {
		return nil, false
	}
	defer shelf.mu.Unlock()
	return shelf.sample, shelf.sample != nil
}

// handOver gives the sample to another footing on the same data, if its program
// reads the same sources. Nothing is left behind.
func (shelf *sampleShelf) handOver(ctx context.Context, to *footing) error {
	shelf.mu.Lock()
	defer shelf.mu.Unlock()
	sample := shelf.sample
	shelf.sample = nil
	switch {
	case sample == nil:
		return nil
	case !reflect.DeepEqual(shelf.sources, to.program.Sources):
		return sample.Close(ctx)
	}
	to.few.sample, to.few.sources = sample, to.program.Sources
	return nil
}

// Warm makes the sample that estimates come from, so that the first of them does
// not wait for it.
func (d *desk) Warm(ctx context.Context) error {
	_, err := answerOn(ctx, d, time.Time{}, func(ctx context.Context, s *standing) (struct{}, error) {
		sample, err := s.stand.few.get(ctx, s.stand)
		if err == nil {
			err = sample.Warm(ctx, s.evaluator)
		}
		return struct{}{}, err
	})
	return err
}

// Estimate counts in a sample of the customers.
func (d *desk) Estimate(ctx context.Context, word string, at time.Time) (ask.Estimate, error) {
	return answerOn(ctx, d, at, func(ctx context.Context, s *standing) (ask.Estimate, error) {
		segment, err := s.segment(ctx, word)
		if err != nil {
			return ask.Estimate{}, err
		}
		if reason := inexact(segment, map[check.Definition]bool{}); reason != "" {
			return ask.Estimate{}, refused("a sample cannot tell: %s", reason).advise("count all customers instead")
		}
		return s.estimate(ctx, segment)
	})
}

// inexact is why a part of the customers says nothing about all of them, "" where
// it does: a place among others is another one among fewer, and sql reads tables
// of all.
func inexact(d check.Definition, seen map[check.Definition]bool) string {
	if seen[d] {
		return ""
	}
	seen[d] = true
	if segment, ok := d.(*check.Segment); ok && segment.SQL != "" {
		return segment.DefinitionName() + " is given by sql"
	}
	reason := ""
	for _, gate := range check.GatesOf(d) {
		if reason == "" {
			reason = inexact(gate, seen)
		}
	}
	for _, x := range check.ExpressionsOf(d) {
		check.Walk(x, func(part check.Expr) bool {
			switch part := part.(type) {
			case *check.Ranking:
				if part.Rank && reason == "" {
					reason = "rank is a place among all customers"
				}
			case *check.Ref:
				if reason == "" {
					reason = inexact(part.Target, seen)
				}
			}
			return reason == ""
		})
	}
	return reason
}

// confidence is that of the interval of an estimate.
const confidence = 0.95

func (s *standing) estimate(ctx context.Context, segment *check.Segment) (ask.Estimate, error) {
	sample, few, err := s.sample(ctx, segment)
	if err != nil {
		return ask.Estimate{}, err
	}
	if sample.Share >= 1 {
		counts, err := s.countsOf(ctx, []*check.Segment{segment})
		if err != nil {
			return ask.Estimate{}, err
		}
		n := counts[0]
		return ask.Estimate{Members: n.Members, Low: n.Members, High: n.Members, Sampled: n.Customers, Customers: n.Customers}, nil
	}
	count, err := few.CountFew(ctx, segment, s.asOf)
	if freed := few.Forget(ctx); err == nil {
		err = freed
	}
	if err != nil {
		return ask.Estimate{}, answerable(err)
	}
	all, err := sample.Population(ctx, s.stand.evaluator, s.asOf)
	if err != nil {
		return ask.Estimate{}, err
	}
	return scaled(count.Members, count.Customers, all), nil
}

// sample is the sample and an evaluator on it that has what a segment reads. The
// copies are made to their end, also when the question is cancelled before:
// somebody who types asks the next one soon.
func (s *standing) sample(ctx context.Context, segment *check.Segment) (*evaluate.Sample, *evaluate.Evaluator, error) {
	type copies struct {
		sample *evaluate.Sample
		few    *evaluate.Evaluator
		err    error
	}
	done := make(chan copies, 1)
	always := context.WithoutCancel(ctx)
	begun := s.desk.begin(func() {
		var c copies
		defer func() { done <- c }()
		defer caught(&c.err)
		if c.sample, c.err = s.stand.few.get(always, s.stand); c.err == nil {
			c.few, c.err = c.sample.On(always, s.stand.evaluator, []check.Definition{segment})
		}
	})
	if !begun {
		return nil, nil, errClosed
	}
	select {
	case c := <-done:
		return c.sample, c.few, c.err
	case <-ctx.Done():
		return nil, nil, endedBy(ctx)
	}
}

// scaled is what k of n customers say about all of them: Wilson's interval, within
// what was seen.
func scaled(k, n, all int64) ask.Estimate {
	e := ask.Estimate{Sampled: n, Customers: all, High: all}
	within, ok := stats.Wilson(k, n, confidence)
	if !ok {
		return e
	}
	e.Members = int64(math.Round(float64(k) / float64(n) * float64(all)))
	e.Low = max(k, int64(math.Floor(within.Low*float64(all))))
	e.High = min(all-(n-k), int64(math.Ceil(within.High*float64(all))))
	return e
}

// Values are values of a text field, the most frequent first. They come from the
// sample if it is there, or else from all rows: the first that the database finds
// are the oldest and would not show what is usual now.
func (d *desk) Values(ctx context.Context, field, prefix string, n int, at time.Time) ([]string, error) {
	return answerOn(ctx, d, at, func(ctx context.Context, s *standing) ([]string, error) {
		q, source, err := frequent(s.program, field)
		if err != nil || n <= 0 {
			return []string{}, err
		}
		q.Prefix, q.Most = prefix, uint64(n)
		if sample, ok := s.stand.few.there(); ok {
			if few, ok := sample.Ready(s.stand.evaluator, source); ok {
				return few.Frequent(ctx, q, s.asOf)
			}
		}
		return s.evaluator.Frequent(ctx, q, s.asOf)
	})
}

// frequent is the question for values of a field, and the source it reads.
func frequent(program *check.Program, text string) (compile.Frequent, *catalog.Source, error) {
	stream, name := fieldName(text)
	for _, known := range program.Streams {
		if known.Name != stream {
			continue
		}
		column, ok := known.Columns[name]
		if !ok {
			break
		}
		if column.Type().Kind != catalog.Text {
			return compile.Frequent{}, nil, usage("%s is no text", text)
		}
		return compile.Frequent{Stream: known, Column: column}, known.Source, nil
	}
	if field, ok := program.Customers.Field(joinedName(stream, name)); ok {
		if field.Type.Kind != catalog.Text {
			return compile.Frequent{}, nil, usage("%s is no text", text)
		}
		return compile.Frequent{Field: field}, program.Customers, nil
	}
	return compile.Frequent{}, nil, notFound("there is no field %q", text).advise("fields of rows are written with their stream, such as order.status")
}

// joinedName is a field of customers that was cut at its first dot.
func joinedName(first, rest string) string {
	if first == "" || first == "customer" {
		return rest
	}
	return first + "." + rest
}
