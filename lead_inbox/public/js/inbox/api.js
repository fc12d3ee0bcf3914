// The server's methods, one function each. Reading is silent: the page shows its own error with a way on.
// Writing goes through frappe.call, so that a refusal is told in Frappe's own dialog.

const PREFIX = "lead_inbox.api.";

export class RequestError extends Error {
	constructor(status, message) {
		super(message);
		this.status = status;
	}
}

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
export const assign = (names, user) => write("desk.assign", { names, user });

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

export const merge = (winner, loser) => write("merges.merge", { winner, loser });
export const unmerge = (merge) => write("merges.unmerge", { merge });

export const get_dispute_reasons = (name) => read("disputes.get_reasons", { name });
export const file_dispute = (name, values) => write("disputes.file", { name, ...values });

/**
 * For what a user starts: it ends where the server refuses, as Frappe's dialog has told why.
 * @param action an async function @returns the same function, whose promise is then of undefined
 */
export function until_refused(action) {
	return (...args) => action(...args).catch(tell_unreachable);
}

function tell_unreachable(error) {
	if (!(error instanceof RequestError)) throw error;
	if (error.status) return;
	frappe.show_alert({ message: __("The server cannot be reached. Try again."), indicator: "red" });
}

async function read(method, args = {}, signal = undefined) {
	const url = `/api/method/${PREFIX}${method}?${new URLSearchParams(as_text(args))}`;
	const response = await fetch(url, { headers: { Accept: "application/json" }, signal });
	const body = await response.json().catch(() => ({}));
	if (response.ok) return body.message;
	if (body.session_expired || response.status === 401) frappe.app.handle_session_expired();
	throw new RequestError(response.status, server_message(body));
}

function write(method, args) {
	return new Promise((resolve, reject) => {
		frappe
			.call({ method: PREFIX + method, args: without_empty(args) })
			.then((body) => resolve(body.message))
			.fail((xhr) => reject(new RequestError(xhr.status, "")));
	});
}

function without_empty(args) {
	return Object.fromEntries(
		Object.entries(args).filter(([, value]) => ![undefined, null, ""].includes(value))
	);
}

function as_text(args) {
	const text = ([key, value]) => [key, typeof value === "object" ? JSON.stringify(value) : value];
	return Object.fromEntries(Object.entries(without_empty(args)).map(text));
}

/** The first message that the server meant for the user, as plain text. */
function server_message(body) {
	try {
		const [first] = JSON.parse(body._server_messages);
		return strip_html(JSON.parse(first).message);
	} catch {
		return "";
	}
}
