// Names of colleagues in a note: "@Full Name" tells them of it.

const LONGEST_NAME = 60;
const MOST_CHOICES = 8;

/** @returns {{start: number, query: string} | null} the name that is being written at the caret, after its "@" */
export function mention_at(text, caret) {
	const start = text.lastIndexOf("@", caret - 1);
	if (caret < 1 || start < 0 || caret - start > LONGEST_NAME) return null;
	const query = text.slice(start + 1, caret);
	const begins_word = start === 0 || /\s/.test(text[start - 1]);
	return begins_word && !/^\s|\n/.test(query) ? { start, query } : null;
}

/** Users with a name, one word of which begins as the query does. */
export function matching_users(users, query) {
	const wanted = query.toLocaleLowerCase();
	const fits = ({ full_name }) => {
		const name = (full_name || "").toLocaleLowerCase();
		return name.startsWith(wanted) || name.includes(` ${wanted}`);
	};
	return users.filter((user) => user.full_name && fits(user)).slice(0, MOST_CHOICES);
}

/** @returns {{text: string, caret: number}} the text with the name in the place of what was begun */
export function insert_mention(text, caret, { start }, user) {
	const name = `@${user.full_name} `;
	const rest = text.slice(caret).replace(/^ /, "");
	return { text: text.slice(0, start) + name + rest, caret: start + name.length };
}
