// From a customer to a Quotation or a Sales Order with what it may buy.

import { ask, escape_html } from "../../shared/dialogs/ask";
import { enable_primary } from "../../shared/dialogs/vue_dialog";
import { tie } from "../ties/tie_dialog";

const METHODS = {
	Quotation: "lead_inbox.api.reseller_orders.make_quotation",
	"Sales Order": "lead_inbox.api.reseller_orders.make_sales_order",
};

/** @param customer as of api.get @returns a promise; of nothing when the user thought better of it */
export async function order(customer, doctype) {
	const products = await choose(offered(customer), doctype);
	if (!products.length) return;
	const open = () =>
		frappe.model.open_mapped_doc({
			method: METHODS[doctype],
			source_name: customer.name,
			args: { products },
		});
	if (customer.values.customer) open();
	else await tie(customer, open); // whoever orders is a Customer of ERPNext
}

/** @returns whether there is something that the customer may buy, and the user may make a document for it */
export function may_order(customer, doctype) {
	return Boolean(offered(customer).length) && frappe.model.can_create(doctype);
}

function offered(customer) {
	return customer.products.filter(({ refusal }) => !refusal);
}

/** @returns a promise of names of products; of none when the dialog was closed */
async function choose(products, doctype) {
	if (products.length === 1) return [products[0].name];
	const fields = products.map(({ product_name }, index) => ({
		fieldname: `product_${index}`,
		fieldtype: "Check",
		label: escape_html(product_name),
	}));
	const values = await ask({
		title: __("New {0}: Products", [__(doctype)]),
		primary_action_label: __("Create"),
		fields,
		on_ready: (dialog) => {
			const tell = () => enable_primary(dialog, fields.some(({ fieldname }) => dialog.get_value(fieldname)));
			dialog.$wrapper.on("change", ":checkbox", tell);
			tell();
		},
	});
	return products.filter((_product, index) => values?.[`product_${index}`]).map(({ name }) => name);
}
