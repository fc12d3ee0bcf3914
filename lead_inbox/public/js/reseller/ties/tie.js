import { reactive } from "vue";
import { read, write } from "../../request";
import { existing } from "../../shared/choices/options";

/** What a Reseller Customer is to be tied to, and what it may be already. Used through reactive(). */
export class Tie {
	matches = null; // as of reseller_ties.get_matches
	choice = { customer: { mode: "new" }, contact: { mode: "own" }, address: { mode: "own" } };
	error = null;
	is_decided = false; // the user has said whether it is one of the Customers that match
	is_searching = false; // another Customer is to be used, and it is not known yet which
	is_sending = false;
	asked = 0; // only the answer to the latest question counts

	static of(name) {
		return reactive(new Tie(name));
	}

	constructor(name) {
		this.name = name;
	}

	/** A new Customer beside one that may be the same is nothing to be made by an unseen default. */
	get is_undecided() {
		if (this.is_decided || !this.matches) return false;
		const { customers, tied, became } = this.matches;
		return customers.length > 0 && !tied.customer && !became;
	}

	get is_ready() {
		return Boolean(this.matches) && !this.is_undecided && !this.is_searching && !this.is_sending;
	}

	async load() {
		const turn = ++this.asked;
		this.error = null;
		try {
			const customer = this.choice.customer.name;
			const matches = await read("reseller_ties.get_matches", { name: this.name, customer });
			if (turn === this.asked) this.take(matches);
		} catch (error) {
			if (turn === this.asked) this.error = error;
		}
	}

	/** What it is already stands chosen: the Customer that its lead became, the Contact with the same address. */
	take(matches) {
		const { customer, contact } = this.choice;
		if (customer.mode === "new" && matches.became) this.choose({ customer: existing(matches.became) });
		if (contact.mode === "own" && matches.same_contact) this.choose({ contact: existing(matches.same_contact) });
		this.matches = matches;
	}

	/** Contacts and Addresses are the Customer's, so with another one these questions begin anew. */
	choose_customer(customer) {
		this.is_decided = true;
		this.choice = { customer, contact: { mode: "own" }, address: { mode: "own" } };
		return this.load();
	}

	choose(change) {
		this.choice = { ...this.choice, ...change };
	}

	/** @returns a promise of the names that it is tied to: {customer, contact, address} */
	async submit() {
		this.is_sending = true;
		try {
			return await write("reseller_ties.tie", { name: this.name, choice: this.choice });
		} finally {
			this.is_sending = false;
		}
	}
}
