const METHOD = "lead_inbox.api.sequence_plans.";
const CHANGEABLE = ["description", "hours_channel", "stand_in"]; // also when records go by the plan
const TARGETS = ["yes_step", "next_step"];
const DRAWN = [
	...["kind", "automatic", "wait", "wait_unit", "wait_in", "done_by", "user", "user_group"],
	...["branch_on", "branch_field", "branch_operator", "branch_value", "branch_within", "branch_within_unit"],
	...TARGETS,
];

frappe.ui.form.on("Sequence", {
	setup(frm) {
		const people = () => ({ filters: { enabled: 1, user_type: "System User" } });
		frm.set_query("user", "steps", people);
		frm.set_query("stand_in", people);
	},
	async refresh(frm) {
		explain_status(frm);
		protect_plan(frm);
		add_buttons(frm);
		await frappe.require(["sequence_designer.bundle.css", "sequence_designer.bundle.js"]);
		await offer_fields(frm);
		follow_steps(frm);
	},
	async document_type(frm) {
		await offer_fields(frm);
		follow_steps(frm);
	},
});

frappe.ui.form.on("Sequence Step", {
	...Object.fromEntries(DRAWN.map((field) => [field, draw])),
	title(frm, doctype, name) {
		rename_targets(frm, frm.step_titles?.[name], locals[doctype][name].title);
		follow_steps(frm);
	},
	form_render: offer_titles,
	steps_add: follow_steps,
	steps_remove: follow_steps,
	steps_move: follow_steps,
});

function is_in_use(frm) {
	return frm.doc.status !== "Draft";
}

function running_count(frm) {
	return frm.doc.__onload?.running || 0;
}

// What the status means

function explain_status(frm) {
	if (frm.is_new()) return frm.set_intro("");
	const count = running_count(frm);
	const in_it = count === 1 ? __("1 record is in it.") : __("{0} records are in it.", [count]);
	const [text, color] = {
		Draft: [__("A draft: no record enters it before it is activated."), "orange"],
		Active: [
			`${__("Active: records enter this version.")} ${in_it} ${__("Its plan stays as it is. To change it, make a new version.")}`,
			"green",
		],
		Archived: [`${__("Archived: no record enters this version any more.")} ${in_it}`, "blue"],
	}[frm.doc.status];
	frm.set_intro(text, color);
}

function protect_plan(frm) {
	const fields = frm.meta.fields.filter(
		({ fieldname, fieldtype, read_only }) =>
			!read_only && !CHANGEABLE.includes(fieldname) && !frappe.model.layout_fields.includes(fieldtype)
	);
	frm.toggle_enable(
		fields.map(({ fieldname }) => fieldname),
		!is_in_use(frm)
	);
}

// Buttons

function add_buttons(frm) {
	if (frm.is_new()) return;
	if (is_in_use(frm)) {
		const records = { sequence: frm.doc.name };
		frm.add_custom_button(__("Show Records"), () => frappe.set_route("List", "Sequence Enrollment", records));
	}
	if (!frm.perm[0].write) return;
	const actions = {
		Draft: [[__("Activate"), activate]],
		Active: [
			[__("New Version"), make_version],
			[__("Archive"), archive],
		],
		Archived: [[__("New Version"), make_version], ...(running_count(frm) ? [[__("Stop Records"), stop]] : [])],
	}[frm.doc.status];
	actions.forEach(([label, action]) => frm.add_custom_button(label, () => action(frm)));
	if (frm.doc.status === "Draft") frm.change_custom_button_type(__("Activate"), null, "primary");
}

async function activate(frm) {
	if (frm.is_dirty()) await frm.save();
	const question = __(
		"Let records enter this version? The one that was active is archived; records that are in it stay on it to their end."
	);
	frappe.confirm(question, () => call(frm, "activate"));
}

