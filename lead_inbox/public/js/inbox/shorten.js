// A long text, or one that ends with all that was said before, is shown in part until the reader asks for it.

const LONG_TEXT = 1500;
// "On Tuesday, Jun Kim <…> wrote:", in any language, may be broken into two lines.
const LINES_OF_ATTRIBUTION = 2;

/** @returns the text to show first: the same where there is nothing to leave out */
export function shorten(text) {
	const said = without_quote(text);
	return said.length > LONG_TEXT ? `${said.slice(0, LONG_TEXT)}…` : said;
}

/** The text without the quoted mail at its end; all of it if it is nothing but a quote. */
function without_quote(text) {
	const lines = text.trimEnd().split("\n");
	let end = lines.length;
	while (end && (is_quoted(lines[end - 1]) || !lines[end - 1].trim())) end -= 1;
	if (!lines.slice(end).some(is_quoted)) return text;
	const said = lines.slice(0, end - attribution_length(lines, end)).join("\n").trimEnd();
	return said || text;
}

function is_quoted(line) {
	return line.startsWith(">");
}

function attribution_length(lines, end) {
	if (!lines[end - 1]?.trimEnd().endsWith(":")) return 0;
	let length = 1;
	while (length < LINES_OF_ATTRIBUTION && lines[end - 1 - length]?.trim()) length += 1;
	return length;
}
