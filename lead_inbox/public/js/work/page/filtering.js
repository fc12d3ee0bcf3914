// Which activities the list shows.

import { until_refused } from "../../request";
import { has_dialog } from "../../shared/keyboard";
import { ask_work_filters } from "./filter_dialog";

export const choose_filters = until_refused(async (work) => {
	const context = await work.load_context();
	if (has_dialog()) return; // while that was under way the user has clicked once more, or gone on
	const filters = await ask_work_filters(context, work.list.filters);
	if (filters) await work.narrow_down({ filters });
});
