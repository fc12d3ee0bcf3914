(() => {
	const EDITOR = "Converted Lead Editor";
	const BUNDLES = ["convert.bundle.css", "convert.bundle.js"];
	const PARTS = { customer: "Customer", contact: "Contact", opportunity: "Opportunity", quotation: "Quotation" };

	frappe.ui.form.on("Lead", {
		refresh(frm) {
			frappe.require(["up_next.bundle.css", "up_next.bundle.js"], () => lead_inbox.up_next.show(frm));
			if (frm.is_new()) return;
			frm.add_custom_button(__("Open in Inbox"), () => frappe.set_route("lead-inbox", frm.doc.name));
			if (frm.doc.inbox_converted) show_converted(frm);
			else if (frm.doc.inbox_merged_into) show_merged(frm);
			else offer_conversion(frm);
			if (!frm.doc.inbox_merged_into) offer_booking(frm);
			if (!frm.doc.inbox_merged_into) offer_reselling(frm);
		},
	});

	function show_merged(frm) {
		const link = frappe.utils.get_form_link("Lead", frm.doc.inbox_merged_into, true);
		frm.set_intro(__("This lead was merged into {0}. Go on there.", [link]), "orange");
	}

	function offer_conversion(frm) {
		if (!frappe.model.can_write("Lead") || !frappe.model.can_create("Customer")) return;
		const { name, title } = frm.doc;
		frm.add_custom_button(__("Convert"), () =>
			frappe.require(BUNDLES, () =>
				lead_inbox.conversion.convert({ name, title }, () => frm.reload_doc())
			)
		);
	}

	function offer_booking(frm) {
		if (!frm.perm[0].write) return;
		const { name, title } = frm.doc;
		frm.add_custom_button(__("Book"), () =>
			frappe.require(["booking.bundle.css", "booking.bundle.js"], () =>
				lead_inbox.booking.book({ name, title }, () => frm.reload_doc())
			)
		);
	}

	function offer_reselling(frm) {
		if (!frappe.model.can_create("Reseller Customer")) return;
		frm.add_custom_button(
			__("Reseller Customer"),
			() => frappe.set_route("reseller-customer-setup", "new", "Lead", frm.doc.name),
			__("Create")
		);
	}

	function show_converted(frm) {
		frm.set_intro(what_it_became(frm.doc), "blue");
		if (!frappe.user.has_role(EDITOR)) make_read_only(frm);
		offer_undo(frm);
	}

	/** By the permissions of this form and not of its fields, which the next lead is shown in too. */
	function make_read_only(frm) {
		frm.set_read_only();
		frm.disable_save();
		frm.refresh_fields();
	}

	function what_it_became(lead) {
		const links = Object.entries(PARTS)
			.filter(([part]) => lead[`inbox_${part}`])
			.map(([part, doctype]) => {
				const link = frappe.utils.get_form_link(doctype, lead[`inbox_${part}`], true);
				return `${__(doctype)} ${link}`;
			});
		const words = [links.join(" · "), frappe.datetime.str_to_user(lead.inbox_converted_on)];
		if (!lead.inbox_converted_by) return __("Converted to {0} on {1}.", words);
		const who = frappe.utils.escape_html(frappe.user_info(lead.inbox_converted_by).fullname);
		return __("Converted to {0} on {1} by {2}.", [...words, who]);
	}

	async function offer_undo(frm) {
		const { name } = frm.doc;
		const { message } = await frappe.call({
			method: "lead_inbox.api.conversion.get_conversion",
			type: "GET",
			args: { lead: name },
		});
		if (frm.doc.name !== name || !message?.undo.allowed) return;
		frm.remove_custom_button(__("Undo Conversion"));
		frm.add_custom_button(__("Undo Conversion"), () =>
			frappe.require(BUNDLES, () =>
				lead_inbox.conversion.undo(message.conversion, () => frm.reload_doc())
			)
		);
	}
})();
