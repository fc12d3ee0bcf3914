// A component of ours in a dialog of Frappe's.

import { createApp } from "vue";

/**
 * @param options of frappe.ui.Dialog without its fields @param component gets `props`
 * @returns the dialog, shown. The component goes when it is closed.
 */
export function show_in_dialog(options, component, props) {
	const dialog = new frappe.ui.Dialog({ ...options, fields: [{ fieldname: "box", fieldtype: "HTML" }] });
	const app = createApp(component, props);
	SetVueGlobals(app);
	app.mount(dialog.get_field("box").$wrapper.get(0));
	dialog.$wrapper.one("hidden.bs.modal", () => app.unmount());
	dialog.show();
	return dialog;
}

/** Frappe's own disabling leaves the button to the keyboard. */
export function enable_primary(dialog, is_enabled) {
	dialog.get_primary_btn().prop("disabled", !is_enabled);
}
