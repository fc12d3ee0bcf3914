import { createApp, nextTick, watch } from "vue";
import InboxApp from "./inbox/InboxApp.vue";
import { create_inbox } from "./inbox/inbox";
import { listen_for_escape, register_shortcuts } from "./inbox/shortcuts";

/** Ties the Vue app to a Frappe desk page: mounts it once, then tells it when the page is shown or hidden. */
class LeadInbox {
	constructor(wrapper) {
		this.wrapper = wrapper;
		this.inbox = create_inbox(wrapper.page);
		$(wrapper)
			.addClass("lead-inbox-page")
			.on("hide", () => this.hide());
		this.mount();
		listen_for_escape(this.inbox);
	}

	mount() {
		const search = $('<div class="lead-inbox-search"></div>');
		this.wrapper.page.page_actions.prepend(search);
		const app = createApp(InboxApp, { search_host: search.get(0) });
		SetVueGlobals(app);
		app.provide("inbox", this.inbox);
		app.mount(this.wrapper.page.main.get(0));
		watch(
			() => this.inbox.pane,
			(pane) => {
				$(this.wrapper).toggleClass("lead-inbox-reading", pane !== "list");
				nextTick(() => this.fill_window());
			}
		);
	}

	show() {
		register_shortcuts(this.inbox);
		this.fill_window();
		$(window)
			.off("resize.lead_inbox")
			.on("resize.lead_inbox", () => this.fill_window());
		this.inbox.show(this.route_lead());
	}

	hide() {
		$(window).off("resize.lead_inbox");
		this.inbox.hide();
	}

	/** From the address and not from the last finished route: with two changes in a row the latter is behind. */
	route_lead() {
		return frappe.router.get_sub_path().split("/").slice(1).join("/");
	}

	/** The page scrolls inside its columns. What is above them differs between Frappe's versions: measure it. */
	fill_window() {
		const top = this.wrapper.page.main.offset().top;
		this.wrapper.style.setProperty("--lead-inbox-top", `${Math.round(top)}px`);
	}
}

frappe.provide("frappe.ui");
frappe.ui.LeadInbox = LeadInbox;
