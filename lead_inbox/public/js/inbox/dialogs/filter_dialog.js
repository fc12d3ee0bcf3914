import { ask, escape_html, user_option } from "../../shared/dialogs/ask";

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
