// How the pages ask the server. Reading is silent: a page shows its own error with a way on.
// Writing goes through frappe.call, so that a refusal is told in Frappe's own dialog.

const PREFIX = "lead_inbox.api.";

export class RequestError extends Error {
	/**
	 * @param status of HTTP; 0 when there was no answer
	 * @param is_told whether the user reads of it in a dialog of Frappe's
	 */
	constructor(status, message, is_told = false) {
		super(message);
		Object.assign(this, { status, is_told });
	}
}

/** What the user can do about a request that failed, as plain text. */
export function what_to_do({ status, message }) {
	if (status === 403)
		return __("You have no permission for this. Ask your administrator for the role Sales User.");
	if (status === 404) return __("It may have been deleted or renamed. Look for it by its name or number.");
	if (status && message) return message;
	if (status) return __("The server could not answer. Try again; if it stays so, tell your administrator.");
	return __("Check your internet connection and try again.");
}

/**
 * @param question an async function
 * @returns a function that promises its answer: asked once, and after a failure by the next caller again
 */
export function asked_once(question) {
	let answer = null;
	return () => {
		answer ??= question().catch((error) => {
			answer = null;
			throw error;
		});
		return answer;
	};
}

/**
 * For what a user starts: it ends where the server refuses, and the user knows why.
 * @param action an async function @returns the same function, whose promise is then of undefined
 */
export function until_refused(action) {
	return (...args) => action(...args).catch(tell);
}

function tell(error) {
	if (!(error instanceof RequestError)) throw error;
	if (error.is_told) return;
	frappe.show_alert({ message: frappe.utils.escape_html(what_to_do(error)), indicator: "red" });
}

/** @param method below lead_inbox.api */
export async function read(method, args = {}, signal = undefined) {
	const url = `/api/method/${PREFIX}${method}?${new URLSearchParams(as_text(args))}`;
	const response = await fetch(url, { headers: { Accept: "application/json" }, signal }).catch((error) => {
		throw new RequestError(0, error.message);
	});
	const body = await response.json().catch(() => ({}));
	if (response.ok) return body.message;
	const is_expired = body.session_expired || response.status === 401;
	if (is_expired) frappe.app.handle_session_expired();
	throw new RequestError(response.status, server_message(body), is_expired);
}

export function write(method, args) {
	return new Promise((resolve, reject) => {
		frappe
			.call({ method: PREFIX + method, args: without_empty(args) })
			.then((body) => resolve(body.message))
			.fail((xhr) => reject(new RequestError(xhr.status, "", Boolean(xhr.status))));
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
