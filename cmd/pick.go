package cmd

import (
	"path"
	"slices"
	"strings"

	"strata/segments/definition"
)

// Commands that read files alone choose definitions here, so that they work
// while other definitions are wrong. A selector is a name, a glob of names,
// tag:T, owner:O or path:P, a file or a folder of the project.

// pickEntries returns the definitions that any selector matches, all of them
// without selectors. A selector that matches nothing is an error: a typing
// mistake must not look like an empty answer.
func pickEntries(set *definition.Set, selectors []string) ([]entry, error) {
	all := entries(set)
	if len(selectors) == 0 {
		return all, nil
	}
	chosen := make([]bool, len(all))
	for _, selector := range selectors {
		if strings.HasPrefix(selector, "+") {
			return nil, usage("%s: what a definition needs is not followed here", selector).advise("leave the + off")
		}
		matched := false
		for i, e := range all {
			if e.matches(selector) {
				chosen[i], matched = true, true
			}
		}
		if !matched {
			return nil, nothingMatches(selector, all)
		}
	}
	var picked []entry
	for i, e := range all {
		if chosen[i] {
			picked = append(picked, e)
		}
	}
	return picked, nil
}

// matches reports whether a selector means the definition.
func (e entry) matches(selector string) bool {
	key, value, found := strings.Cut(selector, ":")
	if !found {
		return glob(selector, e.about.Name.Name)
	}
	switch key {
	case "tag":
		return slices.Contains(e.about.Tags, value)
	case "owner":
		return value == e.about.Owner
	case "path":
		return underPath(value, e.file())
	}
	return false
}

// file is the path of the definition's file inside the project.
func (e entry) file() string {
	if e.about.At.File == nil {
		return ""
	}
	return e.about.At.File.Name
}

// glob reports whether a name fits a pattern; a broken pattern fits nothing.
func glob(pattern, name string) bool {
	fits, err := path.Match(pattern, name)
	return err == nil && fits
}

// underPath reports whether a file is the given one, lies in the given folder
// or fits the given glob.
func underPath(want, file string) bool {
	want = path.Clean(strings.TrimSuffix(want, "/"))
	return file == want || strings.HasPrefix(file, want+"/") || glob(want, file)
}

// nothingMatches names the definition that was probably meant.
func nothingMatches(selector string, all []entry) error {
	e := notFound("nothing is called %q", selector)
	if key, _, found := strings.Cut(selector, ":"); found {
		e = notFound("no definition matches %s", selector)
		if !slices.Contains([]string{"tag", "owner", "path"}, key) {
			return e.advise("selectors are names, globs, tag:, owner: and path: ('strata help selectors')")
		}
		return e.advise("'strata list --all' shows tags and owners")
	}
	var names []string
	for _, known := range all {
		names = append(names, known.about.Name.Name)
	}
	if e = suggest(e, selector, names); e.hint == "" {
		return e.advise("'strata list --all' shows what there is")
	}
	return e
}
