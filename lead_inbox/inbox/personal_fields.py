"""Which fields hold personal data: for Frappe's download and deletion, and for a source's own wipe."""

from __future__ import annotations

REDACTED = "[erased]"
PERSONAL_FIELDS: dict[str, list[str]] = {
	"Lead": [
		"lead_name",
		"first_name",
		"middle_name",
		"last_name",
		"title",
		"phone",
		"mobile_no",
		"whatsapp_no",
		"inbox_phone_e164",
		"inbox_mobile_e164",
		"inbox_description",
		"inbox_location",
		"inbox_postal_code",
		"inbox_bounced_email",
		"inbox_sent_back_reason",
	],
	"Lead Message": ["sender_name", "subject", "content", "recording_url", "recipient"],
	"Lead Event": ["payload", "reason", "error"],
	"Lead Dispute": ["comment", "result_note"],
	"Sequence Enrollment": ["error"],
	"Bulk Lead Conversion Row": ["error", "company_key"],
	"Booking": ["title", "customer_name", "phone", "place", "notes", "reason"],
	"Booking Review": ["customer_name", "words", "answer"],
	"Booking Reminder": ["error"],
	"Sales Activity": ["title", "instructions", "note", "error"],
	"Reseller Customer": [
		*("title", "first_name", "last_name", "primary_email", "alternate_email", "phone"),
		*("address_line1", "address_line2", "city", "state", "postal_code"),
	],
	"Reseller Customer Check": ["evidence"],
	"Reseller Customer Consent": ["given_by", "evidence"],
	"Reseller Detail Check": ["note", "changes"],
}
