// For which steps the user has said that they stay with whom they are with. The server keeps nothing of that
// choice, as nothing changes by it; here it lasts as long as the browser's tab.

function key({ name, owner_full_name }) {
	return `lead_inbox:owner_settled:${name}:${owner_full_name}`;
}

/** @param enrollment of api.get_up_next */
export function settle_owner(enrollment) {
	try {
		sessionStorage.setItem(key(enrollment), "1");
	} catch {
		// a browser that stores nothing asks again
	}
}

export function is_owner_settled(enrollment) {
	try {
		return Boolean(sessionStorage.getItem(key(enrollment)));
	} catch {
		return false;
	}
}
