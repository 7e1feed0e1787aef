// Package campaign divides the audience of a campaign into arms.
//
// In come a checked campaign and an evaluator. Out go the customers of the audience as of the campaign's freeze, each with
// an arm, and the campaign's meaning as text, by which a later change is seen.
//
// Who is in which arm is a function of the salt and the customer's key alone: the number that sample() gives the key, out of
// 10,000, falls into the range of one arm. It does not matter who else is in the audience, on which day it is asked, or which
// engine answers. Where a partition stratifies, the customers of each stage are put into the order of their numbers and cut
// at the shares, so that every arm has its exact share of every stage, to within one customer; then who else is in the stage
// matters, and nothing outside of it.
package campaign
