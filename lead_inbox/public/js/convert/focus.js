/** Puts the focus on the first question: on its answer, or where it has none yet on the first one it may have. */
export function focus_first(form) {
	const question = form?.querySelector("fieldset");
	(question?.querySelector("input:checked") || question?.querySelector("input:enabled"))?.focus();
}
