// The server's methods for bookings, one function each.

import { read, write } from "../request";

export const get_services = () => read("bookings.get_services");
export const get_slots = (args, signal) => read("bookings.get_slots", args, signal);
export const get_conflicts = (args, signal) => read("bookings.get_conflicts", args, signal);
export const get_bookings = (lead) => read("bookings.get_bookings", { lead });
export const get_booking = (booking) => read("bookings.get_booking", { booking });
export const next_bookings = (leads) => read("bookings.next_bookings", { leads });
export const get_link = (lead) => read("bookings.get_link", { lead });

// The answer of book and reschedule may be {confirm, conflicts}: see shared/dialogs/confirm_dialog.js.
export const book = (values) => write("bookings.book", values);
export const reschedule = (values) => write("bookings.reschedule", values);
export const cancel = (booking, values) => write("bookings.cancel", { booking, ...values });
export const confirm = (booking) => write("bookings.confirm", { booking });
export const decline = (booking, values) => write("bookings.decline", { booking, ...values });
export const complete = (booking) => write("bookings.complete", { booking });
export const mark_no_show = (booking) => write("bookings.mark_no_show", { booking });
