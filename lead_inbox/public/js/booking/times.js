// Times of bookings. Slots are shown in the zone of their service: that is where the customer is met.

import { clock_format } from "../shared/time";

const DATE = "YYYY-MM-DD";

export function user_zone() {
	return frappe.boot.time_zone?.user || moment.tz.guess();
}

/** @param value a site time, as text @returns that moment in a zone */
export function zone_moment(value, zone) {
	return moment.tz(value, frappe.boot.time_zone?.system || user_zone()).tz(zone);
}

/** @param from, count dates follow one another from a date as text @returns them as text */
export function days_from(from, count) {
	return Array.from({ length: count }, (_, days) => moved(from, days));
}

/** @returns the date so many days later, as text */
export function moved(date, days) {
	return moment(date).add(days, "days").locale("en").format(DATE);
}

export function today(zone) {
	return moment.tz(zone).locale("en").format(DATE);
}

/** "Thu, Nov 26", in the order of the user's language */
export function short_day(date) {
	const parts = { weekday: "short", month: "short", day: "numeric" };
	return new Intl.DateTimeFormat(frappe.boot.lang, parts).format(moment(date).toDate());
}

export function long_day(date) {
	return moment(date).format("dddd, LL");
}

export function zone_day(value, zone) {
	return zone_moment(value, zone).locale("en").format(DATE);
}

export function zone_clock(value, zone) {
	return zone_moment(value, zone).format(clock_format());
}

/** "Thursday, November 26, 2026, 9:00 to 10:00", with the zone where it is not the user's */
export function period({ starts_on, ends_on }, zone) {
	const [start, end] = [starts_on, ends_on].map((value) => zone_moment(value, zone));
	const day = start.format("dddd, LL");
	const words = [day, start.format(clock_format()), end_of(start, end), zone];
	if (zone === user_zone()) return __("{0}, {1} to {2}", words.slice(0, 3));
	return __("{0}, {1} to {2} ({3})", words);
}

function end_of(start, end) {
	const is_same_day = end.isSame(start, "day");
	return end.format(is_same_day ? clock_format() : `dddd, LL, ${clock_format()}`);
}
