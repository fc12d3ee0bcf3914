import { createApp, reactive } from "vue";
import TipList from "./TipList.vue";

/** The checklist in place of the form's table. Frappe uses a form again for each record of its doctype. */
export class TipBox {
	constructor(frm) {
		const { $wrapper } = frm.fields_dict.tips;
		this.host = $('<div class="reseller-tips-host"></div>').prependTo($wrapper.addClass("has-reseller-tips"));
		this.state = reactive({ customer: null });
		const app = createApp(TipList, { state: this.state });
		SetVueGlobals(app);
		app.mount(this.host.get(0));
	}

	/** @param customer as of api.get */
	show(customer) {
		this.state.customer = customer;
	}
}
