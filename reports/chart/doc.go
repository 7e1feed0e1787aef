// Package chart draws charts as inline SVG from plain numbers. It knows nothing
// of segments. The same input gives the same bytes. Colours are classes of one
// style sheet, CSS, which follows the reader's choice of light or dark and
// prints on white; the shapes stand without any script.
package chart
