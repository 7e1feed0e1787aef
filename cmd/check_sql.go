package cmd

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	"strata/segments/check"
	"strata/segments/evaluate"
	"strata/segments/source"
	"strata/sql/warehouse"
)

// codeRefusedSQL is the diagnostic for SQL that the guard does not let run.
const codeRefusedSQL source.Code = "E500"

// place stands before a guard's message; a diagnostic has its own.
var place = regexp.MustCompile(`^\d+:\d+: `)

// refusedSQL asks the guard about the SQL of all sql: segments. It needs the
// database's parser, but no warehouse.
func (f *factory) refusedSQL(ctx context.Context, program *check.Program) (found source.List, err error) {
	allowed := evaluate.AllowedSQL(program, f.env.Now())
	var parser *warehouse.Parser
	for _, segment := range program.Segments {
		if segment.SQL == "" {
			continue
		}
		if parser == nil {
			if parser, err = warehouse.NewParser(ctx); err != nil {
				return nil, fmt.Errorf("start the parser of SQL: %w", err)
			}
			defer func() { err = errors.Join(err, parser.Close()) }()
		}
		_, refused := parser.Guard(ctx, segment.SQL, allowed)
		if problem, ok := errors.AsType[*warehouse.Error](refused); ok && problem.Kind == warehouse.Refused {
			found.Add(sqlDiagnostic(segment, problem))
		} else if refused != nil {
			return nil, fmt.Errorf("check the sql of segment %s: %w", segment.DefinitionName(), refused)
		}
	}
	return found, nil
}

// sqlDiagnostic places a refusal in the file of its segment.
func sqlDiagnostic(segment *check.Segment, problem *warehouse.Error) source.Diagnostic {
	text := segment.Definition.SQL.Text
	at := segment.Definition.SQL.At()
	if problem.Offset != nil {
		end := *problem.Offset
		for end < len(text.Text) && isWordByte(text.Text[end]) {
			end++
		}
		at = text.Span(*problem.Offset, max(end, *problem.Offset+1))
	}
	return source.Diagnostic{
		Code: codeRefusedSQL, Severity: source.Error, Span: at,
		Message: place.ReplaceAllString(problem.Message, ""), Hint: problem.Hint,
	}
}

func isWordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80
}
