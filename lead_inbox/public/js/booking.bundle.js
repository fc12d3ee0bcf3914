// The dialogs of bookings, for the inbox and for the forms of Lead and Booking.

import { book, reschedule } from "./booking/booking_dialog";
import { cancel, complete, confirm, decline, mark_no_show } from "./booking/changing";
import { offer_actions } from "./booking/form";

frappe.provide("lead_inbox");
const steps = { reschedule, cancel, confirm, decline, complete, mark_no_show };
lead_inbox.booking = { book, ...steps, offer_actions };
