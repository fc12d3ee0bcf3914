import { RequestError } from "../../request";
import { CUSTOMER, FAMILY } from "../records";

// Of what a customer may be made: the field that ties it, and the one that names it.
const PARTIES = {
	Lead: { field: "lead", title: "title" },
	Customer: { field: "customer", title: "customer_name" },
};
const SHOWN = 5;

/** What there is before a customer is begun. Used through reactive(). */
export class Start {
	origin = "New";
	families = null; // those in use; two are enough to know that there is something to choose
	others = []; // of the record it is made from, in whatever state; else what was begun and left
	title = ""; // of that record
	error = null;

	/** @param source {doctype, name} of the record it is made from, or null */
	async load(source) {
		this.error = null;
		try {
			const [families, others, title] = await Promise.all([
				list(FAMILY, { filters: { enabled: 1 }, fields: ["name"], order_by: "name asc", limit: 2 }),
				list(CUSTOMER, {
					filters: source ? of_party(source) : { status: ["in", ["Draft", "Checked"]] },
					fields: ["name", "title", "status", "product_family"],
					order_by: "modified desc",
					limit: SHOWN,
				}),
				source ? title_of(source) : "",
			]);
			Object.assign(this, { families, others, title });
		} catch (error) {
			this.error = error;
		}
	}

	/** As api.begin takes them. */
	values(source) {
		const { origin, families } = this;
		const party = source ? of_party(source) : {};
		return { origin, ...party, product_family: families.length === 1 ? families[0].name : "" };
	}
}

function of_party({ doctype, name }) {
	return { [PARTIES[doctype].field]: name };
}

async function title_of({ doctype, name }) {
	const { title } = PARTIES[doctype];
	const found = await call("frappe.client.get_value", { doctype, filters: name, fieldname: title });
	return found?.[title] || name;
}

function list(doctype, args) {
	return call("frappe.desk.reportview.get_list", { doctype, ...args });
}

/** frappe.db's own never end where the server refuses, which Frappe has told by then. */
function call(method, args) {
	return frappe.xcall(method, args).catch(() => {
		throw new RequestError(500, "", true);
	});
}
