// Short words that the pages share.

export function count_label(count, capped_at) {
	return count > capped_at ? `${capped_at}+` : String(count);
}

/** The first letters of the first two words; "" for a title without letters, such as a phone number. */
export function initials(title) {
	const words = (title || "").split(/\s+/).map((word) => word.match(/\p{L}/u)?.[0]);
	return words.filter(Boolean).slice(0, 2).join("").toUpperCase();
}
