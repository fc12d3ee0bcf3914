frappe.pages["reseller-customer-setup"].on_page_load = (wrapper) => {
	frappe.ui.make_app_page({ parent: wrapper, title: __("New Reseller Customer"), single_column: true });
	wrapper.setup = frappe
		.require(["reseller_setup.bundle.css", "reseller_setup.bundle.js"])
		.then(() => new frappe.ui.ResellerSetup(wrapper));
};

frappe.pages["reseller-customer-setup"].on_page_show = (wrapper) => wrapper.setup.then((setup) => setup.show());
