import { markRaw, reactive } from "vue";
import * as api from "./api";

/** What is chosen for one lead, and what the server says would come of it. */
export class Conversion {
	choice = null;
	preview = null;
	phase = "loading"; // loading, ready, failed
	error = null;
	decided = false; // the user has said whether it is one of the Customers that match
	searching = false; // another record is to be used, and it is not known yet which
	running = null; // only the answer to the latest choice counts

	static of(lead) {
		return reactive(new Conversion(lead));
	}

	constructor(lead) {
		this.lead = lead;
	}

	/** Whether the preview is of what is chosen. */
	get is_current() {
		return this.phase === "ready" && !this.searching;
	}

	/** A new Customer beside one that may be the same is nothing to be made by an unseen default. */
	get is_undecided() {
		return !this.decided && Boolean(this.preview?.customers.length);
	}

	get is_ready() {
		return this.is_current && !this.is_undecided;
	}

	choose(change) {
		if (change.customer) this.decided = true;
		this.choice = { ...this.choice, ...change };
		return this.load();
	}

	/** The choice that the server answers with is whole: the first one is its proposal. */
	async load() {
		this.leave();
		this.running = markRaw(new AbortController());
		const { signal } = this.running;
		this.phase = "loading";
		try {
			const preview = await api.get_preview(this.lead, this.choice, signal);
			Object.assign(this, { preview, choice: preview.choice, phase: "ready", error: null });
		} catch (error) {
			if (!signal.aborted) Object.assign(this, { phase: "failed", error });
		}
	}

	leave() {
		this.running?.abort();
	}
}
