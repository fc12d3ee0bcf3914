// What the keys of our pages have in common.

export function has_dialog() {
	return document.body.classList.contains("modal-open");
}

/** No dialog or menu is open. */
export function is_free() {
	return !has_dialog() && !document.querySelector(".dropdown-menu.show");
}

/** The user writes, or chooses in a list: Escape and letters belong to that. */
export function is_in_input() {
	return Boolean(document.activeElement?.matches("input, select, textarea, [contenteditable=true]"));
}

export function focus_on(selector) {
	document.querySelector(selector)?.focus();
}
