// Files for a mail, by Frappe's own dialog and limits.

/** @param take is called with each file: {name, file_name, file_url} */
export function choose_files(lead, take) {
	const uploader = new frappe.ui.FileUploader({
		doctype: "Lead",
		docname: lead,
		folder: "Home/Attachments",
		make_attachments_public: false,
		allow_toggle_private: false,
		allow_web_link: false, // a mail needs the file itself
		on_success: ({ name, file_name, file_url }) => take({ name, file_name, file_url }),
	});
	uploader.dialog.get_secondary_btn().remove(); // "Set all public"
}

/** The file goes from the lead, too: it was put there for this mail. */
export function discard_file(lead, file) {
	return frappe.call("frappe.desk.form.utils.remove_attach", {
		fid: file.name,
		dt: "Lead",
		dn: lead,
	});
}
