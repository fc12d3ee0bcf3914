// Times come from the server in the site's time zone and are shown in the user's.

import { ref } from "vue";

/** Changes once a minute while the page is shown; what reads it is drawn anew. */
export const minute = ref(0);

/** @returns a moment in the user's time zone */
export function user_moment(value) {
	return frappe.datetime.convert_to_user_tz(value, false);
}

export function user_now() {
	return moment.tz(frappe.boot.time_zone?.user || moment.tz.guess());
}

/** A moment in the user's time zone as the server wants it: text, site time. */
export function to_site_time(user_time) {
	const text = user_time.clone().locale("en").format(frappe.defaultDatetimeFormat);
	return frappe.datetime.convert_to_system_tz(text);
}

export function is_future(value) {
	return Boolean(value) && user_moment(value).isAfter(user_now());
}

/** "5 m", "2 h", "3 d": as Frappe's lists have it. */
export function ago(value) {
	return minute.value >= 0 && value ? frappe.datetime.prettyDate(value, true) || __("now") : "";
}

export function full(value) {
	return value ? frappe.datetime.str_to_user(value) : "";
}

export function clock_format() {
	return frappe.datetime.get_user_time_fmt().replace(":ss", "");
}

export function clock(value) {
	return user_moment(value).format(clock_format());
}

export function day_key(value) {
	return user_moment(value).format("YYYY-MM-DD");
}

export function day_label(value) {
	const days = user_now().startOf("day").diff(user_moment(value).startOf("day"), "days");
	if (minute.value >= 0 && days === 0) return __("Today");
	if (days === 1) return __("Yesterday");
	if (days === -1) return __("Tomorrow");
	return user_moment(value).format(frappe.datetime.get_user_date_fmt().toUpperCase());
}

/** "Tomorrow 9:00" */
export function day_and_time(value) {
	return `${day_label(value)} ${clock(value)}`;
}

/** "2:14" or "1:02:14" */
export function duration(seconds) {
	const parts = [Math.floor(seconds / 60) % 60, seconds % 60];
	const hours = Math.floor(seconds / 3600);
	if (!hours) return `${parts[0]}:${two_digits(parts[1])}`;
	return [hours, ...parts.map(two_digits)].join(":");
}

/** "2:14", "1:02:14", or "2" for two minutes, as seconds; null for anything else. */
export function parse_duration(text) {
	const parts = text.trim().split(":");
	if (parts.length > 3 || !parts.every((part) => /^\d{1,3}$/.test(part))) return null;
	if (parts.length === 1) parts.push("0");
	return parts.reduce((seconds, part) => seconds * 60 + Number(part), 0);
}

function two_digits(number) {
	return String(number).padStart(2, "0");
}

/** "< 1 min", "24 min", "3 h 5 min", "2 d 4 h" */
export function span(seconds) {
	const minutes = Math.max(0, Math.round(seconds / 60));
	if (!minutes) return __("< 1 min");
	if (minutes < 60) return __("{0} min", [minutes]);
	const hours = Math.floor(minutes / 60);
	if (hours < 24) return __("{0} h {1} min", [hours, minutes % 60]);
	return __("{0} d {1} h", [Math.floor(hours / 24), hours % 24]);
}
