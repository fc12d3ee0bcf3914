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
	},
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
	"Customer": {"on_update": "lead_inbox.overrides.customer.on_update"},
	"ToDo": {
		"on_update": "lead_inbox.overrides.todo.on_update",
		"after_delete": "lead_inbox.overrides.todo.on_update",
	},
	"Notification Log": {"before_insert": "lead_inbox.overrides.notification_log.before_insert"},
}

# Scheduled work
scheduler_events = {
	"cron": {
		"* * * * *": [
			"lead_inbox.tasks.sweep_events",
			"lead_inbox.tasks.deliver_messages",
			"lead_inbox.tasks.wake_snoozed",
		],
		"*/15 * * * *": [
			"lead_inbox.tasks.age_leads",
		],
	},
	"hourly": [
		"lead_inbox.tasks.reconcile_with_erpnext",
		"lead_inbox.tasks.give_up_open_calls",
		"lead_inbox.tasks.watch_response_rates",
	],
}

before_job = ["lead_inbox.channels.charsets.know_mail_charsets"]

# Who may see what
permission_query_conditions = {
	"Lead Message": "lead_inbox.permissions.lead_message_conditions",
	"Lead Transition": "lead_inbox.permissions.lead_transition_conditions",
	"Lead Dispute": "lead_inbox.permissions.lead_dispute_conditions",
	"Lead Merge": "lead_inbox.permissions.lead_merge_conditions",
}
has_permission = {
	"Lead Message": "lead_inbox.permissions.follows_lead",
	"Lead Transition": "lead_inbox.permissions.follows_lead",
	"Lead Dispute": "lead_inbox.permissions.follows_written_lead",
	"Lead Merge": "lead_inbox.permissions.follows_both_leads",
}

# HTTP doors
after_request = ["lead_inbox.api.v1.doors.after_request"]

# Desk
doctype_js = {"Lead": "public/js/lead.js"}

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
	{"doctype": "Lead Read Marker", "filter_by": "user", "redact_fields": ["read_on"]},
]
