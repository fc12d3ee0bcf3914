import { markRaw } from "vue";
import * as api from "./api";
import { merge_messages } from "./timeline";

// Someone who runs through the list with j and k should not load each lead on the way.
const KEYBOARD_DELAY_MS = 120;

/** The lead whose conversation is open. Used through reactive(). */
export class OpenLead {
	name = null;
	row = null; // what the list already knows, shown until the rest is here
	detail = null;
	phase = "idle"; // idle, loading, ready, failed
	error = null;
	keep_unread = false;
	loading_older = false;
	timer = null;
	running = null;

	/** @param on_detail is called with each fresh state of the lead */
	constructor(on_detail) {
		this.on_detail = on_detail;
	}

	async show(name, { row = null, delayed = false } = {}) {
		this.reset({ name, row, phase: "loading" });
		if (delayed) this.timer = setTimeout(() => this.load(), KEYBOARD_DELAY_MS);
		else await this.load();
	}

	close() {
		this.reset({ name: null, row: null, phase: "idle" });
	}

	reset(state) {
		clearTimeout(this.timer);
		this.running?.abort();
		Object.assign(this, { detail: null, error: null, keep_unread: false, ...state });
	}

	async load() {
		this.running = markRaw(new AbortController());
		const { signal } = this.running;
		this.phase = "loading";
		try {
			this.take(await api.get_lead(this.name, signal));
		} catch (error) {
			if (!signal.aborted) Object.assign(this, { phase: "failed", error });
		}
	}

	/** The open lead anew, without a flicker and without losing older messages that were loaded. */
	async refresh() {
		const { name } = this;
		if (!this.detail) return;
		const fresh = await api.get_lead(name);
		if (this.name !== name) return;
		this.take(reaches(this.detail.messages, fresh) ? with_earlier(this.detail, fresh) : fresh);
	}

	take(detail) {
		Object.assign(this, { detail, row: detail.row, phase: "ready", error: null });
		this.on_detail(detail);
	}

	async load_older() {
		const { name, detail } = this;
		if (!detail?.older || this.loading_older) return;
		this.loading_older = true;
		try {
			const page = await api.get_messages(name, detail.messages[0].name);
			detail.messages = merge_messages(page.messages, detail.messages);
			detail.older = page.older;
		} finally {
			this.loading_older = false;
		}
	}

	/** A message just sent; a live event may have brought it already. */
	append(message) {
		this.detail.messages = merge_messages(this.detail.messages, [message]);
	}
}

/** Whether the fresh messages join on to those shown. Else there would be a hole between them. */
function reaches(shown, fresh) {
	const names = new Set(shown.map((message) => message.name));
	return !fresh.older || fresh.messages.some((message) => names.has(message.name));
}

/** What lies before the fresh page stays; within it only what is fresh: a merge taken back takes messages away. */
function with_earlier(shown, fresh) {
	if (!fresh.older) return fresh;
	const earlier = shown.messages.filter((message) => message.sent_on <= fresh.messages[0].sent_on);
	return { ...fresh, messages: merge_messages(earlier, fresh.messages), older: shown.older };
}
