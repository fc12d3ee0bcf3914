// What the inbox's composer needs of the page that it is on, where there is no inbox page.

import * as inbox_api from "../inbox/api";
import { confirmed } from "../shared/dialogs/confirm_dialog";
import { said } from "../inbox/timeline";

/** Stands in for the Inbox of inbox/inbox.js. Used through reactive(). */
export class Letter {
	focus = null;
	is_shown = false; // the dialog has faded in
	leaving = { touch() {}, settle() {} }; // a dialog that is closed keeps the draft

	constructor(lead, detail, context, step) {
		this.lead = { name: lead, detail, row: detail.row };
		Object.assign(this, { context, step });
	}

	/** @param values as api/replies.send takes them @returns whether it was sent */
	async reply(values) {
		const seen = said(this.lead.detail.messages).at(-1)?.name;
		const send = (more) => inbox_api.send(this.lead.name, { ...values, seen, ...more });
		return Boolean(await confirmed(send, __("Send anyway")));
	}
}
