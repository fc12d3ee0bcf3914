// A plan as a drawing: an ordered list of steps, laid out in levels and lanes, with arrows behind it. Where
// there is no room for the lanes it is a plain list, which says in words where each step leads.

import { kind_icon, kind_label } from "../work/kinds";
import { draw_arrows } from "./arrows";
import { read_plan } from "./plan";
import { exit_label, problem_label, question_label, wait_label, who_label } from "./wording";

const LANE_PX = 176;

export class SequenceDrawing {
	/** host: the element to draw in. */
	constructor(host) {
		this.canvas = make("div", "sequence-plan");
		this.svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
		this.svg.setAttribute("aria-hidden", "true");
		host.replaceChildren(this.canvas);
		this.boxes = [];
		new ResizeObserver(() => this.lay_out()).observe(host);
	}

	/** rows: of Sequence Step. names: what a reader knows a `field` of the record and a `user` by; functions. */
	draw(rows, names) {
		this.boxes = read_plan(rows);
		const list = make("ol", "plan-steps");
		list.setAttribute("role", "list"); // its display takes the role from it in some browsers
		list.setAttribute("aria-label", __("The plan"));
		for (const box of this.boxes) {
			box.element = box.end ? end_element(box) : step_element(box, names);
			box.element.style.gridArea = `${box.level + 1} / ${box.lane + 1}`;
		}
		list.append(...this.boxes.filter(({ end }) => !end).map(({ element }) => element));
		const ends = this.boxes.filter(({ end }) => end).map(({ element }) => element);
		this.canvas.replaceChildren(this.svg, list, ...ends);
		this.lay_out();
	}

	lay_out() {
		const width = this.canvas.clientWidth;
		if (!width || !this.boxes.length) return;
		const lanes = Math.max(...this.boxes.map(({ lane }) => lane)) + 1;
		this.canvas.style.setProperty("--plan-lanes", lanes);
		this.canvas.classList.toggle("is-list", lanes > 1 && lanes * LANE_PX > width);
		draw_arrows(this.svg, this.canvas, this.boxes);
	}
}

function step_element(box, names) {
	const { row, number } = box;
	const step = make("li", "plan-step");
	const title = make("span", "plan-title", row.title || __("Step {0}", [number]));
	const head = make("div", "plan-head");
	head.append(icon(kind_icon(row.kind)), make("span", "plan-number", `${number}.`), title);
	step.append(
		make("div", "plan-wait", wait_label(row)),
		head,
		make("div", "plan-who", `${kind_label(row.kind)} · ${who_label(row, names)}`)
	);
	const question = question_label(row, names);
	if (question) step.append(make("div", "plan-question", question));
	const problem = problem_label(box);
	if (problem) step.append(make("div", "plan-problem", problem));
	step.classList.toggle("is-wrong", Boolean(problem));
	step.append(exits_element(box));
	return step;
}

/** For those who don't see the arrows. */
function exits_element({ exits }) {
	const list = make("ul", "plan-exits");
	list.append(...exits.map((exit) => make("li", `is-${exit.answer}`, exit_label(exit))));
	return list;
}

function end_element({ end, title }) {
	const label = end === "unknown" ? title : __("End");
	const element = make("div", end === "unknown" ? "plan-end is-wrong" : "plan-end", label);
	element.setAttribute("aria-hidden", "true");
	return element;
}

function icon(name) {
	const holder = make("span", "plan-icon");
	$(frappe.utils.icon(name, "sm")).appendTo(holder); // Frappe's own markup; name is a constant of ours
	return holder;
}

function make(tag, css_class, text = "") {
	const element = document.createElement(tag);
	element.className = css_class;
	element.textContent = text;
	return element;
}
