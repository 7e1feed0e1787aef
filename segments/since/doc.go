// Package since says since when one customer is in a segment or stage, what made
// it so, until when it stays so if nothing happens, and what would change it.
//
// In come a definition, a customer whose rows were copied (evaluate.Narrow), an
// as-of and a last as-of. Out goes a result.Course.
//
// The timeline follows the definition and, beside it, every single test of its
// rule: where the answer flips, the tests that flip at the same moment and without
// which it would not are looked at (structure.go, explain.go). What made a test
// flip is found by arithmetic on the rows that it reads (rows.go) or, where no row
// came or went, by asking what its parts are worth a microsecond before and then
// (clock.go). Changes are found by turning the tests of a rule one by one, and
// proved by adding rows that were made up and evaluating again (change.go,
// needs.go).
package since
