// Package page writes a report on segments as one HTML document that needs
// nothing else: its style and its charts stand in it, it has no script, and the
// same report gives the same bytes.
package page
