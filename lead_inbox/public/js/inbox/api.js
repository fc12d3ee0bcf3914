// The server's methods, one function each. Reading is silent: the page shows its own error with a way on.
// Writing goes through frappe.call, so that a refusal is told in Frappe's own dialog.

const PREFIX = "lead_inbox.api.desk.";

export class RequestError extends Error {
	constructor(status, message) {
		super(message);
		this.status = status;
	}
}

export const get_context = () => read("get_context");
export const get_counts = (args) => read("get_counts", args);
export const get_leads = (args, signal) => read("get_leads", args, signal);
export const get_row = (name) => read("get_row", { name });
export const get_lead = (name, signal) => read("get_lead", { name }, signal);
export const get_messages = (name, before) => read("get_messages", { name, before });
export const get_template = (name, template) => read("get_template", { name, template });

export const mark_read = (name) => write("mark_read", { name });
export const mark_unread = (name) => write("mark_unread", { name });
export const reply = (name, content, subject) => write("reply", { name, content, subject });
export const add_note = (name, content) => write("add_note", { name, content });
export const snooze = (names, until) => write("snooze", { names, until });
export const unsnooze = (names) => write("unsnooze", { names });
export const assign = (names, user) => write("assign", { names, user });

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
