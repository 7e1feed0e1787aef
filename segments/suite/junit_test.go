package suite_test

import (
	"encoding/xml"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/segments/suite"
)

func TestJUnit(t *testing.T) {
	var b strings.Builder
	require.NoError(t, suite.JUnit(&b, []suite.Outcome{
		{Definition: "vip", Test: "one & <two>", File: "segments/vip.yaml", Line: 7, Passed: true, Duration: 1500 * time.Millisecond},
		{Definition: "lead", Test: "size", File: "segments/lead.yaml", Line: 3, Passed: true, Skipped: true, Message: "not checked"},
		{Definition: "vip", Test: "three", File: "segments/vip.yaml", Line: 9, Message: "expected member true, got false\n  spent is false: sum(order.amount) ever = 4"},
	}))
	require.Equal(t, `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="strata" tests="3" failures="1" skipped="1" time="1.500">
  <testsuite name="vip" tests="2" failures="1" errors="0" skipped="0" time="1.500" file="segments/vip.yaml">
    <testcase name="one &amp; &lt;two&gt;" classname="vip" file="segments/vip.yaml" line="7" time="1.500"></testcase>
    <testcase name="three" classname="vip" file="segments/vip.yaml" line="9" time="0.000">
      <failure message="expected member true, got false">  spent is false: sum(order.amount) ever = 4</failure>
    </testcase>
  </testsuite>
  <testsuite name="lead" tests="1" failures="0" errors="0" skipped="1" time="0.000" file="segments/lead.yaml">
    <testcase name="size" classname="lead" file="segments/lead.yaml" line="3" time="0.000">
      <skipped message="not checked"></skipped>
    </testcase>
  </testsuite>
</testsuites>
`, b.String())
}

// Whatever names and messages hold, the report is XML, and its numbers add up.
func TestJUnitIsXML(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		outcomes := rapid.SliceOf(rapid.Custom(func(t *rapid.T) suite.Outcome {
			return suite.Outcome{
				Definition: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "definition"), Test: rapid.String().Draw(t, "test"),
				Message: rapid.String().Draw(t, "message"), Passed: rapid.Bool().Draw(t, "passed"), File: rapid.String().Draw(t, "file"),
			}
		})).Draw(t, "outcomes")
		var b strings.Builder
		require.NoError(t, suite.JUnit(&b, outcomes))
		var report struct {
			Tests    int `xml:"tests,attr"`
			Failures int `xml:"failures,attr"`
			Suites   []struct {
				Cases []struct {
					Failure *struct{} `xml:"failure"`
				} `xml:"testcase"`
			} `xml:"testsuite"`
		}
		require.NoError(t, xml.Unmarshal([]byte(b.String()), &report))
		cases, failures := 0, 0
		for _, s := range report.Suites {
			for _, c := range s.Cases {
				cases++
				if c.Failure != nil {
					failures++
				}
			}
		}
		require.Equal(t, []int{len(outcomes), report.Failures}, []int{report.Tests, failures})
		require.Equal(t, len(outcomes), cases)
	})
}

var errFull = errors.New("disk full")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestJUnitReportsWriting(t *testing.T) {
	require.ErrorIs(t, suite.JUnit(full{}, nil), errFull)
}
