// Goes on with ERPNext's own settings of the list, which come first.
(() => {
	const settings = (frappe.listview_settings["Opportunity"] ||= {});
	const { onload } = settings;
	settings.onload = (listview) => {
		onload?.call(settings, listview);
		if (!frappe.model.can_write("Opportunity")) return;
		listview.page.add_action_item(__("Add to Sequence"), () =>
			frappe.require(["up_next.bundle.css", "up_next.bundle.js"], () =>
				lead_inbox.up_next.enroll_checked(listview)
			)
		);
	};
})();
