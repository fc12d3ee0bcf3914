"""One worker of the sequences row: advances what is due as the job does, once it is told to begin.

Arguments: the site, and for how many seconds at most. Run in the folder of the sites.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import frappe

from lead_inbox.sequences.enrollment import engine

READY, BEGIN = "ready", "begin"


def main(arguments: Sequence[str]) -> int:
	"""Returns an exit status: 1 when the time ran out before the work."""
	site, seconds = arguments
	frappe.init(site=site, sites_path=".")
	frappe.connect()
	try:
		print(READY, flush=True)
		sys.stdin.readline()
		return 0 if engine.advance_due(float(seconds)) else 1
	finally:
		frappe.destroy()


if __name__ == "__main__":
	sys.exit(main(sys.argv[1:]))
