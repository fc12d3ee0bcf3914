// Reseller customers: the guided form on its page, and what the form of the record offers.

import { createApp, watch } from "vue";
import { show_form } from "./reseller/form/customer_form";
import { CUSTOMER, status_pill } from "./reseller/records";
import { create_setup } from "./reseller/setup/setup";
import SetupApp from "./reseller/setup/SetupApp.vue";

/** Ties the guided form to a desk page: mounts it once, then tells it when the page is shown or hidden. */
class ResellerSetup {
	constructor(wrapper) {
		this.wrapper = wrapper;
		this.setup = create_setup(wrapper.page);
		$(wrapper)
			.addClass("reseller-setup-page")
			.on("hide", () => this.setup.hide());
		this.mount();
		window.addEventListener("beforeunload", (event) => this.hold_unsaved(event));
	}

	mount() {
		const app = createApp(SetupApp);
		SetVueGlobals(app);
		app.provide("setup", this.setup);
		app.mount(this.wrapper.page.main.get(0));
		watch(
			() => this.setup.customer,
			(customer) => this.name_page(customer)
		);
	}

	show() {
		this.show_breadcrumbs();
		this.setup.show(this.route());
	}

	/** Frappe has them for the address at which a page was opened, and each step has an address of its own. */
	show_breadcrumbs() {
		frappe.breadcrumbs.add("Lead Inbox");
		frappe.breadcrumbs.append_breadcrumb_element("/app/reseller-customer", __(CUSTOMER));
	}

	/** What the address has after the page's name. Not of the last finished route: that may be behind. */
	route() {
		return frappe.router.get_sub_path_string().split("/").slice(1).map(decodeURIComponent);
	}

	name_page(customer) {
		const { page } = this.wrapper;
		page.set_title(customer?.title || __("New Reseller Customer"));
		if (!customer) return page.clear_indicator();
		const { label, color } = status_pill(customer);
		page.set_indicator(label, color);
	}

	hold_unsaved(event) {
		if (!this.setup.is_shown || !this.setup.has_edits) return;
		event.preventDefault();
		event.returnValue = true; // for browsers that do not ask otherwise
	}
}

frappe.provide("frappe.ui");
frappe.ui.ResellerSetup = ResellerSetup;

frappe.provide("lead_inbox");
lead_inbox.reseller = { show_form };
