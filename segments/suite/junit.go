package suite

import (
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// The elements of a JUnit report, as build servers read them.
type (
	junitReport struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Skipped  int          `xml:"skipped,attr"`
		Time     string       `xml:"time,attr"`
		Suites   []junitSuite `xml:"testsuite"`

		took time.Duration
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Time     string      `xml:"time,attr"`
		File     string      `xml:"file,attr,omitempty"`
		Cases    []junitCase `xml:"testcase"`

		took time.Duration
	}
	junitCase struct {
		Name    string        `xml:"name,attr"`
		Class   string        `xml:"classname,attr"`
		File    string        `xml:"file,attr,omitempty"`
		Line    int           `xml:"line,attr,omitempty"`
		Time    string        `xml:"time,attr"`
		Failure *junitMessage `xml:"failure"`
		Skipped *junitMessage `xml:"skipped"`
	}
	junitMessage struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// JUnit writes outcomes as a JUnit report: a suite for each definition, in the
// order in which they come. Characters that XML cannot hold are replaced.
func JUnit(w io.Writer, outcomes []Outcome) error {
	report := junitReport{Name: "strata"}
	place := map[string]int{}
	for _, o := range outcomes {
		at, ok := place[o.Definition]
		if !ok {
			at = len(report.Suites)
			place[o.Definition] = at
			report.Suites = append(report.Suites, junitSuite{Name: o.Definition, File: o.File})
		}
		report.Suites[at].add(o)
	}
	for i := range report.Suites {
		s := &report.Suites[i]
		s.Time = seconds(s.took)
		report.Tests += s.Tests
		report.Failures += s.Failures
		report.Skipped += s.Skipped
		report.took += s.took
	}
	report.Time = seconds(report.took)
	text, err := xml.MarshalIndent(report, "", "  ")
	if err != nil {
		return fmt.Errorf("write test report: %w", err)
	}
	if _, err := io.WriteString(w, xml.Header+string(text)+"\n"); err != nil {
		return fmt.Errorf("write test report: %w", err)
	}
	return nil
}

func (s *junitSuite) add(o Outcome) {
	c := junitCase{Name: o.Test, Class: o.Definition, File: o.File, Line: o.Line, Time: seconds(o.Duration)}
	first, rest, _ := strings.Cut(o.Message, "\n")
	switch {
	case o.Skipped:
		c.Skipped = &junitMessage{Message: o.Message}
		s.Skipped++
	case !o.Passed:
		c.Failure = &junitMessage{Message: first, Text: rest}
		s.Failures++
	}
	s.Tests++
	s.took += o.Duration
	s.Cases = append(s.Cases, c)
}

func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 3, 64) }
