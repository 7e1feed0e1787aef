// Package campaigns has the pages about campaigns: the list, the post-mortem of
// one that was sent, and what one that is planned could show.
//
// The pages say no more than the data allow. Without a random holdout no number is
// called a lift, and where a check of the health failed no difference is called
// better or worse; both are left to the words of package reports.
package campaigns
