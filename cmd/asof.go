package cmd

import (
	"context"
	"strings"
	"time"
)

// lookups answer what an as-of can ask of the data. They are given by commands,
// so that only those that have a database open one.
type lookups struct {
	// latest returns the first whole second after the newest row.
	latest func(context.Context) (time.Time, error)
	// run returns the as-of of a snapshot.
	run func(context.Context, int64) (time.Time, error)
}

// AsOf returns the moment that the command speaks of: --at, else as_of of
// strata.yaml, else the clock.
func (f *factory) AsOf(ctx context.Context, look lookups) (time.Time, error) {
	return f.instant(ctx, look, f.flags.at)
}

// momentText says for people which moment an answer speaks of, and what of the
// rows it has seen.
func momentText(asOf time.Time, knownAt *time.Time) string {
	text := "as of " + asOf.Format(momentForm)
	if knownAt != nil {
		text += ", as known at " + knownAt.Format(momentForm)
	}
	return text
}

// momentForm is a moment in the words of people.
const momentForm = "2006-01-02 15:04:05 MST"

// fromStore refuses --as-known-at where an answer is read from the store: what
// stands there was evaluated before, and nothing can be hidden from it any more.
func (f *factory) fromStore() error {
	if f.flags.knownAt == "" {
		return nil
	}
	return usage("--as-known-at is for what is evaluated now, and this is read from the store").
		advise("'strata run --as-known-at MOMENT' keeps what was known then; 'strata history NAME --exact' evaluates")
}

// KnownAt returns the moment of --as-known-at in the project's zone, nil without
// the flag. It says what the flag does not hide: sources that cannot tell when
// their rows came, and segments given by sql; where it would hide nothing at all
// it is refused.
func (f *factory) KnownAt(ctx context.Context, look lookups) (*time.Time, error) {
	if f.flags.knownAt == "" {
		return nil, nil //nolint:nilnil // No moment is an answer, not a failure.
	}
	program, err := f.Program()
	if err != nil {
		return nil, err
	}
	var blind []string
	for _, s := range program.Sources {
		if s.LoadedAt == nil && s != program.Customers {
			blind = append(blind, s.Name)
		}
	}
	if len(blind) >= len(program.Sources)-1 {
		return nil, usage("--as-known-at: no source maps loaded_at").
			advise("map the column that says when a row was loaded in strata.yaml")
	}
	for _, name := range blind {
		f.say("--as-known-at: the source %s maps no loaded_at, so all of its rows are counted", name)
	}
	var given []string
	for _, s := range program.Segments {
		if s.SQL != "" {
			given = append(given, s.DefinitionName())
		}
	}
	if len(given) > 0 {
		f.say("--as-known-at: the sql of %s is run as it stands and sees all rows", strings.Join(given, ", "))
	}
	at, err := f.instant(ctx, look, f.flags.knownAt)
	if err != nil {
		return nil, err
	}
	at = at.In(program.Zone)
	return &at, nil
}

// instant resolves a moment in the words of --at.
func (f *factory) instant(ctx context.Context, look lookups, text string) (time.Time, error) {
	program, err := f.Program()
	if err != nil {
		return time.Time{}, err
	}
	asked, err := parseMoment(text)
	if err != nil {
		return time.Time{}, err
	}
	usual, err := parseMoment(program.Set.Project.AsOf.Value)
	if err != nil {
		return time.Time{}, err
	}
	m := moments{zone: program.Zone, usual: usual, now: f.env.Now, latest: look.latest, run: look.run}
	return m.resolve(ctx, asked)
}
