// The server's methods for activities, sequences and meetings, one function each.

import { read, write } from "../request";

export const get_context = () => read("worklist.get_context");
export const get_counts = (args) => read("worklist.get_counts", args);
export const get_items = (args, signal) => read("worklist.get_items", args, signal);
export const get_item = (source, name) => read("worklist.get_item", { source, name });
export const get_up_next = (doctype, name) => read("worklist.get_up_next", { doctype, name });

// prepare answers with what starting takes; the others with {item}: as it is now, null if not the user's to see.
export const prepare = (activity) => read("work.prepare", { activity });
export const complete = (activity, values) => write("work.complete", { activity, ...values });
export const skip = (activity, note) => write("work.skip", { activity, note });
export const snooze = (activity, until) => write("work.snooze", { activity, until });
export const add_note = (activity, content) => write("work.add_note", { activity, content });
export const assign = (activity, assignee) => write("work.assign", { activity, ...assignee });
export const claim = (activity) => write("work.claim", { activity });
export const add = ({ doctype, name }, values) => write("work.add", { doctype, name, ...values });
export const plan_meeting = (activity, values) => write("work.plan_meeting", { activity, ...values });
export const close_meeting = (event, note) => write("work.close_meeting", { event, note });

// Answers {done, failed}, or {queued} when it goes on in the background.
export const enroll = (sequence, doctype, names) => write("sequences.enroll", { sequence, doctype, names });
export const pause = (enrollment) => write("sequences.pause", { enrollment });
export const resume = (enrollment) => write("sequences.resume", { enrollment });
export const leave = (enrollment) => write("sequences.leave", { enrollment });
export const cut_short = (enrollment) => write("sequences.cut_short", { enrollment });
export const follow_owner = (enrollment, choice) => write("sequences.follow_owner", { enrollment, choice });
