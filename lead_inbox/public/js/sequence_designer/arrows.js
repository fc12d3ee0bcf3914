// The arrows between the boxes of a plan. They run where no box is: in the gaps between levels and lanes.

import { answer_label } from "./wording";

const SVG = "http://www.w3.org/2000/svg";
const CORNER = 7;
const BESIDE = 6; // how far arrows keep apart that share a gap

/** Draws all ways into an svg that covers the canvas. boxes: of read_plan, with their elements. */
export function draw_arrows(svg, canvas, boxes) {
	const space = measure(canvas, boxes);
	svg.setAttribute("width", canvas.scrollWidth);
	svg.setAttribute("height", canvas.scrollHeight);
	const drawn = boxes.flatMap((box) => box.exits.map((exit) => draw_exit(box, exit, space)));
	svg.replaceChildren(arrow_head("plan-arrow-head"), arrow_head("plan-arrow-head-wrong"), ...drawn.flat());
}

function measure(canvas, boxes) {
	const origin = canvas.getBoundingClientRect();
	const style = getComputedStyle(canvas);
	const rects = new Map();
	const tops = [];
	for (const box of boxes) {
		const { left, top, width, bottom } = box.element.getBoundingClientRect();
		const rect = { left: left - origin.left, top: top - origin.top, width, bottom: bottom - origin.top };
		rect.middle = rect.left + width / 2;
		rects.set(box, rect);
		tops[box.level] = rect.top;
	}
	return {
		rects,
		tops,
		side: style.direction === "rtl" ? -1 : 1,
		row_gap: parseFloat(style.rowGap),
		lane_gap: parseFloat(style.columnGap),
		shared: 0,
	};
}

function draw_exit(box, exit, space) {
	const start = start_of(box, exit, space);
	const path = element("path", {
		d: rounded([start, ...route(box, exit, start, space)]),
		class: is_wrong(exit) ? "plan-arrow is-wrong" : "plan-arrow",
		"marker-end": `url(#plan-arrow-head${is_wrong(exit) ? "-wrong" : ""})`,
	});
	const text = element("text", {
		x: start.x + BESIDE,
		y: start.y + 14,
		class: `plan-answer is-${exit.answer}`,
	});
	text.textContent = answer_label(exit.answer);
	return [path, text];
}

function is_wrong({ is_back, to }) {
	return is_back || to.end === "unknown";
}

/** Straight down in one's own lane; another answer leaves beside that one, on the side that it goes to. */
function start_of(box, exit, { rects, side }) {
	const { middle, width, bottom } = rects.get(box);
	const goes_straight = is_next(box, exit) && exit.to.lane === box.lane;
	if (goes_straight || box.exits.length === 1) return { x: middle, y: bottom };
	const way = exit.to.lane < box.lane ? -side : side;
	return { x: middle + (way * width) / 3.5, y: bottom };
}

function is_next(box, { to }) {
	return to.level === box.level + 1;
}

function route(box, exit, start, space) {
	const { rects, tops, side, row_gap, lane_gap } = space;
	const target = rects.get(exit.to);
	const end = { x: target.middle, y: target.top - 2 };
	if (is_next(box, exit) && start.x === end.x) return [end];
	space.shared += 1;
	const apart = ((space.shared % 3) - 1) * BESIDE;
	const above_target = target.top - row_gap / 2 + apart;
	if (is_next(box, exit)) return [{ x: start.x, y: above_target }, { x: end.x, y: above_target }, end];
	const own = rects.get(box);
	const below = (tops[box.level + 1] ?? own.bottom + row_gap) - row_gap / 2 + apart;
	const way = exit.to.lane < box.lane ? -side : side;
	const gutter = own.middle + way * (own.width / 2 + lane_gap / 2) + apart;
	return [
		{ x: start.x, y: below },
		{ x: gutter, y: below },
		{ x: gutter, y: above_target },
		{ x: end.x, y: above_target },
		end,
	];
}

/** A path along points that are connected by horizontal and vertical lines. */
function rounded(points) {
	const parts = [`M ${points[0].x} ${points[0].y}`];
	for (let at = 1; at < points.length - 1; at += 1) {
		const before = toward(points[at], points[at - 1]);
		const after = toward(points[at], points[at + 1]);
		parts.push(`L ${before.x} ${before.y} Q ${points[at].x} ${points[at].y} ${after.x} ${after.y}`);
	}
	const last = points[points.length - 1];
	return `${parts.join(" ")} L ${last.x} ${last.y}`;
}

function toward(corner, point) {
	const length = Math.abs(point.x - corner.x) + Math.abs(point.y - corner.y);
	const part = length ? Math.min(CORNER, length / 2) / length : 0;
	return { x: corner.x + (point.x - corner.x) * part, y: corner.y + (point.y - corner.y) * part };
}

function arrow_head(id) {
	const marker = element("marker", {
		id,
		viewBox: "0 0 8 8",
		refX: 7,
		refY: 4,
		markerWidth: 8,
		markerHeight: 8,
		orient: "auto",
	});
	marker.append(element("path", { d: "M 0 0 L 8 4 L 0 8 z" }));
	return marker;
}

function element(tag, attributes) {
	const made = document.createElementNS(SVG, tag);
	Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
	return made;
}
