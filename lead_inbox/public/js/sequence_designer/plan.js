// The plan that the rows of a sequence describe: its steps, the ways between them, and where each one is drawn.
// Rows are drawn while somebody writes them, so a plan may lead in circles or nowhere here.

export const END = "End";

/**
 * Returns the boxes of a drawing in the order of the rows, the ends last.
 *
 * A step's box has its row, number, exits, and whether no record comes to it; an end's has `end`: "end", or
 * "unknown" with the title that no step has. level and lane, from 0, are its row and column in the drawing.
 * An exit has answer ("yes", "no", "either" or "then"), the box that it leads to, and whether it leads back.
 */
export function read_plan(rows) {
	const steps = rows.map((row, index) => ({ row, number: index + 1, exits: [] }));
	const ends = steps.flatMap((step) => connect(step, steps));
	steps.slice(0, 1).forEach((first) => visit(first));
	steps.forEach((step) => (step.is_unreached = !step.is_visited));
	steps.forEach((step) => visit(step));
	place_levels(steps);
	place_lanes([...steps, ...ends]);
	return [...steps, ...ends];
}

/** Adds the exits of a step and returns the boxes of the ends that they lead to. */
function connect(step, steps) {
	const { row } = step;
	const after = steps[step.number]?.row.title ?? END;
	const no = row.next_step || after;
	const yes = row.branch_on ? row.yes_step || after : no;
	const answers = yes === no ? [[row.branch_on ? "either" : "then", no]] : [["no", no], ["yes", yes]];
	step.exits = answers.map(([answer, title]) => ({ answer, to: find_box(title, step, steps) }));
	return step.exits.map(({ to }) => to).filter((box) => box.end);
}

function find_box(title, step, steps) {
	const following = steps[step.number];
	if (following?.row.title === title) return following;
	if (title === END) return { end: "end", exits: [] };
	return steps.find(({ row }) => row.title === title) || { end: "unknown", title, exits: [] };
}

/** Walks on from a step, once, and marks the exits that lead back to a step on the way to them. */
function visit(box) {
	if (box.is_visited) return;
	box.is_visited = box.is_on_way = true;
	for (const exit of box.exits) {
		exit.is_back = Boolean(exit.to.is_on_way);
		visit(exit.to);
	}
	box.is_on_way = false;
}

/** A box stands below all that lead to it. */
function place_levels(steps) {
	const place = (box, level) => {
		if (box.level >= level) return;
		box.level = level;
		box.exits.filter((exit) => !exit.is_back).forEach((exit) => place(exit.to, level + 1));
	};
	steps.forEach((step) => place(step, 0));
}

/** What follows stays in its lane; what comes after a yes takes the next one. */
function place_lanes(boxes) {
	const taken = new Set();
	const by_level = [...boxes].sort((one, other) => one.level - other.level);
	for (const box of by_level) {
		box.lane = box.wished_lane ?? 0;
		while (taken.has(`${box.level}/${box.lane}`)) box.lane += 1;
		taken.add(`${box.level}/${box.lane}`);
		for (const { answer, to } of box.exits) to.wished_lane ??= box.lane + (answer === "yes" ? 1 : 0);
	}
}
