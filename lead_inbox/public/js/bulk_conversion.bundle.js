// The table on the form of a Bulk Lead Conversion, and its beginning in the list of leads.

import { createApp, reactive, watch } from "vue";
import BulkConversion from "./bulk_conversion/BulkConversion.vue";
import { Run } from "./bulk_conversion/run";
import { convert_checked } from "./bulk_conversion/selecting";

/** The table of one form. Frappe uses a form again for each record of its doctype, and keeps it when it is left. */
class FormTable {
	constructor(frm) {
		this.frm = frm;
		this.host = $('<div class="bulk-conversion-host"></div>').appendTo(frm.fields_dict.table.$wrapper);
		$(frm.wrapper).on("hide", () => this.unmount());
	}

	/** Called at each refresh of the form. */
	show() {
		const { docname } = this.frm;
		if (this.frm.is_new()) return this.unmount();
		if (this.shown === docname) return;
		this.unmount();
		this.run = reactive(new Run(docname));
		this.app = createApp(BulkConversion);
		SetVueGlobals(this.app);
		this.app.provide("run", this.run);
		this.app.mount(this.host.get(0));
		this.unwatch = watch(() => this.run.state?.status, (status) => this.follow(status));
		this.run.open();
		this.shown = docname;
	}

	/** The form shows the status beside its title. */
	follow(status) {
		if (status && status !== this.frm.doc.status) this.frm.reload_doc();
	}

	unmount() {
		if (!this.shown) return;
		this.unwatch();
		this.run.close();
		this.app.unmount();
		this.shown = null;
	}
}

/** Shows the leads of the form's bulk conversion. */
function show(frm) {
	frm.lead_inbox_bulk ??= new FormTable(frm);
	frm.lead_inbox_bulk.show();
}

frappe.provide("lead_inbox");
lead_inbox.bulk_conversion = { show, convert_checked };
