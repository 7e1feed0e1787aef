package tui

import (
	"container/list"

	"strata/tui/page"
)

// frame is a page on the stack with what it knows.
type frame struct {
	page  page.Page
	slots map[string]*slot
	asker *asker
}

// slot is a place of a page and the question that fills it.
type slot struct {
	key   string
	state page.State
}

// settled reports whether the question of the slot has had its answer.
func (s *slot) settled() bool {
	return s.state.Err != nil || s.state.Stopped || s.state.Value != nil && !s.state.Old
}

func newFrame(p page.Page, a *asker) *frame {
	return &frame{page: p, slots: map[string]*slot{}, asker: a}
}

func (f *frame) slot(name string) *slot {
	s := f.slots[name]
	if s == nil {
		s = &slot{}
		f.slots[name] = s
	}
	return s
}

// Slot implements page.Answers.
func (f *frame) Slot(name string) page.State {
	s := f.slots[name]
	if s == nil {
		return page.State{}
	}
	return f.asker.state(s)
}

// answers are what is known, the longest unused going first.
type answers struct {
	most  int
	order *list.List
	byKey map[string]*list.Element
}

type known struct {
	key   string
	state page.State
}

func newAnswers(most int) *answers {
	return &answers{most: most, order: list.New(), byKey: map[string]*list.Element{}}
}

func (a *answers) get(key string) (page.State, bool) {
	e := a.byKey[key]
	if e == nil {
		return page.State{}, false
	}
	a.order.MoveToFront(e)
	return e.Value.(known).state, true //nolint:forcetypeassert // The list holds nothing else.
}

func (a *answers) put(key string, state page.State) {
	a.drop(key)
	a.byKey[key] = a.order.PushFront(known{key, state})
	for a.order.Len() > a.most {
		last := a.order.Back()
		delete(a.byKey, last.Value.(known).key) //nolint:forcetypeassert // As above.
		a.order.Remove(last)
	}
}

func (a *answers) drop(key string) {
	if e := a.byKey[key]; e != nil {
		a.order.Remove(e)
		delete(a.byKey, key)
	}
}
