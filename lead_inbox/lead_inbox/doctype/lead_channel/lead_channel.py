from __future__ import annotations

from urllib.parse import quote

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.permissions import AUTOMATIC_ROLES
from frappe.utils import get_url

from lead_inbox.channels import standard
from lead_inbox.channels.signature import generate_secret, is_usable_secret
from lead_inbox.inbox.response.channel_hours import check_hours, check_time_zone

DOORS = {
	"Standard Webhooks": "lead_inbox.api.v1.webhook.receive",
	"Google Ads Lead Form": "lead_inbox.api.v1.google_lead_form.receive",
	"Housecall Pro": "lead_inbox.api.v1.housecall_pro.receive",
	"Booking Form": "lead_inbox.api.v1.webhook.receive",
}
BOOKING_SERVER = "Google Actions Center"  # asks one address for all its channels, and names them itself
BOOKING_SERVER_DOOR = "lead_inbox.api.v1.google_bookings.serve"
PARTNER_ROLE = "Lead Partner"
SIGNED_BY_OUR_SECRET = ("Standard Webhooks", "Booking Form")
WATCH_FIELDS = ("min_response_rate", "switch_off_below")


class LeadChannel(Document):
	"""One source of leads: who may send, what a lead of it starts with, when it ages."""

	def validate(self) -> None:
		self.set_signing_secret()
		self.validate_signing_secrets()
		self.validate_google_key()
		self.validate_housecall_secret()
		self.validate_api_user()
		self.validate_field_map()
		self.validate_time_zone()
		self.validate_email_account()
		self.validate_hours()
		self.follow_message_leads()
		self.judge_response_rate_anew()

	def on_update(self) -> None:
		self.make_lead_source()

	@property
	def door_url(self) -> str:
		"""The address that the source sends its events to; empty for sources inside ERPNext."""
		if self.provider == BOOKING_SERVER:
			return get_url(f"/api/method/{BOOKING_SERVER_DOOR}")
		method = DOORS.get(self.provider)
		return get_url(f"/api/method/{method}/{quote(self.name or '', safe='')}") if method else ""

	@frappe.whitelist(methods=["POST"])
	def rotate_signing_secret(self) -> None:
		"""Make a new secret and go on accepting the present one until it is cleared."""
		self.check_permission("write")
		self.previous_signing_secret = self.get_password("signing_secret")
		self.signing_secret = ""
		self.save()

	def set_signing_secret(self) -> None:
		"""Show a new secret to whoever saves: afterwards it can't be read any more."""
		if self.provider in SIGNED_BY_OUR_SECRET and not self.signing_secret:
			self.signing_secret = generate_secret()
			frappe.msgprint(
				_("Signing secret: {0}").format(f"<code>{self.signing_secret}</code>")
				+ "<br>"
				+ _("Copy it now and give it to the sender. It is not shown again."),
				title=_("New Signing Secret"),
			)

	def validate_signing_secrets(self) -> None:
		if self.provider not in SIGNED_BY_OUR_SECRET:
			return
		for field in ("signing_secret", "previous_signing_secret"):
			value = self.get(field)
			if value and not self.is_dummy_password(value) and not is_usable_secret(value):
				frappe.throw(
					_(
						"{0} must be whsec_ followed by base64 of 24 to 64 bytes. Clear it to have one made."
					).format(_(self.meta.get_label(field)))
				)

	def validate_google_key(self) -> None:
		if self.provider == "Google Ads Lead Form" and not self.google_key:
			frappe.throw(
				_("Enter the Google Key, the same as in the lead form's webhook settings in Google Ads.")
			)

	def validate_housecall_secret(self) -> None:
		if self.provider == "Housecall Pro" and not self.signing_secret:
			frappe.throw(_("Enter the Signing Secret that Housecall Pro shows for the webhook."))

	def validate_api_user(self) -> None:
		"""Its key opens the site as far as its roles go, not this channel alone."""
		if self.provider != BOOKING_SERVER:
			return
		if not self.api_user:
			frappe.throw(_("Choose the User of the Source, with whose API key and secret Google signs in."))
		if set(frappe.get_roles(self.api_user)) - set(AUTOMATIC_ROLES) != {PARTNER_ROLE}:
			frappe.throw(
				_("Give {0} the role {1} and no other: the source could use them all.").format(
					self.api_user, _(PARTNER_ROLE)
				)
			)

	def validate_field_map(self) -> None:
		for row in self.field_map:
			if not standard.is_path(row.source_path):
				frappe.throw(
					_("Row {0}: {1} is not a path, such as contact.phones.0").format(row.idx, row.source_path)
				)
			if row.target_field not in standard.known_targets():
				frappe.throw(
					_("Row {0}: {1} is not a field of an event. Choose one of {2}.").format(
						row.idx, row.target_field, ", ".join(standard.known_targets())
					)
				)

	def validate_time_zone(self) -> None:
		check_time_zone(self.time_zone)

	def validate_email_account(self) -> None:
		"""With either setting ERPNext acts on a mail before its sender has been matched."""
		account = self.email_account and frappe.get_cached_doc("Email Account", self.email_account)
		doubles = {"append_to": "Lead", "create_contact": 1}
		labels = [
			_(account.meta.get_label(field))
			for field, value in doubles.items()
			if account and account.get(field) == value
		]
		if labels:
			frappe.msgprint(
				_(
					"Clear {0} of {1}: Lead Inbox makes the lead and its contact itself, the setting makes doubles."
				).format(", ".join(labels), frappe.bold(self.email_account))
			)

	def validate_hours(self) -> None:
		"""Hours are local to the channel's zone; closing at 00:00 is the end of the day."""
		check_hours(self.hours)

	def follow_message_leads(self) -> None:
		"""Forget why message leads were off once somebody switches them on again."""
		if self.message_leads:
			self.messages_off_because = None

	def judge_response_rate_anew(self) -> None:
		"""Let the hourly watch warn again, and switch off, by what was just asked of it."""
		before = self.get_doc_before_save()
		if before and any(before.get(field) != self.get(field) for field in WATCH_FIELDS):
			self.rate_warned_on = None

	def make_lead_source(self) -> None:
		"""Have the record that Lead's source field links to, named as in this ERPNext's version."""
		meta = frappe.get_meta("Lead")
		field = meta.get_field("source") or meta.get_field("utm_source")
		if self.source and field and not frappe.db.exists(field.options, self.source):
			title_field = "source_name" if field.options == "Lead Source" else "name"
			frappe.get_doc({"doctype": field.options, title_field: self.source}).insert(
				ignore_permissions=True  # whoever may write channels may name their source
			)
