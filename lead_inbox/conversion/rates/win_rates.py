"""How opportunities ended that came from a lead, beside the others."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

import frappe
from frappe import _

from lead_inbox.conversion.rates.rate_rules import Outcomes
from lead_inbox.conversion.rates.windows import Group, Window, chosen, column_of, period_of
from lead_inbox.inbox.source_fields import campaign_field, source_field
from lead_inbox.permissions import readable

OPPORTUNITY = "Opportunity"
DATE = "`tabOpportunity`.transaction_date"
OF_LEAD = "coalesce(nullif(`tabOpportunity`.inbox_lead, ''), if(opportunity_from = 'Lead', party_name, null))"
WON, LOST = "`tabOpportunity`.status = 'Converted'", "`tabOpportunity`.status in ('Lost', 'Closed')"
NONE = Outcomes()


@dataclass(frozen=True)
class Sides:
	from_leads: Outcomes = NONE
	others: Outcomes = NONE

	def plus(self, other: Sides) -> Sides:
		return Sides(self.from_leads.plus(other.from_leads), self.others.plus(other.others))


def measure(window: Window) -> dict[str, Sides]:
	"""Return how the opportunities of the window's days ended, by group, of those that the user may see.

	Raises PermissionError for a user who may see no opportunity.
	"""
	sides: defaultdict[str, Sides] = defaultdict(Sides)
	for row in _count(window):
		side = "from_leads" if row.of_lead else "others"
		outcomes = Outcomes(int(row.won), int(row.lost), int(row.undecided))
		sides[row.label] = replace(sides[row.label], **{side: outcomes})
	if window.group is Group.PERIOD and sides:
		for start in window.starts:
			sides[start.isoformat()]
	return dict(sorted(sides.items(), key=lambda group: (not group[0], group[0])))


def _count(window: Window) -> list[frappe._dict]:
	columns = _columns()
	label = period_of(window.interval, DATE) if window.group is Group.PERIOD else columns[window.group]
	visible = readable(OPPORTUNITY)
	if visible is None:
		raise frappe.PermissionError(_("You may not see opportunities."))
	conditions = [f"{DATE} >= %(since)s and {DATE} < %(until)s", *chosen(window, columns)]
	if visible:
		conditions.append(f"({visible.replace('%', '%%')})")
	return frappe.db.sql(
		f"""
		select {label} as label, {OF_LEAD} is not null as of_lead,
			sum({WON}) as won, sum({LOST}) as lost, sum(not ({WON}) and not ({LOST})) as undecided
		from `tabOpportunity` where {" and ".join(conditions)}
		group by label, of_lead
		""",
		window.values,
		as_dict=True,
	)


def _columns() -> dict[Group, str]:
	"""An opportunity has a source and a campaign of its own; a channel only by its lead."""
	return {
		Group.SOURCE: column_of(OPPORTUNITY, source_field(OPPORTUNITY)),
		Group.CAMPAIGN: column_of(OPPORTUNITY, campaign_field(OPPORTUNITY)),
		Group.OWNER: "coalesce(`tabOpportunity`.opportunity_owner, '')",
		Group.CHANNEL: f"coalesce((select origin.inbox_channel from `tabLead` origin where origin.name = {OF_LEAD}), '')",
	}
