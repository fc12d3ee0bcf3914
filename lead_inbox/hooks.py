from lead_inbox.inbox.personal_fields import PERSONAL_FIELDS

app_name = "lead_inbox"
app_title = "Lead Inbox"
app_publisher = "The Lead Inbox authors"
app_description = "ERPNext's Lead as a shared inbox"
app_email = "maintainers@users.noreply.lead-inbox.example"
app_license = "GPL-3.0-or-later"
required_apps = ["erpnext"]

# Install and uninstall
after_install = "lead_inbox.install.after_install"
after_migrate = "lead_inbox.install.after_migrate"
before_uninstall = "lead_inbox.install.before_uninstall"

# Documents of Frappe and ERPNext
doc_events = {
	"Lead": {
		"before_insert": "lead_inbox.overrides.lead.before_insert",
		"before_validate": "lead_inbox.overrides.lead.before_validate",
		"validate": "lead_inbox.overrides.lead.validate",
		"after_insert": "lead_inbox.overrides.lead.after_insert",
		"on_change": "lead_inbox.overrides.lead.on_change",
		"on_trash": "lead_inbox.overrides.lead.on_trash",
	},
	"Contact": {
		"before_validate": "lead_inbox.overrides.contact.before_validate",
		"validate": "lead_inbox.overrides.contact.validate",
		"on_trash": [
			"lead_inbox.conversion.undoing.undo.record_deleted",
			"lead_inbox.reseller.ties.following.contact_deleted",
		],
	},
	"Address": {"on_trash": "lead_inbox.reseller.ties.following.address_deleted"},
	"Communication": {
		"before_insert": [
			"lead_inbox.overrides.email_campaign.before_send",
			"lead_inbox.overrides.communication.before_insert",
		],
		"before_validate": "lead_inbox.overrides.communication.before_validate",
		"validate": "lead_inbox.overrides.communication.validate",
		"after_insert": "lead_inbox.overrides.communication.after_insert",
	},
	"Call Log": {
		"before_insert": "lead_inbox.overrides.call_log.before_insert",
		"after_insert": "lead_inbox.overrides.call_log.on_update",
		"on_update": "lead_inbox.overrides.call_log.on_update",
	},
	"Email Unsubscribe": {
		"after_insert": "lead_inbox.overrides.email_unsubscribe.after_insert",
		"on_trash": "lead_inbox.overrides.email_unsubscribe.on_trash",
	},
	"Customer": {
		"after_mapping": "lead_inbox.overrides.customer.after_mapping",
		"validate": "lead_inbox.overrides.customer.validate",
		"after_rename": "lead_inbox.overrides.customer.after_rename",
		"on_update": "lead_inbox.overrides.customer.on_update",
		"on_trash": "lead_inbox.overrides.customer.on_trash",
	},
	"Quotation": {
		"before_validate": "lead_inbox.overrides.quotation.before_validate",
		"validate": "lead_inbox.overrides.quotation.validate",
		"on_trash": "lead_inbox.conversion.undoing.undo.record_deleted",
	},
	"Sales Order": {
		"validate": "lead_inbox.overrides.sales_order.validate",
		"on_submit": "lead_inbox.overrides.sales_order.on_submit",
		"on_cancel": "lead_inbox.overrides.sales_order.on_cancel",
	},
	"Quotation Item": {"before_insert": "lead_inbox.overrides.order_item.before_insert"},
	"Sales Order Item": {"before_insert": "lead_inbox.overrides.order_item.before_insert"},
	"Opportunity": {
		"after_mapping": "lead_inbox.overrides.opportunity.after_mapping",
		"before_validate": "lead_inbox.overrides.opportunity.before_validate",
		"on_change": "lead_inbox.overrides.opportunity.on_change",
		"on_trash": [
			"lead_inbox.overrides.opportunity.on_trash",
			"lead_inbox.conversion.undoing.undo.record_deleted",
		],
	},
	"ToDo": {
		"on_update": "lead_inbox.overrides.todo.on_update",
		"after_delete": "lead_inbox.overrides.todo.on_update",
	},
	"User": {"after_rename": "lead_inbox.overrides.user.after_rename"},
	"Notification Log": {"before_insert": "lead_inbox.overrides.notification_log.before_insert"},
	"Event": {
		"on_update": "lead_inbox.overrides.event.on_update",
		"on_trash": "lead_inbox.overrides.event.on_trash",
	},
}

