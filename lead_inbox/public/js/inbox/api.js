// The server's methods that the inbox uses, one function each.

import { read, write } from "../request";

export { until_refused } from "../request";

export const get_context = () => read("desk.get_context");
export const get_counts = (args) => read("desk.get_counts", args);
export const get_leads = (args, signal) => read("desk.get_leads", args, signal);
export const get_row = (name) => read("desk.get_row", { name });
export const get_lead = (name, signal) => read("desk.get_lead", { name }, signal);
export const get_messages = (name, before) => read("desk.get_messages", { name, before });
export const get_template = (name, template) => read("desk.get_template", { name, template });

export const mark_read = (name) => write("desk.mark_read", { name });
export const mark_unread = (name) => write("desk.mark_unread", { name });
export const add_note = (name, content) => write("desk.add_note", { name, content });
export const snooze = (names, until) => write("desk.snooze", { names, until });
export const unsnooze = (names) => write("desk.unsnooze", { names });
export const assign = (names, user, sequences) => write("desk.assign", { names, user, sequences });

// The answer of send and retry may be {confirm}, a question to the user: see dialogs/confirm_dialog.js.
export const send = (name, values) => write("replies.send", { name, ...values });
export const change = (message, values) => write("replies.change", { message, ...values });
export const cancel = (message) => write("replies.cancel", { message });
export const send_now = (message) => write("replies.send_now", { message });
export const retry = (message, values) => write("replies.retry", { message, ...values });
export const suggest_time = (name) => read("replies.suggest_time", { name });

export const accept_mail = (event, remember) => write("mails.accept", { event, remember: Number(remember) });
export const refuse_mail = (event) => write("mails.refuse", { event });

// The answer of start_call may be {confirm} too.
export const start_call = (name, number, consent) => write("calls.start", { name, number, ...consent });
export const finish_call = (message, outcome) => write("calls.finish", { message, ...outcome });
export const end_call_back = (name) => write("calls.end_call_back", { name });

export const decline = (names, reason, message) => write("decisions.decline", { names, reason, message });
export const restore = (names, message) => write("decisions.restore", { names, message });
export const refuse_contact = (name, medium, refused) =>
	write("decisions.refuse_contact", { name, medium, refused: Number(refused) });

export const accept = (leads) => write("stages.accept", { leads });
export const send_back = (leads, reason) => write("stages.send_back", { leads, reason });
export const set_stage = (leads, stage) => write("stages.set_stage", { leads, stage });

export const get_conversion = (lead) => read("conversion.get_conversion", { lead });

export const merge = (winner, loser) => write("merges.merge", { winner, loser });
export const unmerge = (merge) => write("merges.unmerge", { merge });

export const get_dispute_reasons = (name) => read("disputes.get_reasons", { name });
export const file_dispute = (name, values) => write("disputes.file", { name, ...values });
