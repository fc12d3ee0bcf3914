// A mail by Frappe's own composer, from the form or from anywhere else.

/**
 * @param item of an opportunity: a lead has a conversation of its own
 * @returns a promise of whether it was sent
 */
export async function write_from_record(item, { subject, content }) {
	const { reference_doctype: doctype, reference_name: name } = item;
	const { message: record } = await frappe.db.get_value(doctype, name, "contact_email");
	return new Promise((resolve) => {
		const composer = new frappe.views.CommunicationComposer({
			doc: { doctype, name },
			frm: open_form(doctype, name),
			subject: subject || item.title,
			recipients: record.contact_email || "",
			message: as_html(content || ""),
			success: () => resolve(true),
		});
		// Frappe hides the dialog before it sends: only what was discarded ends here
		composer.dialog.get_secondary_btn().on("click", () => resolve(false));
	});
}

function open_form(doctype, name) {
	const form = window.cur_frm;
	const is_here = form?.doctype === doctype && form.docname === name && frappe.get_route()[0] === "Form";
	return is_here ? form : undefined;
}

function as_html(text) {
	return frappe.utils.escape_html(text).replace(/\n/g, "<br>");
}
