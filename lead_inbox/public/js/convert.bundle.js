// Converting a lead and taking that back, from its form and from the inbox.

import { convert } from "./convert/convert";
import { undo } from "./convert/undo";

frappe.provide("lead_inbox");
lead_inbox.conversion = { convert, undo };
