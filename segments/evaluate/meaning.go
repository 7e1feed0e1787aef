package evaluate

import "strata/segments/check"

// Meaning returns the canonical text of a definition with all that it needs, and
// the hash by which runs know it.
func Meaning(p *check.Program, d check.Definition) (hash, canonical string) { return meaning(p, d) }
