// Package propose looks at a warehouse and proposes a project for it.
//
// In comes an open warehouse. Out goes a proposal: which table holds the
// customers, which hold rows about them and which columns are what, the streams
// that rules can count, each with how sure the guess is and why. It is written
// as strata.yaml, strata.schema.yaml and a file of first segments, which load
// and check without errors. Only a sample of each table is looked at, and a few
// columns are counted, so that large tables do not take long.
package propose
