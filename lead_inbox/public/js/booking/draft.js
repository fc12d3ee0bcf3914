import { markRaw, reactive } from "vue";
import * as api from "./api";
import { Week } from "./week";

/** What is filled in to book something for a lead, or to move a booking. */
export class Draft {
	services = null; // of api.get_services
	error = null; // why they could not be had
	service = "";
	user = ""; // nobody in particular
	by_hand = false; // a time of the user's own, free or not
	starts_on = "";
	ends_on = "";
	conflicts = []; // of that time
	asking = null;
	place = "";
	notes = "";
	reason = "";
	notify = true;
	sending = false;

	/** @param lead {name, title} @param booking the one to move, as of api.get_bookings */
	static of(lead, booking = null) {
		const draft = reactive(new Draft(lead, booking));
		draft.week = new Week((days, signal) => draft.ask_for_slots(days, signal));
		return draft;
	}

	constructor(lead, booking) {
		Object.assign(this, { lead, booking });
		if (!booking) return;
		const { service, user, starts_on, ends_on } = booking;
		Object.assign(this, { service: service || "", user: user || "", starts_on, ends_on });
		this.by_hand = !service; // a partner's own service has no free times here
	}

	get chosen_service() {
		return this.services?.find(({ name }) => name === this.service);
	}

	/** Who does the service. */
	get users() {
		return this.chosen_service?.users || [];
	}

	/** The time as it is chosen: {starts_on, ends_on}, or null. */
	get time() {
		if (!this.by_hand) return this.week.chosen;
		const { starts_on, ends_on } = this;
		return starts_on && ends_on ? { starts_on, ends_on } : null;
	}

	get is_ready() {
		return Boolean(this.time) && !this.sending && (!this.booking || Boolean(this.reason.trim()));
	}

	get has_no_services() {
		return Boolean(this.services && !this.services.length && !this.booking);
	}

	async load() {
		this.error = null;
		try {
			this.services = await api.get_services();
		} catch (error) {
			this.error = error;
			return;
		}
		if (!this.booking && this.services.length === 1) this.choose_service(this.services[0].name);
		else if (this.service) this.week.restart();
	}

	choose_service(service) {
		Object.assign(this, { service, user: "", place: this.own_place(service) });
		this.ask_anew();
	}

	/** The place of the service, unless the user has written another one. */
	own_place(service) {
		const places = this.services.map(({ place }) => place || "");
		const is_own = this.place && !places.includes(this.place);
		return is_own ? this.place : this.services.find(({ name }) => name === service)?.place || "";
	}

	choose_user(user) {
		this.user = user;
		this.ask_anew();
	}

	ask_anew() {
		if (this.by_hand) this.look_for_conflicts();
		if (this.service) this.week.restart();
	}

	ask_for_slots(days, signal) {
		const { service, user } = this;
		return api.get_slots({ service, user, booking: this.booking?.name, ...days }, signal);
	}

	/** Begins with the slot that was chosen, if any. */
	set_by_hand(by_hand) {
		this.by_hand = by_hand;
		const { chosen } = this.week;
		if (!by_hand || !chosen) return;
		this.set_time(chosen);
	}

	set_time(change) {
		Object.assign(this, change);
		this.look_for_conflicts();
	}

	/** The end follows the service's duration, until it is set itself. */
	set_start(starts_on) {
		const minutes = this.chosen_service?.duration_minutes;
		const ends_on = minutes && starts_on ? later(starts_on, minutes) : this.ends_on;
		this.set_time({ starts_on, ends_on });
	}

	/** Only the answer to the latest question counts. What cannot be asked now, the server asks when it is booked. */
	async look_for_conflicts() {
		this.asking?.abort();
		this.conflicts = [];
		if (!this.time || !this.service) return;
		this.asking = markRaw(new AbortController());
		const { signal } = this.asking;
		const { service, user, time } = this;
		try {
			this.conflicts = await api.get_conflicts(
				{ service, user, booking: this.booking?.name, ...time },
				signal
			);
		} catch (error) {
			if (!signal.aborted) console.warn(error);
		}
	}

	/** As api.book and api.reschedule take it. */
	get values() {
		const { starts_on, ends_on } = this.time;
		const common = { starts_on, ends_on, user: this.user, notify: Number(this.notify) };
		if (this.booking) return { booking: this.booking.name, reason: this.reason, ...common };
		const { service, place, notes } = this;
		return { lead: this.lead.name, service, place, notes, ...common };
	}

	leave() {
		this.week.leave();
		this.asking?.abort();
	}
}

function later(site_time, minutes) {
	return moment(site_time).add(minutes, "minutes").locale("en").format(frappe.defaultDatetimeFormat);
}
