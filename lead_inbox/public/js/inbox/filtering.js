// Which leads the list shows.

import { has_dialog } from "../shared/keyboard";
import { until_refused } from "./api";
import { ask_filters } from "./dialogs/filter_dialog";

export const choose_filters = until_refused(async (inbox) => {
	const context = await inbox.load_context();
	if (has_dialog()) return; // while that was under way the user has clicked once more, or gone on
	const chosen = await ask_filters(context, inbox.list);
	if (chosen) await inbox.narrow_down(chosen);
});
