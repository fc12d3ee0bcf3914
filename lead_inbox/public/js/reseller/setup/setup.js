import { markRaw, nextTick, reactive } from "vue";
import * as api from "../api";
import { CUSTOMER, SETUP_PAGE, load_meta } from "../records";
import { CheckEdits } from "./checks";
import { Edits } from "./edits";
import { fields_of } from "./fields";
import { LiveCustomer } from "./live_customer";
import { is_asked } from "./requests";

export const ACCOUNT = "Account"; // this page's own step: the server's form ends before it
const NEW = "new";
const SOURCES = ["Lead", "Customer"];
const TYPES = ["Domain", "Team"];

export function create_setup(page) {
	const setup = reactive(new Setup(page));
	setup.live = markRaw(
		new LiveCustomer({
			heard: (name) => name === setup.name && setup.refresh(),
			poll: () => setup.is_waiting && setup.refresh(),
		})
	);
	return setup;
}

/** The guided form of one customer: what is known of it, what its user enters, and where he is. */
class Setup {
	name = null;
	source = null; // {doctype, name} of the record that a new customer is made from
	customer = null; // as of api.get
	phase = "loading"; // loading, failed, start, ready
	error = null;
	step = null;
	slug = ""; // of the step in the address
	edits = new Edits();
	check_edits = new CheckEdits();
	tried = new Set(); // steps that the user wanted to be done with: what is lacking in them is said
	is_saving = false;
	is_shown = false;
	told = ""; // for screen readers
	asked = 0; // only the answer to the latest question counts
	live = null;

	constructor(page) {
		this.page = markRaw(page);
	}

	// The page as a whole

	/** @param route what the address has after the page's name */
	async show([name, ...rest]) {
		const came_back = !this.is_shown;
		Object.assign(this, { is_shown: true, slug: rest[0] });
		if (came_back) this.live.start();
		await load_meta();
		if (!name || name === NEW) return this.show_start(rest);
		if (name !== this.name) await this.open(name);
		else if (came_back) this.refresh();
		if (name === this.name) this.show_step();
	}

	hide() {
		this.is_shown = false;
		this.live.stop();
		if (this.has_edits) quietly(this.save());
	}

	show_start([doctype, ...name]) {
		this.forget();
		this.phase = "start";
		this.source = SOURCES.includes(doctype) ? { doctype, name: name.join("/") } : null;
	}

	forget() {
		this.asked += 1;
		Object.assign(this, { name: null, customer: null, step: null, error: null, source: null });
		this.edits.clear();
		this.check_edits.clear();
		this.tried.clear();
	}

	async open(name) {
		this.forget();
		Object.assign(this, { name, phase: "loading" });
		await this.load();
	}

	async load() {
		const turn = ++this.asked;
		try {
			const customer = await api.get(this.name);
			if (turn !== this.asked) return;
			this.take(customer);
			this.phase = "ready";
		} catch (error) {
			if (turn === this.asked) Object.assign(this, { phase: "failed", error });
		}
	}

	async retry() {
		this.phase = "loading";
		await this.load();
		this.show_step();
	}

	/** What is shown anew, without a flicker; what the user is entering stays. */
	async refresh() {
		if (this.phase !== "ready") return;
		const turn = ++this.asked;
		try {
			const customer = await api.get(this.name);
			if (turn === this.asked) this.take(customer);
		} catch (error) {
			console.warn(error); // the next news or the next minute tries again
		}
	}

	/** @param customer as of api.get; one that was asked for before another was opened is let go */
	take(customer) {
		if (customer.name !== this.name) return;
		const was_open = this.customer?.is_open;
		this.customer = customer;
		if (was_open && !customer.is_open && this.is_shown) this.go_to(ACCOUNT);
	}

	// Where the user is

	get steps() {
		return [...this.customer.steps.map(({ step }) => step), ACCOUNT];
	}

	is_complete(step) {
		if (step === ACCOUNT) return !this.customer.is_open;
		if (fields_of(step, this).some(({ field }) => this.edits.refused[field])) return false;
		return Boolean(this.customer.steps.find((one) => one.step === step)?.is_complete);
	}

	get next_step() {
		return this.steps[this.steps.indexOf(this.step) + 1];
	}

	/** There is no account to ask for before all is checked. */
	may_show(step) {
		return step !== ACCOUNT || this.customer.status !== "Draft";
	}

	get first_open_step() {
		const shown = this.steps.filter((step) => this.may_show(step));
		return shown.find((step) => !this.is_complete(step)) || shown.at(-1);
	}

	/** The step of the address; without one, that at which the user left. */
	show_step() {
		if (this.phase !== "ready") return;
		const asked = this.steps.find((step) => slug_of(step) === this.slug);
		const step = asked && this.may_show(asked) ? asked : this.first_open_step;
		if (this.slug !== slug_of(step)) this.set_route(step, true);
		if (step === this.step) return;
		if (this.has_edits) quietly(this.save()); // the browser's own way back
		this.step = step;
		focus_on_heading();
	}

	/** What is entered so far is saved, whether all of it is taken or not. @returns a promise */
	async go_to(step) {
		if (!this.may_show(step) || step === this.step) return;
		if (this.has_edits) await this.save();
		this.set_route(step);
	}

