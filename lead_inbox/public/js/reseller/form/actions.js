// What can be done with a customer next: the likeliest as a button of its own, the rest in menus.

import { until_refused } from "../../request";
import * as api from "../api";
import { ask_activation, ask_details, ask_domain, ask_reason, ask_terms } from "../dialogs/act_dialogs";
import { may_order, order } from "../dialogs/order_dialog";
import { tie } from "../ties/tie_dialog";
import { SETUP_PAGE } from "../records";
import { has_failed } from "../setup/requests";

const GONE = "Transferred Out";

/** @param customer as of api.get */
export function offer_actions(frm, customer) {
	if (!customer.may_write) return;
	const done = () => frm.reload_doc();
	for (const { label, group, run, is_next } of actions(customer, done)) {
		frm.remove_custom_button(label, group);
		frm.add_custom_button(label, until_refused(run), group);
		if (is_next) frm.change_custom_button_type(label, group, "primary");
	}
}

function actions(customer, done) {
	return [
		...setup_actions(customer, done),
		...order_actions(customer, done),
		...state_actions(customer, done),
		...account_actions(customer, done),
	];
}

function setup_actions(customer, done) {
	const { name, is_open } = customer;
	const go_on = { label: __("Continue Setup"), run: async () => frappe.set_route(SETUP_PAGE, name), is_next: true };
	const retry = { label: __("Ask the Vendor Again"), run: () => api.retry_request(name).then(done) };
	return [...(is_open ? [go_on] : []), ...(has_failed(customer) ? [retry] : [])];
}

function order_actions(customer, done) {
	const group = __("Create");
	const tie_it = { label: __("Customer"), group, run: () => tie(customer, done) };
	const orders = ["Quotation", "Sales Order"]
		.filter((doctype) => may_order(customer, doctype))
		.map((doctype) => ({ label: __(doctype), group, run: () => order(customer, doctype) }));
	return customer.status === GONE ? [] : [...(customer.values.customer ? [] : [tie_it]), ...orders];
}

/** Each asks what it has to know, and does nothing when the user thinks better of it. */
function state_actions({ name, acts }, done) {
	const group = __("Actions");
	const act = (key, label, ask, more = {}) => ({
		key,
		label,
		run: async () => {
			const values = await ask();
			if (values) await api.act(name, { act: key, ...values }).then(done);
		},
		...more,
	});
	return [
		act("accept terms", __("Terms Accepted"), ask_terms, { is_next: true }),
		act("activate", __("Activate"), ask_activation, { is_next: true }),
		act("resume", __("Resume"), async () => ({}), { is_next: true }),
		act("suspend", __("Suspend"), () => ask_reason(__("Suspend")), { group }),
		act("transfer out", __("Transfer Out"), () => ask_reason(__("Transfer Out")), { group }),
	].filter(({ key }) => acts.includes(key));
}

function account_actions(customer, done) {
	const { name, is_open, status, values } = customer;
	if (is_open || status === GONE) return [];
	const group = __("Actions");
	const verify = {
		label: __("Domain Verified"),
		group,
		run: async () => {
			const answer = await ask_domain(values);
			if (answer) await api.verify_domain(name, answer.domain).then(done);
		},
	};
	const details = {
		label: __("Record Details"),
		group,
		run: async () => {
			const answer = await ask_details(values);
			if (answer) await api.answer_details(name, answer).then(done);
		},
	};
	return values.is_domain_verified ? [details] : [verify, details];
}
