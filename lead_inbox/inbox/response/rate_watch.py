"""Channels whose leads are not answered: a warning and, if the administrator chose so, no more message leads.

A fall of the rate has its consequences once, when it is found. Whoever then switches message leads on again
has decided; the watch leaves it at that until the rate has recovered and falls anew, or until somebody asks
something else of it (LeadChannel.judge_response_rate_anew). It never switches message leads on.
"""

from __future__ import annotations

from datetime import datetime

import frappe
from frappe import _
from frappe.utils import now_datetime

from lead_inbox.inbox import alerts
from lead_inbox.inbox.response import response_rates
from lead_inbox.inbox.response.rate_rules import Verdict, judge
from lead_inbox.inbox.response.wait_rules import Counts

FIELDS = (
	"name",
	"min_response_rate",
	"switch_off_below",
	"message_leads",
	"rate_warned_on",
)


def channels() -> list[frappe._dict]:
	"""Return the channels whose rate is watched."""
	return frappe.get_all(
		"Lead Channel",
		filters={"enabled": 1, "min_response_rate": [">", 0]},
		fields=list(FIELDS),
		order_by="name asc",
	)


def watch(channel: frappe._dict, counts: Counts, now: datetime | None = None) -> Verdict:
	"""Warn of a channel, or note that it has recovered, in the caller's transaction.

	channel: a row of `channels`. counts: of its last DAYS days. now: site time, default the present.
	"""
	verdict = judge(
		counts.rate, counts.counted, channel.min_response_rate / 100, bool(channel.rate_warned_on)
	)
	if verdict is Verdict.FALLEN:
		_fall(channel, counts, now or now_datetime())
	elif verdict is Verdict.RECOVERED:
		frappe.get_doc("Lead Channel", channel.name).db_set("rate_warned_on", None)
	return verdict


def _fall(channel: frappe._dict, counts: Counts, now: datetime) -> None:
	"""`modified` moves too: an open form would save the old switch back, so it has to be reloaded."""
	sentence = _(
		"Only {0}% of the leads of the last {1} days were answered, less than the {2}% you asked for."
	).format(f"{100 * counts.rate:.3g}", response_rates.DAYS, f"{channel.min_response_rate:.3g}")
	changes = {"rate_warned_on": now}
	warning = sentence
	if channel.switch_off_below and channel.message_leads:
		changes |= {"message_leads": 0, "messages_off_because": sentence}
		warning = _("{0} It takes no more message leads until you switch them on again.").format(sentence)
	frappe.get_doc("Lead Channel", channel.name).db_set(changes)
	alerts.channel_warned(channel.name, _("Channel {0}: {1}").format(channel.name, warning))
