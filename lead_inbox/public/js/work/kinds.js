// Icons and words for the kinds of work.

const ICONS = {
	"Phone Call": "es-line-call",
	Email: "es-line-email",
	SMS: "es-line-chat-alt",
	Meeting: "es-line-video",
	Task: "es-line-check",
};

export const KINDS = Object.keys(ICONS);

export function kind_icon(kind) {
	return ICONS[kind] || ICONS.Task;
}

export function kind_label(kind) {
	const labels = {
		"Phone Call": __("Phone Call"),
		Email: __("E-mail"),
		SMS: __("SMS"),
		Meeting: __("Meeting"),
		Task: __("Task"),
	};
	return labels[kind] || __(kind);
}

/** What the icon does, for its title and for screen readers. */
export function start_label({ kind, source, event }) {
	if (kind === "Meeting" && event?.video_link) return __("Join the meeting");
	if (source === "event" || kind === "Meeting") return __("Open the details");
	const labels = {
		"Phone Call": __("Call"),
		Email: __("Write the e-mail"),
		SMS: __("Write the SMS"),
		Task: __("Show the task"),
	};
	return labels[kind] || __("Start");
}
