package campaigns

import (
	"strings"
	"time"

	"strata/reports"
	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/page"
)

// From these sizes of the body on there is room for a second pane.
const (
	wideFrom    = 100
	previewFrom = 60
	tallFrom    = 18
	previewTall = 8
)

// previews reports whether a preview is drawn: on a low screen only below a list
// that leaves the room.
func previews(c *page.Context, rows int) bool {
	const edges = 3 // The frame and the head of the table.
	return !c.Look.Plain && (c.Width >= wideFrom || c.Width >= previewFrom && (c.Height >= tallFrom || c.Height >= rows+edges+previewTall))
}

// Draw implements page.Page.
func (p *List) Draw(c *page.Context, a draw.Area) {
	got := p.read(c)
	pane, preview := a, draw.Area{}
	if got.Has && len(p.shown) > 0 && previews(c, len(p.shown)) {
		if c.Width >= wideFrom {
			pane, preview = a.Left(a.W * 11 / 20) //nolint:mnd // A little more than half.
		} else {
			pane, preview = a.Bottom(previewTall)
		}
	}
	p.drawList(c, pane, got)
	if one, ok := p.selected(); ok && preview.H > 0 {
		p.preview(c, preview, one)
	}
}

// drawList draws the filter, the table, or why there is none.
func (p *List) drawList(c *page.Context, a draw.Area, got page.Got[[]ask.CampaignLine]) {
	foot := ""
	if got.Has {
		foot = draw.Plural(int64(len(got.Value)), "campaign", "campaigns")
		if p.filter != "" {
			foot = draw.Count(int64(len(p.shown))) + " of " + foot
		}
	}
	inside := a.Panel(draw.Frame{Title: "Campaigns", Foot: foot, Focus: true, Zone: "campaigns"})
	if !got.Has {
		page.DrawState(c, inside, got.State, "reading campaigns")
		return
	}
	if waiting := page.Waiting(c, got.State, "reading campaigns"); waiting != "" && inside.H > 4 { //nolint:mnd // A head and some rows.
		var top draw.Area
		top, inside = inside.Top(1)
		top.Fit(0, 0, top.W, draw.Dim, waiting)
	}
	if got.Err != nil {
		var top draw.Area
		top, inside = inside.Top(2) //nolint:mnd // The error and its hint.
		page.DrawError(top, got.Err)
	}
	if p.typing || p.filter != "" {
		var top draw.Area
		top, inside = inside.Top(1)
		x := top.Put(0, 0, draw.Accent|draw.Bold, "/ ")
		x = top.Put(x, 0, draw.Normal, p.filter)
		if p.typing {
			top.Cursor(x, 0)
		}
	}
	switch {
	case len(got.Value) == 0:
		inside.Wrap(0, 0, draw.Dim, "There is no campaign. \"campaigns:\" in a file of the definitions defines them; strata help campaign says how.")
		return
	case len(p.shown) == 0:
		inside.Wrap(0, 0, draw.Dim, "No campaign matches "+p.filter+". esc clears the filter.")
		return
	}
	p.table(c, inside, got)
}

func (p *List) table(c *page.Context, a draw.Area, got page.Got[[]ask.CampaignLine]) {
	zone := c.AsOf.Location()
	p.height = a.Table(draw.Table{
		Columns: []draw.Column{
			{Title: "campaign", Min: 18, Grow: true}, {Title: "stage"}, {Title: "sent", Drop: 2}, {Title: "audience", Drop: 3}, {Title: "decides", Drop: 4},
		},
		List: &p.list, Zone: "row", Dim: got.Old,
		Row: func(i int) []draw.Cell {
			one := p.shown[i]
			m := stageMark(one.Stage)
			sent := draw.Unknown
			if !one.Sent.IsZero() {
				sent = one.Sent.In(zone).Format("2006-01-02")
			}
			return []draw.Cell{
				{Text: one.Name},
				{Spans: []draw.Span{{Style: m.style, Text: c.Look.Sign(m.sign) + " "}, {Text: one.Stage}}},
				{Text: sent},
				{Text: orUnknown(one.Audience)},
				{Style: draw.Dim, Text: orUnknown(one.Primary)},
			}
		},
	})
}

func orUnknown(s string) string {
	if s == "" {
		return draw.Unknown
	}
	return s
}

// stageMark is that of a stage.
func stageMark(stage string) mark {
	switch stage {
	case "done", "measured":
		return mark{draw.SignYes, draw.Good}
	case "sent":
		return mark{draw.SignBusy, draw.Accent}
	case "frozen":
		return mark{draw.SignPin, draw.Accent}
	case "due":
		return mark{draw.SignWarn, draw.Warn}
	}
	return mark{draw.SignIdle, draw.Dim}
}

