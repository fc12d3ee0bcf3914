// What was written and not sent, kept in this browser for each user and lead.

function key(lead) {
	return `lead_inbox:draft:${frappe.session.user}:${lead}`;
}

/** @returns {{mode: string, subject: string, content: string} | null} */
export function load_draft(lead) {
	try {
		return JSON.parse(localStorage.getItem(key(lead)));
	} catch {
		return null;
	}
}

/** @returns {boolean} whether it is kept; a browser may refuse to store */
export function save_draft(lead, draft) {
	try {
		if (draft.content || draft.subject) localStorage.setItem(key(lead), JSON.stringify(draft));
		else localStorage.removeItem(key(lead));
		return true;
	} catch {
		return false;
	}
}
