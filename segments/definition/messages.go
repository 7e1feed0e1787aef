package definition

import (
	"fmt"

	"strata/segments/source"
)

// Every message of this package is made here, so that they speak alike.

func fault(code source.Code, at source.Span, message, hint string) source.Diagnostic {
	return source.Diagnostic{Code: code, Severity: source.Error, Message: message, Span: at, Hint: hint}
}

// fileStart is the place of a problem with a whole file.
func fileStart(name string) source.Span { return source.Span{File: source.NewFile(name, "")} }

func diagFile(name string, err error) source.Diagnostic {
	return fault(codeFile, fileStart(name), fmt.Sprintf("cannot be read: %v", err), "")
}

func diagOutside(name string) source.Diagnostic {
	return fault(codeFile, fileStart(name), "is a link that leads out of the project", "copy the file into the project")
}

func diagLinkedFolder(name string) source.Diagnostic {
	return fault(codeFile, fileStart(name), "is a link to a folder, which is not followed", "move the folder here")
}

func diagTooLarge(name string, size int64) source.Diagnostic {
	return fault(codeTooLarge, fileStart(name), fmt.Sprintf("has %d bytes, more than the %d that are read", size, int64(maxFileSize)), "split it")
}

func diagUTF8(at source.Span) source.Diagnostic {
	return fault(codeUTF8, at, "is not UTF-8 text", "save the file as UTF-8")
}

func diagNoProject() source.Diagnostic {
	return fault(codeNoProject, fileStart(projectFile), "there is no strata.yaml", "strata init writes one")
}

func diagYAML(at source.Span, reason, hint string) source.Diagnostic {
	return fault(codeYAML, at, "not valid YAML: "+reason, hint)
}

func diagDocuments(at source.Span) source.Diagnostic {
	return fault(codeDocuments, at, "a second YAML document starts here", "one file holds one document; move it to a file of its own")
}

func diagAlias(at source.Span, text, hint string) source.Diagnostic {
	return fault(codeAlias, at, fmt.Sprintf("%q is a YAML alias, which is not used here", text), orQuoted("write the value out, or make it a param", hint))
}

func diagAnchor(at source.Span, text, hint string) source.Diagnostic {
	return fault(codeAlias, at, fmt.Sprintf("%q is a YAML anchor, which is not used here", text), orQuoted("leave it out", hint))
}

// orQuoted adds to a hint how to quote what may have been an expression.
func orQuoted(hint, quotedForm string) string {
	if quotedForm == "" {
		return hint
	}
	return hint + ", or " + quotedForm
}

func diagMerge(at source.Span) source.Diagnostic {
	return fault(codeMerge, at, "<< is a YAML merge key, which is not used here", "write the keys out")
}

func diagTag(at source.Span, text, hint string) source.Diagnostic {
	return fault(codeTag, at, fmt.Sprintf("%q is a YAML tag, which is not used here", text), orQuoted("leave it out", hint))
}

func diagUnknownKey(at source.Span, key string, s *shape) source.Diagnostic {
	hint := source.DidYouMean(key, s.keyNames())
	if hint == "" {
		hint = "keys here are " + source.Enumerate(s.keyNames())
	}
	return fault(codeUnknownKey, at, fmt.Sprintf("unknown key %q in %s", key, s.name), hint)
}

func diagRestOfExpression(at source.Span, quoted string) source.Diagnostic {
	return fault(codeUnknownKey, at, "this looks like the rest of an expression that a comma or bracket cut off",
		"inside { } and [ ] quote such an expression: "+quoted)
}

func diagDuplicateKey(at source.Span, key string, first source.Span) source.Diagnostic {
	d := fault(codeDuplicateKey, at, fmt.Sprintf("key %q stands twice", key), "keep one of the two")
	d.Related = []source.Related{{Span: first, Message: "the first is here"}}
	return d
}

func diagMissingKey(at source.Span, key string, s *shape) source.Diagnostic {
	return fault(codeMissingKey, at, fmt.Sprintf("%s needs the key %q", s.name, key), "")
}

func diagNeeds(at source.Span, has, needs string) source.Diagnostic {
	return fault(codeMissingKey, at, fmt.Sprintf("the key %q needs the key %q beside it", has, needs), "")
}

func diagForm(at source.Span, label, want string, got nodeKind) source.Diagnostic {
	return fault(codeForm, at, fmt.Sprintf("%s must be %s, not a %s", label, want, got), "")
}

