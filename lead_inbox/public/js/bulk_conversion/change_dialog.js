// Changing one column of many rows.

import { ask } from "../shared/dialogs/ask";
import { opportunity_modes, qualifications } from "./labels";

const OWNERS = { enabled: 1, user_type: "System User" };

/** @returns a promise of what api.change_rows takes as values, or of null when the dialog was closed */
export async function ask_change(count) {
	const title = count === 1 ? __("Change 1 Lead") : __("Change {0} Leads", [count]);
	const answer = await ask({ title, fields: fields(), primary_action_label: __("Change") });
	return answer && values_of(answer);
}

function fields() {
	const shown_for = (column) => ({
		depends_on: `eval:doc.column === "${column}"`,
		mandatory_depends_on: `eval:doc.column === "${column}"`,
	});
	return [
		{
			fieldname: "column",
			fieldtype: "Select",
			label: __("What"),
			reqd: 1,
			default: "owner_user",
			options: [
				{ value: "owner_user", label: __("Owner") },
				{ value: "qualification", label: __("Qualification") },
				{ value: "customer_mode", label: __("Customer") },
				{ value: "opportunity_mode", label: __("Opportunity") },
				{ value: "status", label: __("Take In or Leave Out") },
			],
		},
		{
			fieldname: "owner_user",
			fieldtype: "Link",
			options: "User",
			label: __("Owner"),
			only_select: 1,
			description: __("Empty: whoever has the lead"),
			depends_on: 'eval:doc.column === "owner_user"',
			get_query: () => ({ filters: OWNERS }),
		},
		{
			fieldname: "qualification",
			fieldtype: "Select",
			label: __("Qualification"),
			options: [
				{ value: "", label: __("As it is") },
				...qualifications().map((value) => ({ value, label: __(value) })),
			],
			depends_on: 'eval:doc.column === "qualification"',
		},
		{
			fieldname: "customer_mode",
			fieldtype: "Select",
			label: __("Customer"),
			options: [
				{ value: "New", label: __("A new customer each") },
				{ value: "Shared", label: __("One new customer for all leads of a company") },
				{ value: "Existing", label: __("An existing customer") },
			],
			default: "New",
			...shown_for("customer_mode"),
		},
		{
			fieldname: "customer",
			fieldtype: "Link",
			options: "Customer",
			label: __("Existing Customer"),
			only_select: 1,
			depends_on: 'eval:doc.column === "customer_mode" && doc.customer_mode === "Existing"',
			mandatory_depends_on: 'eval:doc.column === "customer_mode" && doc.customer_mode === "Existing"',
		},
		{
			fieldname: "opportunity_mode",
			fieldtype: "Select",
			label: __("Opportunity"),
			options: opportunity_modes(),
			default: "New",
			...shown_for("opportunity_mode"),
		},
		{
			fieldname: "status",
			fieldtype: "Select",
			label: __("Whether to Convert"),
			options: [
				{ value: "Pending", label: __("Take in") },
				{ value: "Left Out", label: __("Leave out") },
			],
			default: "Left Out",
			...shown_for("status"),
		},
	];
}

function values_of({ column, customer, ...answer }) {
	const values = { [column]: answer[column] || "" };
	return column === "customer_mode" ? { ...values, customer: customer || "" } : values;
}
