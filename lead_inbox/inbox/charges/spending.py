"""Where the database finds what leads cost: SQL parts shared by the reports."""

from __future__ import annotations

# Each: what to sum, and of which tables. A credit belongs to the charge that it gives back, whenever it came.
CHARGES = {
	"sums": """sum(`tabLead`.inbox_charged) as charged,
		sum(if(`tabLead`.inbox_charged, `tabLead`.inbox_price, 0)) as spend,
		sum(if(`tabLead`.inbox_charged and `tabLead`.inbox_credit_state = 'Credited' and not exists (
			select 1 from `tabLead Dispute` where lead = `tabLead`.name and result = 'Credited'
		), `tabLead`.inbox_price, 0)) as credits""",
	"source": "`tabLead`",
}
DISPUTED = {
	"sums": "sum(dispute.credited_amount) as credits",
	"source": """`tabLead Dispute` dispute join `tabLead` on `tabLead`.name = dispute.lead
		and dispute.result = 'Credited' and `tabLead`.inbox_charged""",
}
