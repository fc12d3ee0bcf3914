// Up next on the forms of Lead and Opportunity, and sequences for their lists.

import { createApp } from "vue";
import { minute } from "./shared/time";
import UpNext from "./work/UpNext.vue";
import { enroll_many } from "./work/enrolling";

const MINUTE_MS = 60000;

/** The box of one form. Frappe uses a form again for each record of its doctype, and keeps it when it is left. */
class FormBox {
	constructor(frm) {
		this.frm = frm;
		this.host = $('<div class="up-next-host"></div>').insertBefore(frm.layout.page);
		$(frm.wrapper).on("hide", () => this.unmount());
	}

	/** Called at each refresh of the form. */
	show() {
		const { doctype, docname, doc } = this.frm;
		if (this.frm.is_new()) return this.unmount();
		if (this.shown === docname) return this.box.refresh();
		this.unmount();
		const title = doc[this.frm.meta.title_field] || docname;
		this.app = createApp(UpNext, {
			record: { doctype, name: docname, title },
			onChange: () => this.frm.sidebar.reload_docinfo(),
		});
		SetVueGlobals(this.app);
		this.box = this.app.mount(this.host.get(0));
		this.minutes = setInterval(() => (minute.value += 1), MINUTE_MS);
		this.shown = docname;
	}

	unmount() {
		if (!this.shown) return;
		clearInterval(this.minutes);
		this.app.unmount();
		this.shown = null;
	}
}

/** Shows what comes next for the form's record, above its tabs. */
function show(frm) {
	if (!frm.lead_inbox_up_next) frm.lead_inbox_up_next = new FormBox(frm);
	frm.lead_inbox_up_next.show();
}

/** Adds the records that are checked in a list to a sequence. */
async function enroll_checked(listview) {
	const { title_field } = listview.meta;
	const titles = new Map(
		listview.get_checked_items().map((row) => [row.name, row[title_field] || row.name])
	);
	const done = await enroll_many(listview.doctype, [...titles.keys()], (name) => titles.get(name) || name);
	if (done) listview.clear_checked_items();
}

frappe.provide("lead_inbox");
lead_inbox.up_next = { show, enroll_checked };
