// Mails and SMS of steps: into a composer that is open, else into one in a dialog.

import * as api from "./api";
import { compose } from "./dialogs/compose_dialog";
import { ask_completion } from "./dialogs/note_dialog";
import { write_from_record } from "./record_mail";

export async function write(item, host) {
	const prepared = await api.prepare(item.name);
	if (prepared.error) tell_unfilled(prepared.error);
	if (!prepared.lead) return write_without_lead(item, prepared, host);
	const step = step_of(item, prepared);
	if (host.compose?.(step, prepared.lead)) return;
	const sent = await compose(step, prepared.lead, item.reference_title);
	if (!sent) return;
	const verb = sent.send_on ? "scheduled" : "completed";
	host.changed(await api.get_item("activity", item.name), verb);
}

/** As the composer takes it: inbox/composer.js. */
function step_of({ name, title, kind }, { subject, content }) {
	return { activity: { name, title }, medium: kind, subject: subject || "", content: content || "" };
}

function tell_unfilled(error) {
	frappe.show_alert({ message: frappe.utils.escape_html(error), indicator: "orange" });
}

/** A record whose customer is not a lead has no conversation: Frappe's own mail, and the user tells that it is done. */
async function write_without_lead(item, prepared, host) {
	const is_sent = item.kind === "Email" ? await write_from_record(item, prepared) : true;
	const values = is_sent && (await ask_completion(item));
	if (values) host.changed((await api.complete(item.name, values)).item, "completed");
}
