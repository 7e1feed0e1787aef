package cmd

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"strata/segments/check"
	"strata/segments/evaluate"
	"strata/segments/plan"
)

// wordsKept is how many evaluations stay open: each holds a table in memory with
// a row for every customer.
const wordsKept = 4

// wordShelf keeps the last evaluations, so that another question about the same
// rule reads no source.
type wordShelf struct {
	mu sync.Mutex
	// kept has the one that was used last at its end.
	kept []*keptWords
}

// keptWords is an evaluation that is kept, or on its way.
type keptWords struct {
	at          time.Time
	definitions []check.Definition
	// made is closed when words or err are there.
	made  chan struct{}
	words *evaluate.Words
	err   error
	// users read the words; off says that the last of them closes the words.
	users int
	off   bool
}

// holds reports whether the evaluation answers for definitions at a moment.
func (k *keptWords) holds(definitions []check.Definition, at time.Time) bool {
	return k.at.Equal(at) && !slices.ContainsFunc(definitions, func(d check.Definition) bool { return !slices.Contains(k.definitions, d) })
}

// get returns words of definitions that are evaluated together, kept or new, and
// what to call when they are no longer read. Who asks for what somebody else is
// evaluating waits for it.
func (shelf *wordShelf) get(ctx context.Context, e *evaluate.Evaluator, definitions []check.Definition, at time.Time) (*evaluate.Words, func() error, error) {
	for {
		k, mine, old := shelf.take(definitions, at)
		err := closeAll(ctx, old)
		if mine {
			shelf.fill(ctx, k, e)
		}
		select {
		case <-k.made:
		case <-ctx.Done():
			return nil, nil, errors.Join(endedBy(ctx), err, shelf.leave(ctx, k))
		}
		if k.err == nil && err == nil {
			return k.words, func() error { return shelf.leave(ctx, k) }, nil
		}
		err = errors.Join(k.err, err, shelf.leave(ctx, k))
		if mine || ctx.Err() != nil || !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
			return nil, nil, err
		}
		// Who was evaluating has left; somebody else has to.
	}
}

// take finds an evaluation, or makes a place for one that the caller fills. What
// the shelf has no room for and nobody reads is returned.
func (shelf *wordShelf) take(definitions []check.Definition, at time.Time) (k *keptWords, mine bool, old []*evaluate.Words) {
	shelf.mu.Lock()
	defer shelf.mu.Unlock()
	place := slices.IndexFunc(shelf.kept, func(k *keptWords) bool { return k.holds(definitions, at) })
	if mine = place < 0; mine {
		k = &keptWords{at: at, definitions: slices.Clone(definitions), made: make(chan struct{})}
	} else {
		k = shelf.kept[place]
		shelf.kept = slices.Delete(shelf.kept, place, place+1)
	}
	k.users++
	shelf.kept = append(shelf.kept, k)
	for len(shelf.kept) > wordsKept {
		old = append(old, shelf.drop(0)...)
	}
	return k, mine, old
}

// drop takes an evaluation off the shelf and returns its words if nobody reads
// them. The lock is held.
func (shelf *wordShelf) drop(place int) []*evaluate.Words {
	k := shelf.kept[place]
	shelf.kept = slices.Delete(shelf.kept, place, place+1)
	k.off = true
	if k.users == 0 && k.words != nil {
		return []*evaluate.Words{k.words}
	}
	return nil
}

// fill evaluates.
func (shelf *wordShelf) fill(ctx context.Context, k *keptWords, e *evaluate.Evaluator) {
	k.err = errors.New("the evaluation ended early") // Unless it comes to its end.
	defer func() {
		if k.err != nil {
			shelf.forget(k)
		}
		close(k.made)
	}()
	own := e.Apart()
	words, err := own.Words(ctx, k.definitions, k.at)
	if freed := own.Forget(ctx); freed != nil && err == nil {
		err = errors.Join(freed, words.Close(ctx))
	}
	k.words, k.err = words, err
	if err != nil {
		k.words = nil
	}
}

// forget takes an evaluation that failed off the shelf.
func (shelf *wordShelf) forget(k *keptWords) {
	shelf.mu.Lock()
	defer shelf.mu.Unlock()
	if place := slices.Index(shelf.kept, k); place >= 0 {
		shelf.drop(place)
	}
}

// leave ends a use.
func (shelf *wordShelf) leave(ctx context.Context, k *keptWords) error {
	shelf.mu.Lock()
	k.users--
	last := k.off && k.users == 0
	shelf.mu.Unlock()
	if last && k.words != nil {
		return k.words.Close(ctx)
	}
	return nil
}

// empty takes everything off the shelf.
func (shelf *wordShelf) empty(ctx context.Context) error {
	shelf.mu.Lock()
	var old []*evaluate.Words
	for len(shelf.kept) > 0 {
		old = append(old, shelf.drop(0)...)
	}
	shelf.mu.Unlock()
	return closeAll(ctx, old)
}

func closeAll(ctx context.Context, old []*evaluate.Words) error {
	var failed []error
	for _, words := range old {
		failed = append(failed, words.Close(ctx))
	}
	return errors.Join(failed...)
}

// standing is a session with what the desk keeps for it.
type standing struct {
	*session

	desk  *desk
	stand *footing
}

// together tells definitions that are evaluated together from those that have
// statements of their own.
func (s *session) together(definitions []check.Definition) (shared, alone []check.Definition) {
	for _, unit := range plan.Build(s.program, definitions).Units {
		if unit.Alone == "" {
			shared = append(shared, unit.Definition)
		} else {
			alone = append(alone, unit.Definition)
		}
	}
	return shared, alone
}

// reading lends the words of definitions that are evaluated together.
func (s *standing) reading(ctx context.Context, definitions []check.Definition, read func(w *evaluate.Words) error) (err error) {
	words, leave, err := s.stand.words.get(ctx, s.stand.evaluator, definitions, s.asOf)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, leave()) }()
	return read(words)
}

// rulesKept bounds the texts that are remembered.
const rulesKept = 200

// segment is what a word means. A rule that was asked about before is the same
// segment again, so that what was evaluated for it is found.
func (s *standing) segment(ctx context.Context, word string) (*check.Segment, error) {
	if _, ok := s.program.Lookup(word); ok {
		return s.session.segment(ctx, word)
	}
	known := &s.stand.rules
	known.mu.Lock()
	defer known.mu.Unlock()
	if segment, ok := known.known[word]; ok {
		return segment, nil
	}
	segment, err := s.session.segment(ctx, word)
	if err != nil {
		return nil, err
	}
	if known.known == nil || len(known.known) >= rulesKept {
		known.known = map[string]*check.Segment{}
	}
	known.known[word] = segment
	return segment, nil
}

// segments are what words mean.
func (s *standing) segments(ctx context.Context, words []string) ([]*check.Segment, error) {
	list := make([]*check.Segment, 0, len(words))
	for _, word := range words {
		segment, err := s.segment(ctx, word)
		if err != nil {
			return nil, err
		}
		list = append(list, segment)
	}
	return list, nil
}
