package check

import (
	"math/big"
	"slices"

	"strata/segments/calendar"
	"strata/segments/definition"
	"strata/segments/rule"
)

// attributedClick is for how long a click counts where nobody says.
var attributedClick = calendar.Duration{N: 5, Unit: calendar.Day}

// campaignAttribution finds for how long touches count.
func (c *checker) campaignAttribution(d *definition.Campaign, x *Campaign) {
	touch := func(t definition.CampaignTouch, unless *calendar.Duration) *calendar.Duration {
		switch {
		case !t.Given:
			return unless
		case t.Off || t.For == nil:
			return nil
		}
		found, ok := c.duration(*t.For, false)
		if !ok {
			return nil
		}
		return &found
	}
	click := attributedClick
	x.Attribution.Click = touch(d.Attribution.Click, &click)
	x.Attribution.Open, x.Attribution.Delivery = touch(d.Attribution.Open, nil), touch(d.Attribution.Delivery, nil)
	for _, also := range d.Attribution.Also {
		if found, ok := c.duration(also, false); ok && !slices.Contains(x.Attribution.Also, found) {
			x.Attribution.Also = append(x.Attribution.Also, found)
		}
	}
}

// campaignCost reads the costs.
func (c *checker) campaignCost(d *definition.Campaign, x *Campaign) {
	if d.PerSent == nil && d.Fixed == nil {
		return
	}
	x.Cost = &CampaignCost{PerSent: c.costOf("per_sent", d.PerSent), Fixed: c.costOf("fixed", d.Fixed)}
}

func (c *checker) costOf(key string, e rule.Expr) float64 {
	if e == nil {
		return 0
	}
	found := c.value(e, &scope{})
	if isBad(found) {
		return 0
	}
	x, ok := found.(*Const)
	if !ok || !x.T.Numeric() {
		c.fail(e.Span(), noCost(key))
		return 0
	}
	r, ok := new(big.Rat).SetString(x.Number)
	if !ok || r.Sign() < 0 {
		c.fail(e.Span(), noCost(key))
		return 0
	}
	cost, _ := r.Float64()
	return cost
}
