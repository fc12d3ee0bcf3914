import { reactive, toRaw, watch } from "vue";
import { next_bookings } from "../booking/api";

const MOST_LEADS = 100; // of one question

/**
 * The next booking of each lead in the tab of booked ones. Asked for rows that are fresh, and not for those that stay.
 * @returns a reactive record by the leads' names
 */
export function watch_next_bookings(inbox) {
	const bookings = reactive({});
	const known = new WeakSet();
	watch(
		() => inbox.list.rows,
		async (rows) => {
			const fresh = rows.map(toRaw).filter((row) => row.status === "Booked" && !known.has(row));
			for (let start = 0; start < fresh.length; start += MOST_LEADS) {
				await ask(fresh.slice(start, start + MOST_LEADS));
			}
		},
		{ immediate: true }
	);

	async function ask(rows) {
		rows.forEach((row) => known.add(row));
		const names = rows.map(({ name }) => name);
		try {
			const found = await next_bookings(names);
			for (const name of names) bookings[name] = found[name];
		} catch (error) {
			console.warn(error); // the rows are there all the same
		}
	}

	return bookings;
}
