package cmd

import (
	"context"
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

// KnownAt returns the moment of --as-known-at, nil without the flag. It says
// which sources cannot tell when their rows came; where none can, the flag
// would have no effect and is refused.
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
	if len(blind) > 0 && len(blind) >= len(program.Sources)-1 {
		return nil, usage("--as-known-at: no source maps loaded_at").
			advise("map the column that says when a row was loaded in strata.yaml")
	}
	for _, name := range blind {
		f.say("--as-known-at: the source %s maps no loaded_at, so all of its rows are counted", name)
	}
	at, err := f.instant(ctx, look, f.flags.knownAt)
	if err != nil {
		return nil, err
	}
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