# Scheduled work
scheduler_events = {
	"cron": {
		"* * * * *": [
			"lead_inbox.tasks.sweep_events",
			"lead_inbox.tasks.deliver_messages",
			"lead_inbox.tasks.tell_partners",
			"lead_inbox.tasks.wake_snoozed",
			"lead_inbox.tasks.advance_sequences",
			"lead_inbox.tasks.run_bulk_conversions",
			"lead_inbox.tasks.send_booking_reminders",
			"lead_inbox.tasks.ask_vendors",
		],
		"*/5 * * * *": ["lead_inbox.tasks.poll_partners"],
		"*/15 * * * *": [
			"lead_inbox.tasks.age_leads",
		],
		# while people are at work, site time: "daily" runs at midnight
		"0 8-17 * * *": ["lead_inbox.tasks.follow_up_resellers"],
	},
	"hourly": [
		"lead_inbox.tasks.reconcile_with_erpnext",
		"lead_inbox.tasks.give_up_open_calls",
		"lead_inbox.tasks.watch_response_rates",
		"lead_inbox.tasks.rescore_leads",
		"lead_inbox.tasks.remind_to_qualify",
	],
	"daily": ["lead_inbox.tasks.forget_past_claims", "lead_inbox.tasks.compare_with_vendors"],
}

before_job = ["lead_inbox.channels.charsets.know_mail_charsets"]

# What happens in the inbox, told to what is built on it (inbox/listeners.py)
lead_inbox_happening = [
	"lead_inbox.sequences.enrollment.exits.happened",
	"lead_inbox.sequences.enrollment.enrolling_by_rule.happened",
	"lead_inbox.conversion.stages.stages.happened",
	"lead_inbox.bookings.leads.happened",
]
lead_inbox_identity_changed = [
	"lead_inbox.bookings.leads.identity_changed",
	"lead_inbox.reseller.ties.following.identity_changed",
]
lead_inbox_erased = ["lead_inbox.bookings.leads.erased", "lead_inbox.reseller.ties.erasure.erased"]
lead_inbox_booking_told = ["lead_inbox.bookings.partners.partner_bookings.told_of_booking"]
lead_inbox_refusal = ["lead_inbox.sequences.enrollment.exits.contact_refused"]
lead_inbox_bounce = ["lead_inbox.sequences.enrollment.exits.mail_bounced"]
lead_inbox_message_settled = [
	"lead_inbox.sequences.enrollment.settling.message_settled",
	"lead_inbox.sequences.activities.activities.message_settled",
	"lead_inbox.bookings.telling.reminders.message_settled",
]
lead_inbox_mail_opened = [
	"lead_inbox.sequences.enrollment.exits.mail_opened",
	"lead_inbox.conversion.stages.stages.message_used",
]
lead_inbox_link_clicked = [
	"lead_inbox.sequences.enrollment.exits.link_clicked",
	"lead_inbox.conversion.stages.stages.message_used",
]
lead_inbox_call_ended = ["lead_inbox.sequences.activities.activities.call_finished"]

# A reseller's customer has got an account, or buys elsewhere now (reseller/customers.py)
lead_inbox_reseller_account = [
	"lead_inbox.reseller.follow_up.setup_tips.give",
	"lead_inbox.reseller.follow_up.detail_checks.plan",
]
lead_inbox_reseller_left = ["lead_inbox.reseller.follow_up.setup_tips.withdraw"]

# What templates of messages to a lead may name beside its fields (inbox/replies/placeholders.py)
lead_inbox_placeholders = {"booking_link": "lead_inbox.bookings.pages.links.service_link"}

