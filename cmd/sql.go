package cmd

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/evaluate"
	"strata/segments/plan"
)

type sqlOptions struct {
	f    *factory
	what []string
	// explain asks DuckDB how it would run the statement.
	explain bool
	// plan shows how definitions are evaluated together, statements the SQL of
	// that.
	plan, statements bool
}

func newSQLCommand(f *factory) *cobra.Command {
	opts := sqlOptions{f: f}
	c := &cobra.Command{
		Use:   "sql NAME|RULE|-",
		Short: "Print the SQL of a segment, partition, trait or rule",
		Long: `Print the statement that a definition means at the as-of: the population first,
then a step for each value over rows, each leaf and each definition it names.
All values stand in it, so the DuckDB shell runs it as it is.

With --plan, which takes any number of names, rules and selectors (none are all
segments and partitions), print how they would be evaluated together: what is
read, the distinct traits (t1, t2, ...) and conditions (c1, c2, ...) with the
number of definitions that need each, and each definition as a formula over
conditions, with what it shares with those before it and what it adds. This
needs no warehouse. --statements prints the SQL that the plan comes to.`,
		Example: `  strata sql vip
  strata sql vip --at 2026-08-01 | duckdb warehouse.duckdb
  strata sql --plan vip high_value 'count(order) last 30 days >= 2'
  strata sql --plan tag:crm -o json
  strata sql --plan --statements tag:crm`,
		GroupID:           groupAsk,
		ValidArgsFunction: f.completeNames("segment", "partition", "trait"),
		Args: func(c *cobra.Command, args []string) error {
			if opts.plan {
				return nil
			}
			return one("a definition, a rule or -")(c, args)
		},
		RunE: func(c *cobra.Command, args []string) error {
			opts.what = args
			return runSQL(c.Context(), opts)
		},
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.BoolVar(&opts.explain, "explain", false, "print the plan by which DuckDB would run it")
	flags.BoolVar(&opts.plan, "plan", false, "print how definitions are evaluated together")
	flags.BoolVar(&opts.statements, "statements", false, "with --plan, print the SQL that it comes to")
	declare(c, []string{formatText, formatJSON}, nil)
	return c
}

func runSQL(ctx context.Context, opts sqlOptions) error {
	switch {
	case opts.plan && opts.explain:
		return usage("--plan and --explain exclude each other")
	case opts.plan:
		return runPlan(ctx, opts)
	case opts.statements:
		return usage("--statements goes with --plan")
	case opts.f.format == formatJSON:
		return usage("the SQL of one definition has only one form of output").advise("leave --json off, or ask for --plan")
	}
	return runStatement(ctx, opts)
}

// runStatement prints the statement of one definition.
func runStatement(ctx context.Context, opts sqlOptions) error {
	s, err := opts.f.session(ctx)
	if err != nil {
		return err
	}
	d, ok := s.program.Lookup(opts.what[0])
	if !ok {
		if d, err = s.segment(ctx, opts.what[0]); err != nil {
			return err
		}
	}
	form := evaluate.ForShell
	if opts.explain {
		form = evaluate.ForRunning
	}
	statement, err := s.statement(ctx, d, form)
	if err != nil {
		return err
	}
	text, err := statement.Literal()
	if err == nil && opts.explain {
		text, err = s.evaluator.Explain(ctx, statement)
	}
	if err != nil {
		return err
	}
	s.say("%s", momentText(s.asOf, s.knownAt))
	if _, err := io.WriteString(s.env.Stdout, text); err != nil {
		return environment("write the statement: %w", err)
	}
	return nil
}

// statement is that of one definition at the as-of.
func (s *session) statement(ctx context.Context, d check.Definition, form evaluate.Form) (compile.Statement, error) {
	compiler, err := s.evaluator.Compiler(ctx, s.asOf, form)
	if err != nil {
		return compile.Statement{}, answerable(err)
	}
	statement, err := statementOf(compiler, d)
	return statement, answerable(err)
}

// statementOf is the members of what has members, and a value for every
// customer of what has values.
func statementOf(compiler *compile.Compiler, d check.Definition) (compile.Statement, error) {
	switch d.(type) {
	case *check.Trait, *check.Partition:
		return compiler.Values(d)
	}
	return compiler.Members(d)
}

// runPlan prints how definitions are evaluated together. Only their statements
// need the warehouse.
func runPlan(ctx context.Context, opts sqlOptions) error {
	f := opts.f
	if err := f.planForm(); err != nil {
		return err
	}
	program, err := f.Program()
	if err != nil {
		return err
	}
	s := &session{factory: f, program: program}
	definitions, err := s.planned(ctx, opts.what)
	if err != nil {
		return err
	}
	p := plan.Build(program, definitions)
	if !opts.statements {
		return f.showPlan(p.Describe())
	}
	if s, err = f.session(ctx); err != nil {
		return err
	}
	return s.showStatements(ctx, p)
}

// selection are the words that can only be meant as selectors: rules are
// longer, and have no word before a colon.
var selection = regexp.MustCompile(`^\+?([a-z]+:.*|[a-z0-9_*?\[\]-]+)$`)

// planned are the definitions that words mean, each once, in the order of the
// words: selectors, stages and rules.
func (s *session) planned(ctx context.Context, words []string) ([]check.Definition, error) {
	if len(words) == 0 {
		return s.program.Select(nil)
	}
	var list []check.Definition
	for _, word := range words {
		found, err := s.program.Select([]string{word})
		switch {
		case err == nil:
		case word != "-" && selection.MatchString(word):
			return nil, s.noDefinition(word)
		default:
			segment, err := s.segment(ctx, word)
			if err != nil {
				return nil, err
			}
			found = []check.Definition{segment}
		}
		for _, d := range found {
			if !slices.Contains(list, d) {
				list = append(list, d)
			}
		}
	}
	return list, nil
}

// planStatement is a statement of a plan.
type planStatement struct {
	Name string `json:"name"`
	SQL  string `json:"sql"`
}

// showStatements prints the statements of a plan at the as-of: those that make
// the words, and one for the members of each segment and stage.
func (s *session) showStatements(ctx context.Context, p *plan.Plan) error {
	compiler, err := s.evaluator.Compiler(ctx, s.asOf, evaluate.ForShell)
	if err != nil {
		return answerable(err)
	}
	w := &statementWriter{compiler: compiler}
	if p.Together() {
		if err := w.shared(p); err != nil {
			return answerable(err)
		}
	}
	for _, u := range p.Units {
		if err := w.unit(u); err != nil {
			return answerable(fmt.Errorf("write the statement of %s: %w", u.Definition.DefinitionName(), err))
		}
	}
	if s.format == formatJSON {
		asOf := s.asOf
		return s.writePlan(planData{Description: p.Describe(), Statements: w.list}, planMeta{AsOf: &asOf, KnownAt: s.knownAt})
	}
	s.say("%s", momentText(s.asOf, s.knownAt))
	for _, statement := range w.list {
		text := "-- " + inert(statement.Name) + "\n"
		if statement.SQL != "" {
			text += statement.SQL + ";\n"
		}
		text += "\n"
		if _, err := io.WriteString(s.env.Stdout, text); err != nil {
			return environment("write the statements: %w", err)
		}
	}
	return nil
}

// statementWriter collects the statements of a plan.
type statementWriter struct {
	compiler *compile.Compiler
	words    *compile.Shared
	list     []planStatement
}

func (w *statementWriter) add(name string, statement compile.Statement) error {
	text, err := statement.Literal()
	if err != nil {
		return err
	}
	w.list = append(w.list, planStatement{Name: name, SQL: strings.TrimSpace(text)})
	return nil
}

// shared adds the statements that make the words. They live in the in-memory
// database, which a shell on the warehouse has to attach.
func (w *statementWriter) shared(p *plan.Plan) (err error) {
	if w.words, err = w.compiler.Shared(p, compile.SharedOptions{Prefix: "strata"}); err != nil {
		return err
	}
	w.list = append(w.list, planStatement{Name: "a place for the tables", SQL: "ATTACH IF NOT EXISTS ':memory:' AS memory"})
	for _, step := range w.words.Steps {
		name := step.Name
		if step.Most != nil {
			name += fmt.Sprintf(" (right while no customer has more than %d rows in it)", step.Bound)
		}
		if err := w.add(name, step.Statement); err != nil {
			return err
		}
	}
	return nil
}

// unit adds the statements of a definition's members.
func (w *statementWriter) unit(u *plan.Unit) error {
	name := u.Definition.DefinitionName()
	if w.words == nil || u.Alone != "" {
		statement, err := statementOf(w.compiler, u.Definition)
		if isLater(err) {
			w.list = append(w.list, planStatement{Name: "left out " + name + ": " + err.Error()})
			return nil
		}
		if err != nil {
			return err
		}
		return w.add(u.Definition.DefinitionKind()+" "+name, statement)
	}
	if u.Members != nil {
		return w.members("segment "+name, u.Members)
	}
	for i, stage := range u.Definition.(*check.Partition).Stages {
		if err := w.members("stage "+name+"."+stage.Name, u.InStage(i)); err != nil {
			return err
		}
	}
	return nil
}

// members adds the statement of those for whom a formula holds.
func (w *statementWriter) members(name string, f *plan.Formula) error {
	statement, err := w.words.Keys(f)
	if err != nil {
		return err
	}
	return w.add(name, statement)
}
