package catalog

import "strings"

// StructParts returns the parts of a STRUCT type as DuckDB writes it, such as
// STRUCT(brand VARCHAR, "net size" STRUCT(a INTEGER)), and false for a type
// that is no STRUCT or cannot be read. Quotes around a name are undone.
func StructParts(physical string) ([]Column, bool) {
	p := strings.TrimSpace(physical)
	if len(p) < len("STRUCT()") || !strings.EqualFold(p[:6], "STRUCT") || !strings.HasSuffix(p, ")") {
		return nil, false
	}
	body := strings.TrimSpace(p[6:])
	if body[0] != '(' || closing(body) != len(body)-1 {
		return nil, false
	}
	var parts []Column
	for _, item := range splitTop(body[1 : len(body)-1]) {
		name, kind, ok := cutName(strings.TrimSpace(item))
		if !ok {
			return nil, false
		}
		parts = append(parts, Column{Name: name, Physical: kind})
	}
	return parts, len(parts) > 0
}

// closing returns the offset of the bracket that closes the one text starts
// with, or -1.
func closing(text string) int {
	found := -1
	scanTop(text, func(i int, depth int) bool {
		if text[i] == ')' && depth == 0 {
			found = i
			return false
		}
		return true
	})
	return found
}

// splitTop splits at the commas that stand outside of brackets and quotes.
func splitTop(text string) []string {
	var items []string
	start := 0
	scanTop(text, func(i int, depth int) bool {
		if text[i] == ',' && depth == 0 {
			items = append(items, text[start:i])
			start = i + 1
		}
		return true
	})
	return append(items, text[start:])
}

// scanTop visits the bytes outside of quotes with the depth of brackets behind
// them, until visit returns false.
func scanTop(text string, visit func(i, depth int) bool) {
	depth, quote := 0, byte(0)
	for i := range len(text) {
		switch b := text[i]; {
		case quote != 0:
			// A doubled quote closes and opens again, which comes to the same.
			if b == quote {
				quote = 0
			}
			continue
		case b == '"' || b == '\'':
			quote = b
			continue
		case b == '(':
			depth++
		case b == ')':
			depth--
		}
		if !visit(i, depth) {
			return
		}
	}
}

// cutName splits "name TYPE", the name possibly in double quotes.
func cutName(item string) (name, kind string, ok bool) {
	if !strings.HasPrefix(item, `"`) {
		name, kind, ok = strings.Cut(item, " ")
		plain := name != "" && !strings.ContainsAny(name, `"'(),`)
		return name, strings.TrimSpace(kind), ok && plain && strings.TrimSpace(kind) != ""
	}
	for i := 1; i < len(item); i++ {
		if item[i] != '"' {
			continue
		}
		if i+1 < len(item) && item[i+1] == '"' {
			i++
			continue
		}
		kind = strings.TrimSpace(item[i+1:])
		return strings.ReplaceAll(item[1:i], `""`, `"`), kind, i > 1 && kind != ""
	}
	return "", "", false
}
