// Package picture makes pictures of screens: SVG of what a canvas holds, cell by
// cell, in the frame of a terminal window. A picture needs nothing but itself,
// and equal screens give equal bytes.
//
// Lines and blocks are drawn as shapes and not as characters of a font, so that
// they meet without gaps whatever fonts the viewer has.
package picture
