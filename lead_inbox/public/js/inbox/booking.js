// Booking the open lead, and its customer's own page for that.

import { get_link } from "../booking/api";
import { book as open_dialog } from "../booking/actions";
import { until_refused } from "../request";

export function book(inbox) {
	const { name, row } = inbox.lead;
	open_dialog({ name, title: row.title }, () => inbox.refresh());
}

export const copy_link = until_refused(async (inbox) => {
	frappe.utils.copy_to_clipboard(await get_link(inbox.lead.name));
});

/** Into the reply that is being written. */
export const insert_link = until_refused(async (inbox) => {
	const { name } = inbox.lead;
	inbox.insert_text(await get_link(name), name);
});
