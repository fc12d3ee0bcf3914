// Questions to the user, in Frappe's own dialogs. Labels there are HTML: whatever comes from data is escaped.

import { clock_format, to_site_time, user_now } from "./time";

const { escape_html } = frappe.utils;

/** @returns a promise of a site time, or of null when the dialog was closed */
export function ask_snooze_time(count) {
	return new Promise((resolve) => {
		const dialog = new frappe.ui.Dialog({
			title: count > 1 ? __("Snooze {0} leads until", [count]) : __("Snooze until"),
			fields: [
				{ fieldname: "choices", fieldtype: "HTML" },
				{
					fieldname: "until",
					fieldtype: "Datetime",
					label: __("Another time"),
					description: __("A message or call from the customer ends it earlier."),
				},
			],
			primary_action_label: __("Snooze"),
			primary_action: ({ until }) => (until ? finish(until) : ask_for_time(dialog)),
			on_hide: () => resolve(null),
		});
		const finish = (until) => {
			resolve(until);
			dialog.hide();
		};
		dialog
			.get_field("choices")
			.$wrapper.append(snooze_choices().map((choice) => choice_button(choice, finish)));
		dialog.show();
	});
}

function ask_for_time(dialog) {
	dialog.get_field("until").$input.trigger("focus");
}

function snooze_choices() {
	const now = user_now();
	const at_nine = (day) => day.startOf("day").hour(9);
	const later = now.clone().add(3, "hours").startOf("hour");
	const choices = [
		{ label: __("Tomorrow"), at: at_nine(now.clone().add(1, "day")) },
		{ label: __("Next week"), at: at_nine(now.clone().add(1, "week").isoWeekday(1)) },
	];
	if (later.isSame(now, "day")) choices.unshift({ label: __("Later today"), at: later });
	return choices;
}

function choice_button({ label, at }, finish) {
	return $('<button type="button" class="btn btn-default lead-inbox-choice"></button>')
		.append(
			$("<span>").text(label),
			$('<span class="text-muted">').text(at.format(`ddd ${clock_format()}`))
		)
		.on("click", () => finish(to_site_time(at)));
}

/** @returns a promise of a user's name, or of null when the dialog was closed */
export function ask_assignee(users, count) {
	const me = frappe.session.user;
	return ask({
		title: count > 1 ? __("Assign {0} leads", [count]) : __("Assign"),
		fields: [
			{
				fieldname: "user",
				fieldtype: "Select",
				label: __("Assign to"),
				options: users.map((user) => user_option(user)),
				default: users.some((user) => user.name === me) ? me : undefined,
				reqd: 1,
			},
		],
		primary_action_label: __("Assign"),
	}).then((values) => values?.user || null);
}

/** @returns a promise of {filters, snoozed}, or of null when the dialog was closed */
export async function ask_filters(context, { filters, snoozed }) {
	const now = { ...filters, snoozed: snoozed ? 1 : 0 };
	const values = await ask({
		title: __("Filter"),
		fields: filter_fields(context).map((field) => ({ ...field, default: now[field.fieldname] })),
		primary_action_label: __("Apply"),
	});
	return values && split_filters(values);
}

function filter_fields({ channels, users, types }) {
	const any = { value: "", label: __("Any") };
	const options = (names) => [any, ...names.map((name) => ({ value: name, label: escape_html(__(name)) }))];
	return [
		{
			fieldname: "channel",
			fieldtype: "Select",
			label: __("Channel"),
			options: options(channels.map((channel) => channel.name)),
		},
		{
			fieldname: "assignee",
			fieldtype: "Select",
			label: __("Assigned to"),
			options: [any, ...users.map((user) => user_option(user))],
		},
		{ fieldname: "type", fieldtype: "Select", label: __("Type"), options: options(types) },
		{ fieldtype: "Section Break" },
		{ fieldname: "from_date", fieldtype: "Date", label: __("From") },
		{ fieldtype: "Column Break" },
		{ fieldname: "to_date", fieldtype: "Date", label: __("To") },
		{ fieldtype: "Section Break" },
		{ fieldname: "snoozed", fieldtype: "Check", label: __("Show snoozed leads") },
	];
}

function split_filters({ snoozed, ...values }) {
	const filters = Object.fromEntries(Object.entries(values).filter(([, value]) => value));
	return { filters, snoozed: Boolean(snoozed) };
}

function user_option({ name, full_name }) {
	return { value: name, label: escape_html(full_name || name) };
}

function ask(options) {
	return new Promise((resolve) => {
		const dialog = new frappe.ui.Dialog({
			...options,
			primary_action: (values) => {
				resolve(values);
				dialog.hide();
			},
			on_hide: () => resolve(null),
		});
		dialog.show();
	});
}

/** Says how many leads it worked for, and for each of the others why not. */
export function tell_outcome({ done, failed }, done_label, title_of) {
	if (done.length) {
		const message = done.length > 1 ? `${done_label}: ${__("{0} leads", [done.length])}` : done_label;
		frappe.show_alert({ message, indicator: "green" });
	}
	if (!failed.length) return;
	frappe.msgprint({
		title: __("Not done for all"),
		indicator: "orange",
		message: failed.map(({ name, message }) => `${escape_html(title_of(name))}: ${escape_html(message)}`),
		as_list: true,
	});
}
