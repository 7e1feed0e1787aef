package definition

import (
	"fmt"
	"strings"

	"strata/segments/rule"
	"strata/segments/source"
)

// ValidName reports whether a definition may have a name; ErrBadName otherwise.
func ValidName(name string) error {
	if !namePattern.MatchString(name) || rule.IsKeyword(name) {
		return fmt.Errorf("%q: %w", name, ErrBadName)
	}
	return nil
}

// AddSegment returns a file in canonical form with a segment more, behind those
// it has. A file without segments gets the section; an empty text is a new file.
// title may be empty. Names in other files are not looked at: errors are ErrBadName,
// ErrTaken, ErrBraces, and a source.List.
func AddSegment(f *source.File, name, text, title string) (string, error) {
	if err := ValidName(name); err != nil {
		return "", err
	}
	value, err := readRuleValue(text)
	if err != nil {
		return "", err
	}
	before, list := FormatFile(f)
	if list.HasErrors() {
		return "", list
	}
	root, list := readYAML(source.NewFile(f.Name, before))
	if list.HasErrors() {
		return "", list
	}
	if root.get("segments").get(name) != nil {
		return "", fmt.Errorf("%s: %w", name, ErrTaken)
	}
	entry := value.entry(name, title)
	after, err := withEntry(before, root, entry)
	if err != nil {
		return "", err
	}
	done, list := FormatFile(source.NewFile(f.Name, after))
	if list.HasErrors() {
		return "", list
	}
	if !onlyAdded(before, done, name) {
		return "", errLost
	}
	return done, nil
}

// entry writes a segment as it stands below its section.
func (v ruleValue) entry(name, title string) string {
	text := strings.Repeat(" ", step) + name + ":\n"
	inner := strings.Repeat(" ", 2*step)
	if title != "" {
		text += inner + "title: " + styled(title, false) + "\n"
	}
	if v.expression != "" {
		return text + inner + ruleKey + ": " + styled(v.expression, false) + "\n"
	}
	if v.flow {
		return text + inner + ruleKey + ": " + strings.TrimLeft(indented(v.lines, 3*step), " ") + "\n"
	}
	return text + inner + ruleKey + ":\n" + indented(v.lines, 3*step) + "\n"
}

// withEntry puts a segment behind the last one.
func withEntry(src string, root *node, entry string) (string, error) {
	section := root.get("segments")
	switch {
	case root == nil:
		return joinedWithBlank(src, "segments:\n"+entry), nil
	case root.kind != mapNode || root.flow || section != nil && (section.flow || section.kind != mapNode):
		return "", ErrBraces
	case section == nil:
		return joinedWithBlank(src, "segments:\n"+entry), nil
	}
	end := behindComments(src, behindComment(src, section.span.End), step)
	end = lineEnd(src, end)
	return src[:end] + "\n\n" + entry + src[end:], nil
}

// joinedWithBlank puts a text behind another, with a blank line between them.
func joinedWithBlank(before, after string) string {
	if strings.TrimSpace(before) == "" {
		return after
	}
	return strings.TrimRight(before, "\n") + "\n\n" + after
}

// onlyAdded holds a file against what it was: without the new segment both mean
// the same.
func onlyAdded(before, after, name string) bool {
	s := definitionShape()
	old, list := readYAML(source.NewFile("", before))
	if list.HasErrors() {
		return false
	}
	now, list := readYAML(source.NewFile("", after))
	if list.HasErrors() || now.get("segments").get(name) == nil {
		return false
	}
	for i, section := range now.pairs {
		if section.key.kind != scalarNode || section.name() != "segments" {
			continue
		}
		var kept []pair
		for _, p := range section.value.pairs {
			if p.key.kind != scalarNode || p.name() != name {
				kept = append(kept, p)
			}
		}
		section.value.pairs = kept
		if len(kept) == 0 && old.get("segments") == nil {
			now.pairs = append(now.pairs[:i:i], now.pairs[i+1:]...)
			break
		}
	}
	if old == nil {
		return len(now.pairs) == 0
	}
	return canonOf(old, s) == canonOf(now, s)
}
