package diag

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// Suite is an environment whose objects were checked, for WriteJUnit.
type Suite struct {
	Name string
	// Objects are what was checked, as Diagnostic.Object names them.
	Objects []string
}

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name      string        `xml:"name,attr"`
	ClassName string        `xml:"classname,attr"`
	File      string        `xml:"file,attr,omitempty"`
	Failure   *junitFailure `xml:"failure"`
	Out       string        `xml:"system-out,omitempty"` // warnings
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

// WriteJUnit writes findings as JUnit's XML, in the form that Jenkins, GitLab and others
// read: an environment is a test suite and an object a test case, which fails by the
// errors about it. Findings about no object of a suite are cases of their own.
func WriteJUnit(w io.Writer, list List, suites []Suite) error {
	all := junitSuites{Name: "couplet validate"}
	rest := list
	for _, s := range suites {
		suite := junitSuite{Name: s.Name}
		for _, object := range s.Objects {
			own, others := split(rest, func(d Diagnostic) bool {
				return d.Object == object && (d.Environment == s.Name || d.Environment == "")
			})
			rest = others
			suite.add(s.Name, object, own)
		}
		own, others := split(rest, func(d Diagnostic) bool { return d.Environment == s.Name })
		rest = others
		for _, d := range own {
			suite.add(s.Name, string(d.Code), List{d})
		}
		all.add(suite)
	}
	if len(rest) > 0 {
		suite := junitSuite{Name: "couplet"}
		for _, d := range rest {
			suite.add("couplet", string(d.Code), List{d})
		}
		all.add(suite)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func split(list List, take func(Diagnostic) bool) (taken, left List) {
	for _, d := range list {
		if take(d) {
			taken = append(taken, d)
		} else {
			left = append(left, d)
		}
	}
	return taken, left
}

func (s *junitSuites) add(suite junitSuite) {
	s.Tests += suite.Tests
	s.Failures += suite.Failures
	s.Suites = append(s.Suites, suite)
}

func (s *junitSuite) add(class, name string, found List) {
	c := junitCase{Name: name, ClassName: class}
	var failures, warnings strings.Builder
	var first Diagnostic
	errors := 0
	for _, d := range found {
		to := &warnings
		if d.Severity == Error {
			if to = &failures; errors == 0 {
				first = d
			}
			errors++
		}
		fmt.Fprintf(to, "%s[%s]: %s\n", d.Severity, d.Code, Printable(d.Message))
		if d.Span.IsValid() {
			fmt.Fprintf(to, "  %s\n", Location(d.Span))
		}
		if d.Hint != "" {
			fmt.Fprintf(to, "hint: %s\n", Printable(d.Hint))
		}
	}
	if errors > 0 {
		c.Failure = &junitFailure{Message: Printable(first.Message), Type: string(first.Code), Text: failures.String()}
		if first.Span.IsValid() {
			c.File = first.Span.File.Name()
		}
		s.Failures++
	}
	c.Out = warnings.String()
	s.Tests++
	s.Cases = append(s.Cases, c)
}
