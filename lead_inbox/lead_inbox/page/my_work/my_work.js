frappe.pages["my-work"].on_page_load = (wrapper) => {
	frappe.ui.make_app_page({ parent: wrapper, title: __("My Work"), single_column: true });
	wrapper.work = frappe
		.require(["lead_inbox.bundle.css", "my_work.bundle.css", "my_work.bundle.js"])
		.then(() => new frappe.ui.MyWork(wrapper));
};

frappe.pages["my-work"].on_page_show = (wrapper) => wrapper.work.then((work) => work.show());
