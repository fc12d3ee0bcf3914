import { markRaw } from "vue";
import * as api from "./api";
import { days_from, moved, today, user_zone, zone_day } from "./times";

export const DAYS = 7;

/** The free slots of some days, and which one was chosen. Used through reactive(). */
export class Week {
	from_date = today(user_zone());
	time_zone = user_zone(); // of the service
	days = []; // of {date, slots}, without gaps
	phase = "idle"; // idle, loading, ready, failed
	error = null;
	chosen = null; // a slot
	lost = null; // the slot that was chosen and is not free any more
	running = null; // only the answer to the latest question counts

	/** @param ask gets {from_date, until_date} of the site and a signal; promises {service_time_zone, days} */
	constructor(ask) {
		this.ask = ask;
	}

	get until_date() {
		return moved(this.from_date, DAYS - 1);
	}

	/** The days of the service begin and end at other moments than those of the site: one more on either side. */
	get site_days() {
		return { from_date: moved(this.from_date, -1), until_date: moved(this.until_date, 1) };
	}

	get is_first() {
		return this.from_date <= today(this.time_zone);
	}

	get is_empty() {
		return this.phase === "ready" && this.days.every(({ slots }) => !slots.length);
	}

	/** Another service or user: what was chosen has no meaning any more. */
	restart() {
		Object.assign(this, { chosen: null, lost: null, days: [] });
		return this.load();
	}

	go_to(date) {
		this.from_date = date < today(this.time_zone) ? today(this.time_zone) : date;
		return this.restart();
	}

	step(direction) {
		return this.go_to(moved(this.from_date, direction * DAYS));
	}

	choose(slot) {
		Object.assign(this, { chosen: slot, lost: null });
	}

	/** The server says that what was chosen is not free any more. */
	lose() {
		Object.assign(this, { lost: this.chosen, chosen: null });
	}

	/** @returns a promise that never fails: the phase says how it went */
	async load() {
		this.leave();
		this.running = markRaw(new AbortController());
		const { signal } = this.running;
		this.phase = "loading";
		try {
			this.take(await this.ask(this.site_days, signal));
		} catch (error) {
			if (!signal.aborted) Object.assign(this, { phase: "failed", error });
		}
	}

	take({ service_time_zone, days }) {
		const zone = service_time_zone;
		const slots = days.flatMap((day) => day.slots);
		const of_day = (date) => slots.filter(({ starts_on }) => zone_day(starts_on, zone) === date);
		this.days = days_from(this.from_date, DAYS).map((date) => ({ date, slots: of_day(date) }));
		Object.assign(this, { time_zone: zone, phase: "ready", error: null });
		this.keep_choice(slots);
	}

	keep_choice(slots) {
		if (!this.chosen) return;
		const still = slots.find(({ starts_on }) => starts_on === this.chosen.starts_on);
		if (still) this.chosen = still;
		else this.lose();
	}

	leave() {
		this.running?.abort();
	}
}