	go_back() {
		return this.go_to(this.steps[this.steps.indexOf(this.step) - 1]);
	}

	/** To the next step, if nothing of this one is refused. */
	async go_on() {
		const { step } = this;
		await settled_controls();
		if (this.has_edits) await this.save();
		this.tried.add(step);
		if (await this.stop_at_fault()) return;
		this.set_route(this.next_step);
	}

	async leave() {
		await settled_controls();
		if (this.has_edits) await this.save();
		if (await this.stop_at_fault()) return;
		frappe.set_route("Form", CUSTOMER, this.name);
	}

	set_route(step, replace = false) {
		frappe.route_flags.replace_route = replace;
		frappe.set_route(SETUP_PAGE, this.name, slug_of(step));
		frappe.route_flags.replace_route = false; // it would else outlive this change and swallow the next one
	}

	/** @returns a promise of whether something of this step is refused, which then has the focus */
	async stop_at_fault() {
		const count = this.fault_count;
		if (!count) return false;
		this.told = "";
		await nextTick();
		this.told =
			count === 1 ? __("One entry has to be mended.") : __("{0} entries have to be mended.", [count]);
		document.querySelector(`.reseller-setup [aria-invalid="true"]`)?.focus();
		return true;
	}

	// What is entered

	get is_waiting() {
		return Boolean(this.customer && is_asked(this.customer));
	}

	/** What was sent to the vendor is changed there; while he is asked nothing may move. */
	get may_edit() {
		const { is_open, may_write } = this.customer;
		return is_open && may_write && !this.is_waiting;
	}

	get has_edits() {
		if (!this.customer || !this.may_edit) return false;
		const answers = this.check_edits.changed(this.customer.checks);
		return Boolean(Object.keys(this.step_edits).length || answers.length);
	}

	/** What was refused in another step waits there. */
	get step_edits() {
		const asked = new Set(this.fields.map(({ field }) => field));
		return Object.fromEntries(Object.entries(this.edits.values).filter(([field]) => asked.has(field)));
	}

	get fields() {
		return fields_of(this.step, this);
	}

	value(field) {
		return this.edits.values[field] ?? this.saved(field);
	}

	saved(field) {
		return this.customer.values[field] ?? "";
	}

	enter(field, value) {
		this.edits.set(field, value, this.saved(field));
		if (field === "product_family") quietly(this.save()); // what else is asked hangs on it
	}

	/** The words for why a field is refused, if the user has had his say. */
	fault_of(field) {
		const { refused, values } = this.edits;
		if (refused[field]) return refused[field];
		if (field in values) return "";
		const is_due = this.tried.has(this.step) || Boolean(this.saved(field));
		return is_due && this.may_edit ? this.customer.faults[field] || "" : "";
	}

	/** Of this step. */
	get fault_count() {
		if (this.step === "Requirements" && this.may_edit)
			return this.own_checks.filter((check) => this.check_edits.fault_of(check)).length;
		return this.fields.filter(({ field }) => this.fault_of(field)).length;
	}

	/** Consent is recorded in a step of its own. */
	get own_checks() {
		return this.customer.checks.filter(({ subject }) => subject !== "Consent to Purchase");
	}

	/** The types of customers that the product family takes; all of them while there is none. */
	get types() {
		return this.customer.family?.types || TYPES;
	}

	// Writing

	/** Steps are saved one after the other: each answer brings the whole customer. */
	async save() {
		const { name, step, step_edits: sent, edits, check_edits } = this;
		const answers = check_edits.changed(this.customer.checks);
		await this.write(async () => {
			if (Object.keys(sent).length) {
				const customer = await api.save_step(name, step, sent);
				edits.settle(sent, customer.faults);
				this.take(customer);
			}
			for (const answer of answers) {
				this.take(await api.answer_check(name, answer));
				check_edits.settle(answer);
			}
		});
	}

	/** @param call promises the customer as it is afterwards, or nothing */
	async write(call) {
		this.is_saving = true;
		try {
			const customer = await call();
			if (!customer) return;
			this.asked += 1; // an answer that is under way is older
			this.take(customer);
		} finally {
			this.is_saving = false;
		}
	}

	async begin(values) {
		await this.write(async () => {
			const customer = await api.begin(values);
			this.forget();
			Object.assign(this, { name: customer.name, phase: "ready" });
			return customer;
		});
		this.set_route(this.steps[0], true); // what a lead or a family knows already is looked over, too
	}

	async finish_form() {
		if (this.has_edits) await this.save();
		await this.write(() => api.finish_form(this.name));
		this.set_route(ACCOUNT);
	}

	async open_account(account) {
		await this.write(() => api.open_account(this.name, account));
	}
}

function slug_of(step) {
	return step.toLowerCase();
}

/** A Link looks up what was typed, and only then has its value. */
function settled_controls() {
	return new Promise((resolve) => frappe.after_ajax(() => setTimeout(resolve)));
}

function focus_on_heading() {
	nextTick(() => document.querySelector(".reseller-step h2")?.focus());
}

function quietly(promise) {
	return promise.catch((error) => console.warn(error));
}
