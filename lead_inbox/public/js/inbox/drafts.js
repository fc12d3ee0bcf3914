// What was written and not sent, kept in this browser for each user, lead and medium.

function key(lead) {
	return `lead_inbox:drafts:${frappe.session.user}:${lead}`;
}

/** @returns {Object} the drafts by medium, {} if there are none */
export function load_drafts(lead) {
	try {
		return JSON.parse(localStorage.getItem(key(lead))) || {};
	} catch {
		return {};
	}
}

/** @returns {boolean} whether they are kept; a browser may refuse to store */
export function save_drafts(lead, drafts) {
	const begun = Object.entries(drafts).filter(([, draft]) => is_begun(draft));
	try {
		if (begun.length) localStorage.setItem(key(lead), JSON.stringify(Object.fromEntries(begun)));
		else localStorage.removeItem(key(lead));
		return true;
	} catch {
		return false;
	}
}

export function is_begun({ content, subject, attachments }) {
	return Boolean(content || subject || attachments.length);
}
