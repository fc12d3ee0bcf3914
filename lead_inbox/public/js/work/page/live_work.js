import { Live } from "../../inbox/live";

// A list of one's own work may be two seconds behind: each change on the site reaches everybody's page.
const NEXT_WAIT_MS = 2000;

/** News of activities and of their records. Whatever they say, the page asks again: only the server knows whose
 * work it is. Used through reactive(). */
export class LiveWork extends Live {
	doctypes = ["Lead", "Opportunity"];
	next_wait_ms = NEXT_WAIT_MS;

	news() {
		return { lead_inbox_update: () => this.receive({}), lead_inbox_work: () => this.receive({}) };
	}
}
