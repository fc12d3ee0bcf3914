// Answers to requirements that a user has given and that are not saved yet. Used through reactive().

const WORDS_NEEDED = () => __("Say by what this can be seen: a page, a mail, whom you asked.");

export class CheckEdits {
	answers = {}; // {result, evidence} by key

	of(check) {
		return this.answers[check_key(check)] || check;
	}

	change(check, change) {
		const { result, evidence } = { ...this.of(check), ...change };
		const is_as_saved = result === check.result && evidence === (check.evidence || "");
		if (is_as_saved) delete this.answers[check_key(check)];
		else this.answers[check_key(check)] = { result, evidence: evidence || "" };
	}

	/** @returns why an answer is none yet, or "" */
	fault_of(check) {
		const { result, evidence } = this.of(check);
		return result === "Passed" && !(evidence || "").trim() ? WORDS_NEEDED() : "";
	}

	/** @returns the answers that can be saved: {subject, product, result, evidence} */
	changed(checks) {
		return checks
			.filter((check) => this.answers[check_key(check)] && !this.fault_of(check))
			.map((check) => ({
				subject: check.subject,
				product: check.product || "",
				...this.answers[check_key(check)],
			}));
	}

	/** The answer was saved as it is here. */
	settle({ result, evidence, ...check }) {
		const now = this.answers[check_key(check)];
		if (now?.result === result && now.evidence === evidence) delete this.answers[check_key(check)];
	}

	clear() {
		this.answers = {};
	}
}

export function check_key({ subject, product }) {
	return `${subject} ${product || ""}`.trim();
}