// stageWords say what a stage means.
var stageWords = map[string]string{
	"planned": "the data end before it is frozen",
	"due":     "its freeze has come and nothing is frozen · f freezes",
	"frozen":  "its arms are written down",
	"sent":    "its window is open",
	"done":    "its window is over",
}

// stageSaid is a stage with what it means.
func stageSaid(stage string) string {
	if more := stageWords[stage]; more != "" {
		return stage + ": " + more
	}
	return stage
}

// preview shows the selected campaign.
func (p *List) preview(c *page.Context, a draw.Area, one ask.CampaignLine) {
	inside := a.Panel(draw.Frame{Title: one.Name, Zone: "preview"})
	t := &text{look: c.Look, width: max(1, inside.W)}
	short := a.W >= previewFrom && a.H <= previewTall
	if !short {
		p.introduce(c, t, one)
		t.blank()
	}
	p.found(c, t, one)
	var s scroll
	s.draw(inside, t.lines)
}

// introduce says what it is.
func (p *List) introduce(c *page.Context, t *text, one ask.CampaignLine) {
	if one.Title != "" {
		t.say(draw.Bold, one.Title)
	}
	k := campaignOf(c, one.Name)
	if k != nil && k.Info.Description != "" {
		t.say(draw.Dim, k.Info.Description)
	}
	t.blank()
	add := func(label, value string) {
		if value != "" {
			t.hang(draw.Span{Style: draw.Dim, Text: draw.PadRight(label, 10)}, draw.Normal, value) //nolint:mnd // The width of the longest.
		}
	}
	add("owner", one.Owner)
	add("audience", one.Audience)
	add("decides", one.Primary)
	sent := moment(one.Sent, c.AsOf.Location())
	if !one.Sent.IsZero() {
		sent += ", " + apart(c.AsOf.Sub(one.Sent))
	}
	add("sent", sent)
	if k != nil {
		add("window", k.Window.String())
		arms := []string{}
		for _, arm := range k.Arms() {
			arms = append(arms, arm.Name+" "+draw.Percent(arm.Share, 0))
		}
		if len(arms) == 0 {
			arms = []string{"none: nobody is held out"}
		}
		add("arms", strings.Join(arms, ", "))
	}
	m := stageMark(one.Stage)
	t.hang(draw.Span{Style: draw.Dim, Text: draw.PadRight("stage", 10)}, m.style, t.look.Sign(m.sign)+" "+stageSaid(one.Stage)) //nolint:mnd // As above.
}

// apart says how far a moment is from the as-of.
func apart(d time.Duration) string {
	if d >= 0 {
		return draw.Ago(d)
	}
	if days := int64(-d / (24 * time.Hour)); days > 0 { //nolint:mnd // Hours of a day.
		return "in " + draw.Plural(days, "day", "days")
	}
	return "within a day"
}

// found says what came of it, or could come.
func (p *List) found(c *page.Context, t *text, one ask.CampaignLine) {
	if !one.Measurable && one.Why != "" {
		t.signed(mark{draw.SignWarn, draw.Warn}, draw.Normal, one.Why)
	}
	if one.Measurable {
		got := page.Answer[reports.CampaignReport](c, "report:"+one.Name)
		if !got.Has {
			pending(c, t, got.State, measuring)
			return
		}
		m := verdictMark(got.Value.Verdict.Code)
		t.signed(m, m.style, got.Value.Verdict.Sentence)
		w := &writer{text: t, report: got.Value, zone: c.AsOf.Location()}
		w.healthLine()
		return
	}
	if armsOf(c, one.Name) < 2 {
		return
	}
	got := page.Answer[reports.PowerReport](c, "power:"+one.Name)
	switch {
	case !got.Has:
		pending(c, t, got.State, weighing)
	case got.Value.Refusal != "":
		t.say(draw.Dim, "nothing can be said of what it could show: "+got.Value.Refusal)
	default:
		name := got.Value.Metric.Title
		if name == "" {
			name = got.Value.Metric.Name
		}
		t.blank()
		t.say(draw.Normal, powerSentence(got.Value, name))
	}
}

// pending says why there is nothing yet.
func pending(c *page.Context, t *text, s page.State, doing string) {
	switch {
	case s.Err != nil:
		t.signed(mark{draw.SignNo, draw.Bad}, draw.Bad, s.Err.Error())
		t.say(draw.Dim, page.HintOf(s.Err))
	case s.Stopped:
		t.say(draw.Dim, "stopped · r asks again")
	default:
		t.say(draw.Dim, page.Waiting(c, s, doing))
	}
}
