package propose_test

import (
	"testing"
)

func TestJaffleLike(t *testing.T) {
	db := folder(t, map[string]string{
		"raw_customers.csv": "id,first_name,last_name\n1,Michael,P.\n2,Shawn,M.\n3,Kathleen,P.\n4,Jimmy,C.\n",
		"raw_orders.csv.gz": "id,user_id,order_date,status\n1,1,2018-01-01,returned\n2,3,2018-01-02,completed\n3,2,2018-01-04,completed\n4,1,2018-01-05,return_pending\n5,3,2018-04-09,placed\n",
		"raw_payments.csv":  "id,order_id,payment_method,amount\n1,1,credit_card,1000\n2,2,credit_card,2000\n3,3,coupon,100\n4,4,coupon,2500\n5,5,gift_card,1700\n6,5,coupon,300\n",
		"products.csv":      "sku,name\na,Apple\nb,Banana\n",
	})
	p := proposal(t, db)
	t.Log("\n" + p.Project())
	t.Log("\n" + p.Schema())
	t.Log(p.sizes(t))
}

const retailHead = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"

const retailLines = `536365,85123A,WHITE HANGING HEART,6,12/1/2010 8:26,2.55,17850.0,United Kingdom
536365,71053,WHITE METAL LANTERN,6,12/1/2010 8:26,3.39,17850.0,United Kingdom
536366,22633,HAND WARMER,6,12/1/2010 8:28,1.85,17850.0,United Kingdom
536367,84879,ORNAMENT,32,12/1/2010 8:34,1.69,13047.0,United Kingdom
536370,22728,ALARM CLOCK,24,12/1/2010 8:45,3.75,12583.0,France
536370,22727,ALARM CLOCK RED,24,12/1/2010 8:45,3.75,12583.0,France
C536379,D,Discount,-1,12/1/2010 9:41,27.5,14527.0,United Kingdom
536390,22941,LIGHTS,2,1/13/2011 10:19,8.5,17511.0,United Kingdom
536390,22960,JAM SET,12,1/13/2011 10:19,4.25,17511.0,United Kingdom
536414,22139,,56,1/14/2011 11:52,0,,United Kingdom
`

func TestOnlineRetailLike(t *testing.T) {
	db := folder(t, map[string]string{"online_retail.csv": retailHead + retailLines})
	p := proposal(t, db)
	t.Log("\n" + p.Project())
	t.Log("\n" + p.Schema())
	t.Log("\n" + p.Starter())
	t.Log(p.sizes(t))
}
