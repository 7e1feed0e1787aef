package segments_test

import "testing"

// BenchmarkHome is what a key costs the list: its actions, its questions and a
// frame.
func BenchmarkHome(b *testing.B) {
	bench := newHome(b).Settle()
	for b.Loop() {
		bench.Page.Actions(&bench.Context)
		bench.Page.Needs(&bench.Context)
		bench.Canvas(120, 32)
	}
}