# Who may see what
permission_query_conditions = {
	"Booking": "lead_inbox.permissions.booking_conditions",
	"Booking Reminder": "lead_inbox.permissions.booking_reminder_conditions",
	"Booking Review": "lead_inbox.permissions.booking_review_conditions",
	"Bulk Lead Conversion Row": "lead_inbox.permissions.bulk_lead_conversion_row_conditions",
	"Lead Message": "lead_inbox.permissions.lead_message_conditions",
	"Lead Transition": "lead_inbox.permissions.lead_transition_conditions",
	"Lead Dispute": "lead_inbox.permissions.lead_dispute_conditions",
	"Lead Merge": "lead_inbox.permissions.lead_merge_conditions",
	"Lead Conversion": "lead_inbox.permissions.lead_conversion_conditions",
	"Sales Activity": "lead_inbox.permissions.sales_activity_conditions",
	"Sequence Enrollment": "lead_inbox.permissions.sequence_enrollment_conditions",
}
has_permission = {
	"Booking": "lead_inbox.permissions.follows_lead_or_customer",
	"Booking Reminder": "lead_inbox.permissions.follows_booking",
	"Booking Review": "lead_inbox.permissions.follows_lead_or_customer",
	"Bulk Lead Conversion Row": "lead_inbox.permissions.follows_lead",
	"Lead Message": "lead_inbox.permissions.follows_lead",
	"Lead Transition": "lead_inbox.permissions.follows_lead",
	"Lead Dispute": "lead_inbox.permissions.follows_written_lead",
	"Lead Merge": "lead_inbox.permissions.follows_both_leads",
	"Lead Conversion": "lead_inbox.permissions.follows_lead",
	"Sales Activity": "lead_inbox.permissions.follows_record",
	"Sequence Enrollment": "lead_inbox.permissions.follows_record",
}

# HTTP doors
after_request = [
	"lead_inbox.api.v1.doors.after_request",
	"lead_inbox.bookings.pages.headers.after_request",
]
override_whitelisted_methods = {
	"frappe.core.doctype.communication.email.mark_email_as_seen": "lead_inbox.api.links.mark_email_as_seen",
}

# Desk
doctype_js = {
	"Customer": "public/js/customer.js",
	"Lead": "public/js/lead.js",
	"Opportunity": "public/js/opportunity.js",
}
calendars = ["Booking"]
doctype_list_js = {"Lead": "public/js/lead_list.js", "Opportunity": "public/js/opportunity_list.js"}
override_doctype_dashboards = {
	doctype: ["lead_inbox.reseller.ties.connections.of_party"] for doctype in ("Lead", "Customer")
}

additional_timeline_content = {
	doctype: ["lead_inbox.conversion.carrying.timeline.of_leads"]
	for doctype in ("Customer", "Contact", "Opportunity", "Quotation")
}

# Records of what was done, which must not keep what they name from being deleted
ignore_links_on_delete = ["Lead Conversion", "Bulk Lead Conversion", "Bulk Lead Conversion Row"]

# Retention and personal data
default_log_clearing_doctypes = {"Lead Event": 90}
user_data_fields = [
	{
		"doctype": "Lead",
		"filter_by": "email_id",
		"redact_fields": PERSONAL_FIELDS["Lead"],
	},
	{
		"doctype": "Lead Message",
		"filter_by": "lead_email",
		"redact_fields": PERSONAL_FIELDS["Lead Message"],
	},
	{
		"doctype": "Lead Event",
		"filter_by": "lead_email",
		"redact_fields": PERSONAL_FIELDS["Lead Event"],
	},
	{
		"doctype": "Lead Dispute",
		"filter_by": "lead_email",
		"redact_fields": PERSONAL_FIELDS["Lead Dispute"],
	},
	{
		"doctype": "Sales Activity",
		"filter_by": "lead_email",
		"redact_fields": PERSONAL_FIELDS["Sales Activity"],
	},
	{"doctype": "Booking", "filter_by": "lead_email", "redact_fields": PERSONAL_FIELDS["Booking"]},
	{
		"doctype": "Booking Review",
		"filter_by": "lead_email",
		"redact_fields": PERSONAL_FIELDS["Booking Review"],
	},
	*(
		{
			"doctype": "Reseller Customer",
			"filter_by": email,
			"redact_fields": PERSONAL_FIELDS["Reseller Customer"],
		}
		for email in ("primary_email", "alternate_email")
	),
	{"doctype": "Lead Read Marker", "filter_by": "user", "redact_fields": ["read_on"]},
]
