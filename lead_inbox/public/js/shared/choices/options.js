// What can be chosen for a record: {pick, label, notes, disabled}.

/** @param refusal why the user may not make one, or "" */
export function new_option(label, refusal) {
	return { pick: { mode: "new" }, label, notes: refusal ? [refusal] : [], disabled: Boolean(refusal) };
}

/** @param match a record that may be the same one, with the reasons why */
export function match_option({ name, label, reasons }) {
	return { pick: existing(name), label: label || name, notes: [...(label && label !== name ? [name] : []), ...reasons] };
}

export function existing(name) {
	return { mode: "existing", name };
}

export function is_same(one, other) {
	return one.mode === other.mode && (one.name || "") === (other.name || "");
}
