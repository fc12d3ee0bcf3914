"""From selected leads to the rows of a bulk conversion, in sets: no query a lead (CO-7)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import frappe
from frappe.utils import now_datetime

from lead_inbox.channels.phone import fold_email
from lead_inbox.conversion.bulk import news
from lead_inbox.conversion.bulk.bulk_rules import (
	ContactMode,
	CustomerMode,
	Facts,
	OpportunityMode,
	Place,
	Placing,
	RowStatus,
	RunStatus,
)
from lead_inbox.conversion.making import planning
from lead_inbox.conversion.matching.name_rules import company_key
from lead_inbox.conversion.records import BULK, BULK_ROW
from lead_inbox.conversion.rules import Mode
from lead_inbox.inbox.identity import PHONE_KEY_FIELDS
from lead_inbox.sequences.enrollment import bulk

MAX_LEADS = 10_000
AT_ONCE = 500  # more than these are a job's
BATCH = 500
FACT_FIELDS = ("name", "company_name", "email_id", "inbox_converted", "inbox_merged_into", *PHONE_KEY_FIELDS)


def prepare(leads: Sequence[str]) -> str:
	"""Make a bulk conversion of leads and return its name; of many, a job makes the rows.

	leads: up to MAX_LEADS names, each once. The caller has checked the right to convert in bulk. The names are
	kept until the rows are there, so that a job whose worker died can be done again.
	"""
	run = frappe.get_doc(doctype=BULK).insert()
	frappe.db.set_value(BULK, run.name, {"selection": json.dumps(list(leads)), "total": len(leads)})
	if len(leads) > AT_ONCE:
		frappe.db.after_commit.add(news.WAKING.wake)
	else:
		make_rows(run.name)
	return run.name


def make_rows(run: str) -> None:
	"""Make the rows of a run that is being prepared, as the user of the session, and let it be ready.

	Commits after each batch. What a worker that died has made is made anew.
	"""
	leads = json.loads(frappe.db.get_value(BULK, run, "selection") or "[]")
	frappe.db.delete(BULK_ROW, {"bulk_conversion": run})
	placing, wishes = Placing(), _wishes()
	for start in range(0, len(leads), BATCH):
		names = leads[start : start + BATCH]
		facts = _facts_of(names)
		places = {name: placing.place(name, facts.get(name)) for name in names}
		bulk.insert(BULK_ROW, [_row(run, name, facts.get(name), places[name], wishes) for name in names])
		news.tell_prepared(run, placing.position, len(leads))
		frappe.db.commit()
	frappe.db.set_value(BULK, run, {"selection": None, "status": RunStatus.READY.value})
	news.tell(run)
	frappe.db.commit()


def _facts_of(names: Sequence[str]) -> dict[str, Facts]:
	"""Return what is known of those leads that the user of the session may read."""
	readable = frappe.get_list(
		"Lead", filters={"name": ["in", names]}, pluck="name", order_by="name asc", limit_page_length=0
	)
	# read apart: what is read for a user may hold masked addresses
	rows = frappe.get_all(
		"Lead", filters={"name": ["in", [*readable, ""]]}, fields=FACT_FIELDS, order_by="name asc"
	)
	return {row.name: _facts(row) for row in rows}


def _facts(row: Mapping[str, Any]) -> Facts:
	phones = dict.fromkeys(row[key] for key in PHONE_KEY_FIELDS if row[key])
	return Facts(
		email=fold_email(row["email_id"] or ""),
		phones=tuple(phones),
		company=company_key(row["company_name"] or ""),
		converted=bool(row["inbox_converted"]),
		merged=bool(row["inbox_merged_into"]),
	)


def _wishes() -> dict[str, str]:
	"""Return what a row wants before anybody has chosen."""
	wants_opportunity = planning.default_choice().opportunity.mode is Mode.NEW
	return {
		"customer_mode": CustomerMode.NEW.value,
		"contact_mode": ContactMode.OWN.value,
		"opportunity_mode": (OpportunityMode.NEW if wants_opportunity else OpportunityMode.NONE).value,
	}


def _row(run: str, lead: str, facts: Facts | None, place: Place, wishes: Mapping[str, str]) -> dict[str, Any]:
	now, user = now_datetime(), frappe.session.user
	status = RowStatus.LEFT_OUT if place.left_out else RowStatus.PENDING
	return {
		"name": frappe.generate_hash(length=10),
		**{"creation": now, "modified": now, "owner": user, "modified_by": user},
		**{"bulk_conversion": run, "lead": lead, "status": status.value},
		**{"position": place.position, "group_position": place.group},
		"company_key": facts.company if facts else "",
		"left_out_because": place.left_out.value if place.left_out else "",
		"same_as": place.same_as or None,
		**wishes,
	}
