// The drawing on the form of a Sequence.

import { SequenceDrawing } from "./sequence_designer/drawing";
import { END } from "./sequence_designer/plan";

frappe.provide("lead_inbox");
lead_inbox.sequence_designer = { SequenceDrawing, END };
