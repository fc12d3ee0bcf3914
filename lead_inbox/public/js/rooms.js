// Hearing of a doctype's records by Frappe's socket, as long as any of our pages wants to.

const members = new Map(); // doctype → how many want to hear of it

/** @returns a function that ends it. After a break of the line, `reenter` */
export function enter(doctype) {
	members.set(doctype, (members.get(doctype) || 0) + 1);
	hold_subscriptions();
	reenter(doctype);
	let is_in = true;
	return () => {
		if (is_in) leave(doctype);
		is_in = false;
	};
}

/** The server forgets its rooms when the line breaks. */
export function reenter(doctype) {
	frappe.realtime.doctype_subscribe(doctype);
}

function leave(doctype) {
	const left = members.get(doctype) - 1;
	if (left) members.set(doctype, left);
	else members.delete(doctype);
	if (!members.size) delete frappe.realtime.doctype_unsubscribe; // the class's own method shows again
}

/** Frappe's lists end a subscription some seconds after they were left: not while one of our pages needs it. */
function hold_subscriptions() {
	const { realtime } = frappe;
	const unsubscribe = realtime.constructor.prototype.doctype_unsubscribe;
	realtime.doctype_unsubscribe = (doctype) => members.has(doctype) || unsubscribe.call(realtime, doctype);
}