async function make_version(frm) {
	const { message } = await frappe.call({
		method: `${METHOD}new_version`,
		args: { sequence: frm.doc.name },
		freeze: true,
	});
	frappe.set_route("Form", "Sequence", message);
}

function archive(frm) {
	const count = running_count(frm);
	if (!count) {
		frappe.confirm(__("Let no record enter this sequence any more?"), () => call(frm, "archive"));
		return;
	}
	const choices = [
		{ value: "0", label: __("go on to the end of the plan") },
		{ value: "1", label: __("leave it now; what is open is cancelled") },
	];
	const field = {
		fieldname: "stop_running",
		fieldtype: "Select",
		label: __("No more records enter. The {0} that are in it", [count]),
		options: choices,
		default: "0",
		reqd: 1,
	};
	const archive_so = ({ stop_running }) => call(frm, "archive", { stop_running });
	frappe.prompt(field, archive_so, __("Archive {0}", [frm.doc.name]), __("Archive"));
}

function stop(frm) {
	const question = __("Let the {0} records leave this version now? What is open is cancelled.", [
		running_count(frm),
	]);
	frappe.confirm(question, () => call(frm, "archive", { stop_running: 1 }));
}

async function call(frm, method, args = {}) {
	await frappe.call({
		method: METHOD + method,
		args: { sequence: frm.doc.name, ...args },
		freeze: true,
	});
	frm.reload_doc();
}

// The plan

function follow_steps(frm) {
	frm.step_titles = Object.fromEntries(steps_of(frm).map(({ name, title }) => [name, title]));
	offer_titles(frm);
	draw(frm);
}

function steps_of(frm) {
	return frm.doc.steps || [];
}

function rename_targets(frm, old_title, new_title) {
	const is_still_there = steps_of(frm).some(({ title }) => title === old_title);
	if (!old_title || !new_title || is_still_there) return;
	offer_titles(frm);
	for (const row of steps_of(frm)) {
		TARGETS.filter((field) => row[field] === old_title).forEach((field) =>
			frappe.model.set_value(row.doctype, row.name, field, new_title)
		);
	}
}

function offer_titles(frm) {
	if (!window.lead_inbox?.sequence_designer) return;
	const titles = steps_of(frm)
		.map(({ title }) => title)
		.filter(Boolean);
	const { END } = lead_inbox.sequence_designer;
	const options = titles.map((title) => ({ value: title, label: title }));
	TARGETS.forEach((field) => offer(frm, field, [...options, { value: END, label: __(END) }]));
}

async function offer_fields(frm) {
	const { document_type } = frm.doc;
	await new Promise((resolve) => frappe.model.with_doctype(document_type, resolve));
	const fields = frappe.get_meta(document_type).fields.filter(holds_one_value);
	// two fields may have the same label
	offer(
		frm,
		"branch_field",
		fields.map(({ fieldname, label }) => ({ value: fieldname, label: `${__(label)} (${fieldname})` }))
	);
}

function holds_one_value({ fieldtype }) {
	const { is_value_type, table_fields } = frappe.model;
	return is_value_type(fieldtype) && !table_fields.includes(fieldtype) && fieldtype !== "Password";
}

/** Also in rows that are open: their controls have read their options already. */
function offer(frm, field, options) {
	const { grid } = frm.fields_dict.steps;
	grid.update_docfield_property(field, "options", options);
	grid.grid_rows.forEach((row) => row.grid_form?.fields_dict[field]?.set_data?.(options));
}

function draw(frm) {
	if (!window.lead_inbox?.sequence_designer) return;
	const host = frm.fields_dict.drawing.$wrapper.get(0);
	frm.drawing ??= new lead_inbox.sequence_designer.SequenceDrawing(host);
	frm.drawing.draw(steps_of(frm), {
		field: (name) => __(frappe.meta.get_label(frm.doc.document_type, name)),
		user: (name) => frm.doc.__onload?.full_names?.[name] || frappe.user.full_name(name),
	});
}
