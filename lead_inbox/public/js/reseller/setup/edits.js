// What a user has entered and the server has not taken yet, and why it did not take it. Used through reactive().

export class Edits {
	values = {}; // by field
	refused = {}; // words by field, until it is changed

	set(field, value, saved) {
		delete this.refused[field];
		if (value === saved) delete this.values[field];
		else this.values[field] = value;
	}

	/**
	 * @param sent the values that the server was given @param faults its words by field, of what it did not take
	 */
	settle(sent, faults) {
		for (const [field, value] of Object.entries(sent)) {
			if (this.values[field] !== value) continue; // typed on meanwhile
			if (faults[field]) this.refused[field] = faults[field];
			if (!faults[field] || !value) delete this.values[field]; // a blank is taken, though it is refused
		}
	}

	clear() {
		Object.assign(this, { values: {}, refused: {} });
	}
}
