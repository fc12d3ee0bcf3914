// How far a lead has come towards a sale: sales takes it, gives it back, or says where it stands.

import { ask } from "../shared/dialogs/ask";
import * as api from "./api";
import { until_refused } from "./api";

export const STAGES = ["Lead", "MQL", "SQL"]; // that can be set by hand

export const accept = until_refused(async (inbox) => {
	inbox.after_bulk(await api.accept([inbox.lead.name]), __("Accepted"));
});

export const send_back = until_refused(async (inbox) => {
	const { name } = inbox.lead;
	const values = await ask({
		title: __("Send back to marketing"),
		fields: [
			{
				fieldname: "reason",
				fieldtype: "Data",
				label: __("Reason"),
				description: __("Marketing reads it."),
				length: 140,
				reqd: 1,
			},
		],
		primary_action_label: __("Send Back"),
	});
	if (values) inbox.after_bulk(await api.send_back([name], values.reason), __("Sent back"));
});

export const set_stage = until_refused(async (inbox, stage) => {
	inbox.after_bulk(await api.set_stage([inbox.lead.name], stage), __("The stage is {0}", [__(stage)]));
});
