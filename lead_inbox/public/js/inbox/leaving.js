// Asks before a reply that was begun and not sent is left. The draft is kept in any case.

import { ask_whether } from "../shared/dialogs/confirm_dialog";

/** One for the page. Knows of text only that was typed since its lead was opened: reading on must not be a nuisance. */
export class Leaving {
	lead = null; // that has unsent text
	path = null; // its address
	asking = null;

	touch(lead) {
		Object.assign(this, { lead, path: window.location.pathname });
	}

	settle(lead) {
		if (this.lead === lead) this.lead = null;
	}

	/** @returns a promise of whether the lead may be left; once that was said there is no more to ask */
	async may_leave() {
		if (!this.lead) return true;
		this.asking ||= ask_to_leave();
		const leaves = await this.asking;
		this.asking = null;
		if (leaves) this.lead = null;
		return leaves;
	}

	/** While the page is shown, every way out of it goes through here. */
	start() {
		if (this.router) return;
		const { router } = frappe;
		const { push_state, route } = router;
		this.router = { push_state, route };
		router.push_state = (url) => this.before_push(url, () => push_state.call(router, url));
		router.route = (...rest) => this.before_route(() => route.apply(router, rest));
		window.addEventListener("beforeunload", this.before_unload);
	}

	stop() {
		Object.assign(frappe.router, this.router);
		this.router = null;
		window.removeEventListener("beforeunload", this.before_unload);
	}

	/** Links, and what scripts call. Goes on at once if there is nothing to ask: callers of Frappe's router rely on it. */
	async before_push(url, go) {
		if (!this.lead || url === this.path) return go();
		if (await this.may_leave()) return go();
		frappe.route_options = null; // were meant for the page that is not opened
	}

	/** The browser's back and forward: the address has changed already, and is put back. */
	async before_route(go) {
		const is_here = !this.lead || window.location.pathname === this.path;
		if (is_here || (await this.may_leave())) return go();
		window.history.pushState(null, null, this.path);
	}

	before_unload = (event) => {
		if (!this.lead) return;
		event.preventDefault();
		event.returnValue = true; // for browsers that do not ask otherwise
	};
}

function ask_to_leave() {
	return ask_whether({
		title: __("Not sent yet"),
		question: __("You have begun a message to this lead and not sent it."),
		yes: __("Keep the draft and leave"),
		no: __("Stay"),
	});
}
