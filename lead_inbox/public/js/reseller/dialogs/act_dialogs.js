// What is asked before something is done to a customer. Each promises the answer, or null when it was closed.

import { ask } from "../../shared/dialogs/ask";
import { ask_whether } from "../../shared/dialogs/confirm_dialog";
import { docfield, label_of } from "../records";

const ASKED_ABOUT = [
	...["organization_name", "domain", "primary_email", "first_name", "last_name", "alternate_email", "phone"],
	...["address_line1", "address_line2", "postal_code", "city", "state", "country"],
];

export function ask_terms() {
	const on = {
		fieldname: "on",
		fieldtype: "Date",
		label: __("Accepted On"),
		description: __("When the customer accepted the vendor's terms of service."),
		default: frappe.datetime.get_today(),
		reqd: 1,
	};
	return ask({ title: __("Terms of Service"), fields: [on], primary_action_label: __("Record") });
}

export async function ask_activation() {
	const yes = await ask_whether({
		title: __("Activate"),
		question: __("Does the customer use what it ordered?"),
		yes: __("Activate"),
	});
	return yes ? {} : null;
}

/** @param title of what is done, which is also its button */
export function ask_reason(title) {
	const reason = { fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 };
	return ask({ title, fields: [reason], primary_action_label: title });
}

/** @param values fields of the customer */
export function ask_domain({ domain, customer_type }) {
	const field = {
		fieldname: "domain",
		fieldtype: "Data",
		label: __("Domain"),
		description:
			customer_type === "Team"
				? __("With it the team becomes a customer by domain, and can buy what needs one.")
				: __("The vendor shows it as verified."),
		default: domain || "",
		reqd: 1,
	};
	return ask({ title: __("Domain Verified"), fields: [field], primary_action_label: __("Record") });
}

/** @param values fields of the customer as we know them */
export async function ask_details(values) {
	const asked = ASKED_ABOUT.filter((field) => field !== "domain" || values.customer_type !== "Team");
	const fields = asked.map((field) => detail_field(field, values[field]));
	const note = {
		fieldname: "note",
		fieldtype: "Small Text",
		label: __("Note"),
		description: __("Who answered, and how."),
	};
	const answer = await ask({
		title: __("Are these details still right?"),
		size: "large",
		primary_action_label: __("Record"),
		fields: [...in_two_columns(fields), { fieldtype: "Section Break" }, note],
	});
	if (!answer) return null;
	const changed = asked.filter((field) => (answer[field] || "") !== (values[field] || ""));
	return {
		values: Object.fromEntries(changed.map((field) => [field, answer[field] || ""])),
		note: answer.note || "",
	};
}

function detail_field(field, value) {
	const { fieldtype, options, length } = docfield(field);
	return { fieldname: field, fieldtype, options, length, label: label_of(field), default: value || "" };
}

function in_two_columns(fields) {
	const half = Math.ceil(fields.length / 2);
	return [...fields.slice(0, half), { fieldtype: "Column Break" }, ...fields.slice(half)];
}
