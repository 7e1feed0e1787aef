package cmd_test

import (
	"context"
	"flag"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"strata/cmd"
)

var update = flag.Bool("update", false, "rewrite the expected output inside the scripts")

// TestScripts runs the scripts of testdata/script. They call the very same Main
// as the program does, inside this process.
//
// Besides the usual commands a script knows
//
//	[!] strata ARG...     run a command line; ! expects an exit code other than 0
//	exitcode N            the exit code of the last strata
//	terminal WIDTH|off    whether the output of the next ones is a terminal
//	input FILE            the standard input of the next strata
//	shop DIR folder|file  a sample project on a folder of CSV files or a DuckDB file
//	damage STORE SQL      change a store as no command of ours would
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                "testdata/script",
		UpdateScripts:      *update,
		RequireUniqueNames: true,
		Setup: func(env *testscript.Env) error {
			env.Values[stageKey{}] = &stage{}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"strata":   runStrata,
			"exitcode": wantCode,
			"terminal": setTerminal,
			"input":    setInput,
			"shop":     setShop,
			"damage":   damageStore,
		},
	})
}

// stage is what a script has set up.
type stage struct {
	terminal cmd.Terminal
	input    string
	code     int
}

type stageKey struct{}

func stageOf(ts *testscript.TestScript) *stage {
	s, ok := ts.Value(stageKey{}).(*stage)
	if !ok {
		ts.Fatalf("the script has no stage")
	}
	return s
}

// clock is when all scripts run: a week after the clocks went back.
func clock() time.Time { return time.Date(2026, time.October, 31, 23, 0, 0, 0, time.UTC) }

func runStrata(ts *testscript.TestScript, neg bool, args []string) {
	s := stageOf(ts)
	s.code = cmd.Main(context.Background(), cmd.Env{
		Args: args, Version: "v0.0.0-test",
		Stdin: strings.NewReader(s.input), Stdout: ts.Stdout(), Stderr: ts.Stderr(),
		Getenv: ts.Getenv, Dir: ts.MkAbs("."), Now: clock, Terminal: s.terminal,
	})
	s.input = ""
	if failed := s.code != 0; failed != neg {
		ts.Fatalf("strata %s: exit code %d", strings.Join(args, " "), s.code)
	}
}

func wantCode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: exitcode N")
	}
	if got := strconv.Itoa(stageOf(ts).code); got != args[0] {
		ts.Fatalf("exit code %s, not %s", got, args[0])
	}
}

func setTerminal(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: terminal WIDTH|off")
	}
	s := stageOf(ts)
	if args[0] == "off" {
		s.terminal = cmd.Terminal{}
		return
	}
	width, err := strconv.Atoi(args[0])
	ts.Check(err)
	s.terminal = cmd.Terminal{Stdin: true, Stdout: true, Stderr: true, Width: width}
}

func setInput(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: input FILE")
	}
	stageOf(ts).input = ts.ReadFile(args[0])
}

func setShop(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: shop DIR folder|file")
	}
	_, err := makeShop(ts.MkAbs(args[0]), args[1])
	ts.Check(err)
}
