// Package run asks an evaluator and the store what reports are made of, and lets
// package reports judge it. Nothing that it makes stays in the database.
package run