func diagEmpty(at source.Span, label string) source.Diagnostic {
	return fault(codeEmpty, at, label+" is empty", "give it a value or leave it out")
}

func diagExclusive(at source.Span, s *shape, keys []string) source.Diagnostic {
	return fault(codeExclusive, at, fmt.Sprintf("%s needs exactly one of %s", s.name, source.Enumerate(keys)), "")
}

func diagOneEntry(at source.Span, label string, n int) source.Diagnostic {
	return fault(codeOneEntry, at, fmt.Sprintf("%s takes one entry, not %d", label, n), "put a dash before each entry, or split them")
}

func diagName(at source.Span, name string) source.Diagnostic {
	d := fault(codeName, at, fmt.Sprintf("%q is no name", name), "names start with a-z and go on with a-z, 0-9 and _")
	if better := asName(name); better != "" {
		d.Hint += fmt.Sprintf(", such as %q", better)
	}
	return d
}

func diagKeyword(at source.Span, name string) source.Diagnostic {
	return fault(codeKeyword, at, fmt.Sprintf("%q is a word of the language and cannot be a name", name),
		fmt.Sprintf("add to it, such as %q", "my_"+name))
}

func diagTaken(at source.Span, name string, first source.Span, kind string) source.Diagnostic {
	d := fault(codeTaken, at, fmt.Sprintf("the name %q is taken", name), "names are unique over all files and kinds")
	d.Related = []source.Related{{Span: first, Message: "by this " + kind}}
	return d
}

func diagLocal(at source.Span, what, name string, first source.Span) source.Diagnostic {
	d := fault(codeLocal, at, fmt.Sprintf("the %s %q stands twice in this definition", what, name), "")
	d.Related = []source.Related{{Span: first, Message: "the first is here"}}
	return d
}

func diagLocalWord(at source.Span, what, name string) source.Diagnostic {
	return fault(codeLocalWord, at, fmt.Sprintf("a %s cannot be named %q", what, name), "")
}

func diagEntry(at source.Span, hint string) source.Diagnostic {
	return fault(codeEntry, at, "an entry is a name with an expression, a group, or the bare name of a segment or list", hint)
}

func diagElse(at source.Span, message string) source.Diagnostic {
	return fault(codeElse, at, message, "end with an entry such as  - rest: else")
}

func diagSize(at source.Span, text string) source.Diagnostic {
	return fault(codeSize, at, fmt.Sprintf("%q is no size", text), "write 20..400, 20.., ..400 or one number")
}

func diagShare(at source.Span, text string) source.Diagnostic {
	return fault(codeShare, at, fmt.Sprintf("%q is no share", text), "write a number with a percent sign, such as 30%")
}

func diagRange(at source.Span, text string) source.Diagnostic {
	return fault(codeRange, at, fmt.Sprintf("%q is no range", text), "write the lower and the upper end, such as 0..100")
}

func diagNumber(at source.Span, key, text string) source.Diagnostic {
	return fault(codeNumber, at, fmt.Sprintf("%q must be a number or a param, not %q", key, text), "")
}

func diagBoolean(key string, s Scalar) source.Diagnostic {
	hint := ""
	if s.Quoted {
		hint = "leave the quotes out"
	}
	return fault(codeBoolean, s.At(), fmt.Sprintf("%q must be true or false, not %q", key, s.Value), hint)
}

func diagMoment(at source.Span, text, also string) source.Diagnostic {
	return fault(codeMoment, at, fmt.Sprintf("%q is no date or timestamp", text), "write 2026-01-15 or 2026-01-15 12:00"+also)
}

func diagListFile(at source.Span, name, reason string) source.Diagnostic {
	return fault(codeListFile, at, fmt.Sprintf("the file %q %s", name, reason), "the path starts at the project's folder")
}

func diagListColumn(at source.Span, name, file string, columns []string) source.Diagnostic {
	hint := source.DidYouMean(name, columns)
	if hint == "" {
		hint = "its columns are " + source.Enumerate(columns)
	}
	return fault(codeListColumn, at, fmt.Sprintf("%s has no column %q", file, name), hint)
}

func diagCSV(at source.Span, file string, err error) source.Diagnostic {
	return fault(codeCSV, at, fmt.Sprintf("%s is not valid CSV: %v", file, err), "")
}

func diagZone(at source.Span, name string) source.Diagnostic {
	return fault(codeZone, at, fmt.Sprintf("the time zone %q is not known", name), "use a name of the IANA database, such as Europe/Berlin")
}
