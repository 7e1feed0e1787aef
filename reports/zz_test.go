package reports_test
import ("testing";"encoding/json";"fmt";"strata/reports")
func TestCampaignZZ(t *testing.T){
 c := campaignTwo(230, 9000, 18, 1000)
 fmt.Println(reports.Campaign(c).Verdict.Sentence)
 c = campaignTwo(267,21307,122,21306)
 r:=reports.Campaign(c)
 b,_:=json.MarshalIndent(r,""," "); fmt.Println(string(b))
 c.Reach=c.Send.AddDate(0,0,5)
 r=reports.Campaign(c); fmt.Println(r.Verdict.Sentence); fmt.Println(r.Caveats)
 v := campaignVectors(t)
	type sums struct{ Treated, Control campaignHill }
	mens, womens := campaignRead[sums](t, v["hillstrom-mens"].Sums), campaignRead[sums](t, v["hillstrom-womens"].Sums)
	c = campaignCounts(
		[]reports.CampaignMetric{campaignRevenue},
		[]reports.CampaignOutcome{mens.Control.spend(), mens.Treated.spend(), womens.Treated.spend()})
 r=reports.Campaign(c)
 for _,k:=range r.Comparisons{fmt.Println(k.Verdict.Sentence)}
 fmt.Println(*r.Winner); fmt.Println(r.Caveats)
	c = campaignWithout()
	c.Panel = campaignPanel(0.02)
 fmt.Println(reports.Campaign(c).Verdict.Sentence, reports.Campaign(c).Observed.Text)
}
