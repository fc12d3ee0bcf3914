// What is being written to one lead, apart from how it looks.

import { is_begun, load_drafts, save_drafts } from "./drafts";

const MEDIUMS = ["SMS", "Email", "Note"];
// For mail and SMS: the default is the lead's own address or number, and the sender that the site has.
// activity: {name, title} of the step of a sequence that the message is for.
const EMPTY = { content: "", subject: "", recipient: null, sender: null, activity: null };

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
		const { content, subject, recipient, sender, attachments, activity } = this.draft;
		const files = attachments.map((file) => file.name);
		const { medium } = this;
		return { medium, content, subject, recipient, sender, attachments: files, activity: activity?.name };
	}

	/** A template, below what is there already. */
	add({ content, subject }) {
		const { draft } = this;
		draft.content = [draft.content, content].filter(Boolean).join("\n\n");
		if (this.medium === "Email") draft.subject = subject || draft.subject;
	}

	/** Whether a step's text would take the place of one that was begun for something else. */
	would_replace({ medium, activity }) {
		return is_begun(this.drafts[medium]) && !this.is_for(medium, activity);
	}

	/**
	 * What was begun for the step goes on, else it begins with its text.
	 * @param step {medium, activity: {name, title}, subject, content}
	 */
	begin_step({ medium, activity, subject, content }) {
		this.medium = medium;
		const draft = this.drafts[medium];
		if (is_begun(draft) && this.is_for(medium, activity)) return;
		Object.assign(draft, EMPTY, { attachments: [], activity, subject, content });
	}

	is_for(medium, activity) {
		return this.drafts[medium].activity?.name === activity.name;
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
