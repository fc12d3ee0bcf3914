// Goes on with ERPNext's own settings of the list, which come first.
(() => {
	const settings = (frappe.listview_settings["Lead"] ||= {});
	const { onload } = settings;
	settings.onload = (listview) => {
		onload?.call(settings, listview);
		// not can_create: that is without what is never made by a New button
		if (frappe.boot.user.in_create.includes("Bulk Lead Conversion")) {
			listview.page.add_action_item(__("Convert"), () =>
				frappe.require("bulk_conversion.bundle.js", () =>
					lead_inbox.bulk_conversion.convert_checked(listview)
				)
			);
		}
		if (!frappe.model.can_write("Lead")) return;
		listview.page.add_action_item(__("Add to Sequence"), () =>
			frappe.require(["up_next.bundle.css", "up_next.bundle.js"], () =>
				lead_inbox.up_next.enroll_checked(listview)
			)
		);
	};
})();
