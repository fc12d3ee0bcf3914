// What is being written to one lead, apart from how it looks.

import { is_begun, load_drafts, save_drafts } from "./drafts";

const MEDIUMS = ["SMS", "Email", "Note"];
// For mail and SMS: the default is the lead's own address or number, and the sender that the site has.
const EMPTY = { content: "", subject: "", recipient: null, sender: null };

/** A draft for each medium. Used through reactive(). */
export class Composer {
	/** @param medium to begin with, unless there is a draft in another one only */
	constructor(lead, medium) {
		const kept = load_drafts(lead);
		this.lead = lead;
		this.drafts = Object.fromEntries(
			MEDIUMS.map((name) => [name, { ...EMPTY, attachments: [], ...kept[name] }])
		);
		this.medium = kept[medium] ? medium : MEDIUMS.find((name) => kept[name]) || medium;
		this.is_kept = true;
	}

	get draft() {
		return this.drafts[this.medium];
	}

	get is_note() {
		return this.medium === "Note";
	}

	/** Whether anything waits to be sent, in any medium. */
	get is_begun() {
		return Object.values(this.drafts).some(is_begun);
	}

	/** As api/replies.send takes it. */
	get values() {
		const { content, subject, recipient, sender, attachments } = this.draft;
		const files = attachments.map((file) => file.name);
		return { medium: this.medium, content, subject, recipient, sender, attachments: files };
	}

	/** A template, below what is there already. */
	add({ content, subject }) {
		const { draft } = this;
		draft.content = [draft.content, content].filter(Boolean).join("\n\n");
		if (this.medium === "Email") draft.subject = subject || draft.subject;
	}

	save() {
		this.is_kept = save_drafts(this.lead, this.drafts);
	}

	/** It has been sent. The medium is passed in: the user may write in another one by now. */
	clear(medium) {
		Object.assign(this.drafts[medium], EMPTY, { attachments: [] });
		this.save();
	}
}
