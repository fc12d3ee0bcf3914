import { get_lead } from "../../inbox/api";
import * as api from "../api";

// Someone who runs through the list with j and k should not load each item on the way.
const KEYBOARD_DELAY_MS = 120;

/** The item in the right pane, and what else is planned for its record. Used through reactive(). */
export class OpenItem {
	key = null; // "source/name"
	item = null; // from the list at first
	plan = null; // api/worklist.get_up_next of its record
	conversation = null; // api/desk.get_lead of its lead: how to reach it, what was said last
	phase = "idle"; // idle, loading, ready, gone, failed
	error = null;
	timer = null;
	asked = 0; // only the answer to the latest question counts

	async show(key, { item = null, delayed = false } = {}) {
		this.reset({ key, item, phase: "loading" });
		if (delayed) this.timer = setTimeout(() => this.load(), KEYBOARD_DELAY_MS);
		else await this.load();
	}

	close() {
		this.reset({ key: null, item: null, phase: "idle" });
	}

	reset(state) {
		clearTimeout(this.timer);
		this.asked += 1;
		Object.assign(this, { plan: null, conversation: null, error: null, ...state });
	}

	async load() {
		this.phase = "loading";
		await this.read();
	}

	/** Anew, without a flicker. */
	async refresh() {
		if (this.phase === "failed") await this.load();
		else if (this.phase === "ready") await this.read();
	}

	/** Asks for the item and then for what is known of its record. */
	async read() {
		this.asked += 1;
		const { asked } = this;
		try {
			const item = await api.get_item(...parts_of(this.key));
			const record = item && (await read_record(item));
			if (asked === this.asked) this.take(item, record);
		} catch (error) {
			if (asked !== this.asked) return;
			if (this.phase === "ready") throw error; // what is shown stays, and is asked for again
			Object.assign(this, { phase: "failed", error });
		}
	}

	/** @param item null when it is gone; what was known of it stays to be seen */
	take(item, record) {
		if (item) Object.assign(this, { item, ...record, phase: "ready", error: null });
		else Object.assign(this, { plan: null, conversation: null, phase: "gone" });
	}
}

async function read_record({ reference_doctype, reference_name, lead }) {
	const [plan, conversation] = await Promise.all([
		api.get_up_next(reference_doctype, reference_name),
		lead && get_lead(lead).catch(tell_console), // of an opportunity one may see, the lead may be hidden
	]);
	return { plan, conversation: conversation || null };
}

function tell_console(error) {
	console.warn(error);
}

/** @returns [source, name] */
function parts_of(key) {
	const [source, ...name] = key.split("/");
	return [source, name.join("/")];
}
