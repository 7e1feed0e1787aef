// Package prompt is a line that takes text, and a list to pick from that the text
// narrows. In come keys and pastes, out go the text and what was picked.
package prompt
