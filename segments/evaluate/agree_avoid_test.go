package evaluate_test

import (
	"os"
	"regexp"

	"strata/segments/check"
)

func (b *batch) avoided(d check.Definition) bool {
	p := os.Getenv("STRATA_AVOID")
	if p == "" {
		return false
	}
	re := regexp.MustCompile(p)
	for _, n := range needed(d) {
		if re.MatchString(b.definitions[n.DefinitionName()]) {
			return true
		}
	}
	return false
}
