// What can be done with the open item: one entry an action, for the head of its pane and the keyboard.

import { kind_icon, start_label } from "../kinds";

/** @returns entries of {name, label, key, icon, run}. What is not possible for this item is not in the list. */
export function item_actions(work) {
	const { item, phase } = work.open_item;
	if (!item || phase === "gone") return [];
	return offers(item)
		.filter(({ name }) => item.can[name])
		.map((offer) => ({ ...offer, run: () => work.act(offer.name, item) }));
}

function offers(item) {
	return [
		{ name: "start", label: start_label(item), key: "g", icon: kind_icon(item.kind) },
		{ name: "complete", label: __("Complete"), key: "e", icon: "es-line-tick" },
		{ name: "skip", label: __("Skip"), key: "x", icon: "es-line-arrow-right" },
		{ name: "snooze", label: __("Snooze"), key: "s", icon: "es-line-time" },
		{ name: "note", label: __("Note"), key: "n", icon: "es-line-notes" },
		{ name: "claim", label: __("Claim"), key: "c", icon: "es-line-like" },
		{ name: "assign", label: __("Assign"), key: "a", icon: "es-line-add-people" },
	];
}
