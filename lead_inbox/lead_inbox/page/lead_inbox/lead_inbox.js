frappe.pages["lead-inbox"].on_page_load = (wrapper) => {
	frappe.ui.make_app_page({ parent: wrapper, title: __("Lead Inbox"), single_column: true });
	wrapper.inbox = frappe
		.require(["lead_inbox.bundle.css", "lead_inbox.bundle.js"])
		.then(() => new frappe.ui.LeadInbox(wrapper));
};

frappe.pages["lead-inbox"].on_page_show = (wrapper) => wrapper.inbox.then((inbox) => inbox.show());
