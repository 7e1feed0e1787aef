package definition

import "strata/segments/source"

// The codes of what can be wrong with a file before its rules are looked at.
const (
	codeFile      source.Code = "E001"
	codeTooLarge  source.Code = "E002"
	codeUTF8      source.Code = "E003"
	codeYAML      source.Code = "E004"
	codeDocuments source.Code = "E005"
	codeAlias     source.Code = "E006"
	codeMerge     source.Code = "E007"
	codeTag       source.Code = "E008"
	codeNoProject source.Code = "E009"

	codeUnknownKey   source.Code = "E010"
	codeDuplicateKey source.Code = "E011"
	codeMissingKey   source.Code = "E012"
	codeForm         source.Code = "E013"
	codeEmpty        source.Code = "E014"
	codeExclusive    source.Code = "E015"
	codeOneEntry     source.Code = "E016"

	codeName      source.Code = "E020"
	codeKeyword   source.Code = "E021"
	codeTaken     source.Code = "E022"
	codeLocal     source.Code = "E023"
	codeLocalWord source.Code = "E024"

	codeEntry source.Code = "E030"
	codeElse  source.Code = "E031"

	codeSize    source.Code = "E040"
	codeShare   source.Code = "E041"
	codeRange   source.Code = "E042"
	codeNumber  source.Code = "E043"
	codeBoolean source.Code = "E044"
	codeMoment  source.Code = "E045"
	codeWord    source.Code = "E046"

	codeListFile   source.Code = "E050"
	codeListColumn source.Code = "E051"
	codeCSV        source.Code = "E052"

	codeZone source.Code = "E060"
)

// Codes gives the meaning of each code in a line.
var Codes = map[source.Code]string{
	codeFile:      "a file or folder cannot be read",
	codeTooLarge:  "a file is larger than 4 MiB",
	codeUTF8:      "a file is not UTF-8 text",
	codeYAML:      "a file is not valid YAML",
	codeDocuments: "a file holds more than one YAML document",
	codeAlias:     "YAML anchors and aliases are not used here",
	codeMerge:     "YAML merge keys are not used here",
	codeTag:       "YAML tags are not used here",
	codeNoProject: "the folder has no strata.yaml",

	codeUnknownKey:   "a key is not known in its place",
	codeDuplicateKey: "a key stands twice in one map",
	codeMissingKey:   "a required key is missing",
	codeForm:         "a value, list or map stands where another of them belongs",
	codeEmpty:        "a key has no value, or an empty list or map",
	codeExclusive:    "of keys that exclude each other not exactly one is given",
	codeOneEntry:     "a map that takes one entry has another number of them",

	codeName:      "a name is not of the form a-z, then a-z, 0-9 or _",
	codeKeyword:   "a name is a word of the language",
	codeTaken:     "two definitions have one name",
	codeLocal:     "two leaves or stages of one definition have one name",
	codeLocalWord: "a leaf is named all, any or not, or a stage any",

	codeEntry: "an entry is no name: expression, group or bare name",
	codeElse:  "a partition does not end in else",

	codeSize:    "a size is not of the form 20..400",
	codeShare:   "a share is not of the form 30%",
	codeRange:   "a range is not of the form 0..100",
	codeNumber:  "a value is neither a number nor a param",
	codeBoolean: "a value is neither true nor false",
	codeMoment:  "a value is no date or timestamp",
	codeWord:    "a value is none of the words that its key takes",

	codeListFile:   "a list's file cannot be used",
	codeListColumn: "a list's file does not have the column",
	codeCSV:        "a list's file is not valid CSV",

	codeZone: "a time zone is not known",
}
