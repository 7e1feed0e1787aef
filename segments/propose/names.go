package propose

import (
	"strconv"

	"strata/segments/rule"
)

// unused is a name with a number behind it, where the name itself is used.
func unused(name string, used map[string]bool) string {
	free := name
	for n := 2; used[free]; n++ {
		free = name + "_" + strconv.Itoa(n)
	}
	return free
}

// names keeps apart what streams and definitions are called: no keyword, no
// customer field, no name twice.
type names map[string]bool

// take returns a free name made of the first that fits, and takes it.
func (n names) take(wanted ...string) string {
	for _, name := range wanted {
		if name != "" && !n[name] && !rule.IsKeyword(name) {
			n[name] = true
			return name
		}
	}
	name := "other"
	if last := wanted[len(wanted)-1]; last != "" {
		name = last
	}
	for free := 2; ; free++ {
		if text := name + "_" + strconv.Itoa(free); !n[text] && !rule.IsKeyword(text) {
			n[text] = true
			return text
		}
	}
}
