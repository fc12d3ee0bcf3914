// Words for rows and for the whole.

const PILLS = { Pending: "blue", Converted: "green", Failed: "red", "Left Out": "gray" };

export function row_pill({ status }) {
	const labels = {
		Pending: __("To Convert"),
		Converted: __("Converted"),
		Failed: __("Failed"),
		"Left Out": __("Left Out"),
	};
	return { label: labels[status], color: PILLS[status] };
}

/** The filters, with how many rows each shows. Those of the result are there when there is one. */
export function filters({ counts }, has_run) {
	const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
	const of = (status, label, always) => ({ value: status, label, count: counts[status], always });
	return [
		{ value: "", label: __("All"), count: all, always: true },
		of("Converted", __("Success"), has_run),
		of("Failed", __("Error"), has_run),
		of("Pending", __("To Convert"), false),
		of("Left Out", __("Left Out"), false),
	].filter(({ always, count }) => always || count);
}

/** What a start would make, as sentences. */
export function plan_sentences({ leads, new_customers, linked, opportunities, known }) {
	if (!leads) return [__("No lead is to be converted.")];
	const sentences = [
		__("{0} will be converted: to {1} and {2}.", [
			counted(leads, __("1 lead"), __("{0} leads")),
			counted(new_customers, __("1 new customer"), __("{0} new customers")),
			counted(opportunities, __("1 new opportunity"), __("{0} new opportunities")),
		]),
	];
	if (linked) {
		sentences.push(
			counted(linked, __("1 lead goes to a customer of another."), __("{0} leads go to a customer of another."))
		);
	}
	if (known) {
		sentences.push(
			counted(
				known,
				__("1 new customer has the name of one that exists: choose above its lead."),
				__("{0} new customers have the name of one that exists: choose above their leads.")
			)
		);
	}
	return sentences;
}

export function result_sentence({ counts: { Converted, Failed } }) {
	return __("{0} converted, {1} failed.", [Converted, Failed]);
}

function counted(count, one, many) {
	return count === 1 ? one : many.replace("{0}", count);
}

export const customer_modes = () => [
	{ value: "New", label: __("New") },
	{ value: "Shared", label: __("New, shared by the company") },
	{ value: "Existing", label: __("Existing …") },
];

export const contact_modes = () => [
	{ value: "Own", label: __("The lead's own") },
	{ value: "Existing", label: __("Existing …") },
];

export const opportunity_modes = () => [
	{ value: "New", label: __("New") },
	{ value: "None", label: __("None") },
];

/** ERPNext's own, of this site: what the lead is to be when it is converted. */
export function qualifications() {
	const { options } = frappe.meta.get_docfield("Lead", "qualification_status");
	return (options || "").split("\n").filter(Boolean);
}
