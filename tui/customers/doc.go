// Package customers are the pages about one customer: the proof that the customer
// is in a segment, or is not, and the customer's profile beside all segments.
package customers
