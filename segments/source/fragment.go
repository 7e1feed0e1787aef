package source

// Fragment is a piece of decoded text that was read from a file, such as the
// value of a YAML scalar, and the way back from each of its bytes to the
// source characters that produced it.
//
// A quoted scalar writes a quote as two characters, a folded one turns a line
// break and its indentation into a space. Spans of the decoded text therefore
// cannot be found by adding an offset: each byte remembers its own range.
type Fragment struct {
	File *File
	// Text is the decoded text.
	Text string
	// Starts and Ends hold for each byte of Text the range of source bytes
	// that produced it. Both have the length of Text.
	Starts, Ends []int
	// At is where the fragment begins in the file; it places an error in an
	// empty fragment.
	At int
}

// WholeFile returns the fragment that covers a file byte by byte.
func WholeFile(f *File) Fragment { return Verbatim(f, 0, len(f.Text)) }

// Verbatim returns the fragment for a range of a file whose characters stand
// for themselves.
func Verbatim(f *File, start, end int) Fragment {
	fragment := Fragment{File: f, Text: f.Text[start:end], At: start}
	for i := start; i < end; i++ {
		fragment.Starts = append(fragment.Starts, i)
		fragment.Ends = append(fragment.Ends, i+1)
	}
	return fragment
}

// Span returns the source range of the decoded bytes [start, end). An empty
// range at the end of the text gives the empty span behind its last byte.
func (f Fragment) Span(start, end int) Span {
	start = max(0, min(start, len(f.Text)))
	end = max(start, min(end, len(f.Text)))
	if start == end {
		at := f.edge(start)
		return Span{File: f.File, Start: at, End: at}
	}
	return Span{File: f.File, Start: f.Starts[start], End: f.Ends[end-1]}
}

func (f Fragment) edge(offset int) int {
	switch {
	case len(f.Text) == 0:
		return f.At
	case offset < len(f.Text):
		return f.Starts[offset]
	default:
		return f.Ends[len(f.Text)-1]
	}
}
