import { createApp, reactive } from "vue";
import * as inbox_api from "../../inbox/api";
import { escape_html } from "../../shared/dialogs/ask";
import ComposeBox from "../ComposeBox.vue";
import { Letter } from "../letter";

/**
 * The inbox's composer in a dialog, below what was said last. What is written and not sent is kept as a draft.
 * @param step as inbox/composer.js takes it
 * @returns a promise of {send_on}, null in it for sent at once, or of null when it was not sent
 */
export async function compose(step, lead, title) {
	const [detail, context] = await Promise.all([inbox_api.get_lead(lead), inbox_api.get_context()]);
	return new Promise((resolve) => {
		const dialog = new frappe.ui.Dialog({
			title: escape_html(`${step.activity.title} · ${title}`),
			size: "large",
			fields: [{ fieldname: "letter", fieldtype: "HTML" }],
			on_hide: () => {
				app.unmount();
				resolve(null);
			},
		});
		const letter = reactive(new Letter(lead, detail, context, step));
		const app = make_app(letter, (sent) => {
			resolve(sent);
			dialog.hide();
		});
		app.mount(dialog.get_field("letter").$wrapper.get(0));
		dialog.on_page_show = () => Object.assign(letter, { is_shown: true, focus: "reply" });
		dialog.show();
	});
}

function make_app(letter, on_sent) {
	const app = createApp(ComposeBox, { onSent: on_sent });
	SetVueGlobals(app);
	return app.provide("inbox", letter);
}
