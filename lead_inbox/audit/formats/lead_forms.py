"""Leads of Google Ads lead forms: the downloaded table, or the webhook's own payloads as somebody kept them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from lead_inbox.audit.formats.base import Context, Need, missing, moment_of
from lead_inbox.audit.formats.fields import Fields, exact, names_of, object_of
from lead_inbox.audit.told import Source, Told, Unreadable
from lead_inbox.channels import google_lead_form
from lead_inbox.channels.event import ChannelContext

_ID = ("leadid", "id", "submissionid", "leadformsubmissionid")
_SUBMITTED = (
	*("leadsubmittime", "submittime", "submissiontime", "submissiondatetime", "submissiondate"),
	*("leadsubmissiontime", "leadsubmissiondate", "submittedon", "submittedat", "submitted", "datesubmitted"),
	*("createdat", "createdon", "creationtime", "leaddate", "date", "datetime", "timestamp"),
)
_COLUMN_DATA = "usercolumndata"
# What a table calls the webhook's own keys. They are about the advertisement, not the customer's answers.
_KEYS = {
	**dict.fromkeys(("gclid", "googleclickid", "clickid"), "gcl_id"),
	**dict.fromkeys(("formid", "leadformid", "assetid"), "form_id"),
	"campaignid": "campaign_id",
	"adgroupid": "adgroup_id",
	**dict.fromkeys(("creativeid", "adid"), "creative_id"),
	"assetgroupid": "asset_group_id",
	**dict.fromkeys(("istest", "test", "testlead"), "is_test"),
	"leadstage": "lead_stage",
	**dict.fromkeys(("leadform", "leadformname", "formname", "assetname"), "form_name"),
	**dict.fromkeys(("campaign", "campaignname"), "campaign_name"),
	**dict.fromkeys(("adgroup", "adgroupname"), "adgroup_name"),
}
_ANSWERS = {
	**dict.fromkeys(("fullname", "name", "username"), "FULL_NAME"),
	"firstname": "FIRST_NAME",
	"lastname": "LAST_NAME",
	**dict.fromkeys(("email", "useremail", "emailaddress"), "EMAIL"),
	**dict.fromkeys(("phone", "phonenumber", "userphone", "userphonenumber"), "PHONE_NUMBER"),
	**dict.fromkeys(("postalcode", "zip", "zipcode", "userpostalcode"), "POSTAL_CODE"),
	**dict.fromkeys(("streetaddress", "street", "address"), "STREET_ADDRESS"),
	"city": "CITY",
	**dict.fromkeys(("region", "state", "province", "stateprovince"), "REGION"),
	"country": "COUNTRY",
	**dict.fromkeys(("workemail", "workemailaddress"), "WORK_EMAIL"),
	**dict.fromkeys(("workphone", "workphonenumber"), "WORK_PHONE"),
	**dict.fromkeys(("companyname", "company"), "COMPANY_NAME"),
	"jobtitle": "JOB_TITLE",
}
_CONTACTS = frozenset(
	name
	for name, column in _ANSWERS.items()
	if column in ("EMAIL", "PHONE_NUMBER", "WORK_EMAIL", "WORK_PHONE", "FULL_NAME")
)


class LeadForms:
	"""One submitted form a row; columns that are none of Google's are the form's questions."""

	source = Source.LEAD_FORM
	name = "Google Ads lead forms"
	needs = (
		Need("Lead submit time", frozenset((*_SUBMITTED, _COLUMN_DATA))),
		Need("Email or Phone number", frozenset((*_CONTACTS, _COLUMN_DATA))),
		Need("GCLID, Form ID or Campaign", frozenset((*_KEYS, _COLUMN_DATA))),
	)

	def recognizes(self, columns: Sequence[str], first: object) -> bool:
		return not missing(self.needs, names_of(columns, first))

	def moments(self, values: Mapping[str, object]) -> Iterator[object]:
		value = Fields(values).get(*_SUBMITTED)[1]
		if value is not None:
			yield value

	def read(self, values: Mapping[str, object], context: Context) -> list[Told]:
		row = Fields(object_of(values))
		submitted_on = moment_of(row, context, "when the form was submitted", *_SUBMITTED)
		payload = dict(values) if _COLUMN_DATA in row else _payload(row)
		payload["lead_submit_time"] = submitted_on.isoformat()
		event = google_lead_form.parse(payload, ChannelContext(zone=context.zone))
		return [Told(Source.LEAD_FORM, event)]


def _payload(row: Fields) -> dict[str, object]:
	"""The payload that Google's servers would have posted."""
	payload: dict[str, object] = {"lead_id": _lead_id(row)}
	answers = []
	for name, written, value in row.items():
		if name in _KEYS:
			payload[_KEYS[name]] = value
		elif name not in _ID and name not in _SUBMITTED:
			column_id = _ANSWERS.get(name, written)
			answers.append({"column_id": column_id, "column_name": written, "string_value": value})
	payload["user_column_data"] = answers
	return payload


def _lead_id(row: Fields) -> object:
	"""A table without ids gets them made of all that a row says, so that the same row in two files is one lead.

	Raises Unreadable for a row that has none where others have, and for an id that a spreadsheet has rounded.
	"""
	if own_id := row.get(*_ID)[1]:
		return exact(own_id)
	if row.has_column(*_ID):
		raise Unreadable("The lead has no id, so it can't be told from its own repetition.")
	said = "\0".join(sorted(f"{name}={value}" for name, _written, value in row.items()))
	return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
