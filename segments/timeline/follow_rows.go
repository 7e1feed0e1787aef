package timeline

// followed is whether a sequence holds.
type followed struct {
	memo
	pattern *pattern
	sets    []stepSet
}

func (f *followed) spans(w *walk) []Span {
	return w.spansOf(f.memo, func(out []Span) []Span {
		if len(w.rows(f.sets[0].of).at) == 0 {
			return out
		}
		return w.sequences.spans(f.pattern, w.stepRows(f.sets), w.whole.From, w.whole.To, out)
	})
}

// followedTimes is the number of first rows that satisfy a sequence.
type followedTimes struct {
	memo
	pattern *pattern
	sets    []stepSet
}

func (q *followedTimes) steps(w *walk) []step {
	return w.stepsOf(q.memo, func(out []step) []step {
		return w.sequences.counts(q.pattern, w.stepRows(q.sets), w.whole.From, w.whole.To, out)
	})
}

// stepRows are the rows of a sequence's steps.
func (w *walk) stepRows(sets []stepSet) []stepRows {
	list := w.scratch.patternRows[:0]
	for len(w.scratch.agree) < len(sets) {
		w.scratch.agree = append(w.scratch.agree, nil)
	}
	for i, set := range sets {
		rows := w.rows(set.of)
		made := stepRows{at: rows.at}
		if set.same >= 0 {
			column := w.data(set.of).columns[set.same].low
			same := w.scratch.agree[i][:0]
			for _, row := range rows.index {
				same = append(same, column[row])
			}
			w.scratch.agree[i] = same
			made.same = same
		}
		list = append(list, made)
	}
	w.scratch.patternRows = list
	return list
}
