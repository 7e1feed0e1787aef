package cmd

import (
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDuckDBVersion(t *testing.T) {
	t.Parallel()
	for driver, want := range map[string]any{
		"v2.10505.0": "v1.5.5", "v2.10400.1": "v1.4.0", "v2.20000.0": "v2.0.0", "v2.11234.0": "v1.12.34",
		"": nil, "v2": nil, "v2.0.0": nil, "v2.x.0": nil, "(devel)": nil,
	} {
		require.Equal(t, want, duckdbVersion(driver), driver)
	}
}

func TestVersionTellsWhatTheLinkerNoted(t *testing.T) {
	t.Parallel()
	built := &debug.BuildInfo{
		Main: debug.Module{Version: "v1.2.3"},
		Deps: []*debug.Module{{Path: "github.com/spf13/cobra", Version: "v1.10.2"}, {Path: driverModule, Version: "v2.10505.0"}},
		Settings: []debug.BuildSetting{
			{Key: "vcs.revision", Value: "0123abc"}, {Key: "vcs.time", Value: "2026-11-01T10:00:00Z"}, {Key: "vcs.modified", Value: "true"},
		},
	}
	platform := runtime.GOOS + "/" + runtime.GOARCH
	for _, c := range []struct {
		given string
		build func() (*debug.BuildInfo, bool)
		want  string
	}{
		{
			"", func() (*debug.BuildInfo, bool) { return built, true },
			"v1.2.3\n0123abc\n2026-11-01T10:00:00Z\ntrue\n" + runtime.Version() + "\nv1.5.5\n" + platform + "\n",
		},
		{
			"v9.9.9", func() (*debug.BuildInfo, bool) { return built, true },
			"v9.9.9\n0123abc\n2026-11-01T10:00:00Z\ntrue\n" + runtime.Version() + "\nv1.5.5\n" + platform + "\n",
		},
		{
			"", func() (*debug.BuildInfo, bool) { return nil, false },
			"dev\n\n\n\n" + runtime.Version() + "\n\n" + platform + "\n",
		},
		{
			"", func() (*debug.BuildInfo, bool) {
				return &debug.BuildInfo{Main: debug.Module{Version: "(devel)"}}, true
			},
			"dev\n\n\n\n" + runtime.Version() + "\n\n" + platform + "\n",
		},
	} {
		var out strings.Builder
		f := newFactory(Env{Version: c.given, Stdout: &out, Getenv: func(string) string { return "" }})
		require.NoError(t, runVersion(versionOptions{f: f, build: c.build}))
		var values strings.Builder
		for line := range strings.Lines(out.String()) {
			_, value, _ := strings.Cut(line, "\t")
			values.WriteString(value)
		}
		require.Equal(t, c.want, values.String())
	}
}
