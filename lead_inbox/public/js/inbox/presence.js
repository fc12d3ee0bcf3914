/** Who else has the open lead before them: Frappe's own rooms, shared with the Lead form. Used through reactive(). */
export class Presence {
	lead = null;
	users = [];

	enter(name) {
		this.leave();
		if (!frappe.realtime.socket) return; // the site runs without socket.io
		this.lead = name;
		this.listener = this.listener || ((event) => this.receive(event));
		frappe.realtime.off("doc_viewers", this.listener); // a form that opens removes all listeners: add ours anew
		frappe.realtime.on("doc_viewers", this.listener);
		frappe.realtime.doc_open("Lead", name);
	}

	leave() {
		if (this.lead) frappe.realtime.doc_close("Lead", this.lead);
		Object.assign(this, { lead: null, users: [] });
	}

	receive({ doctype, docname, users = [] }) {
		if (doctype !== "Lead" || docname !== this.lead) return;
		this.users = users.filter((user) => user !== frappe.session.user);
	}
}
