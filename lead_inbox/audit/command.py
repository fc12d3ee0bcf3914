"""The command `lead-inbox audit`: its options, what it writes where, and its exit status.

Exit status 0 when there is a report, 1 when nothing could be read or the report could not be made, 2 when an
option is wrong.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from lead_inbox.audit.options.holidays import read_holidays
from lead_inbox.audit.options.hours import read_hours
from lead_inbox.audit.options.values import read_as_of, read_country, read_days, read_zone
from lead_inbox.audit.output import check_output, opened_output
from lead_inbox.audit.progress import ProgressLine
from lead_inbox.audit.settings import DEFAULT_DAYS, Settings
from lead_inbox.audit.surroundings import Surroundings, surroundings_of_machine
from lead_inbox.audit.told import Unreadable
from lead_inbox.inbox.response.working_time import Calendar

# Imported when one is written, with what they need: `bench` loads this module for each of its commands.
REPORTS = {
	"text": "lead_inbox.audit.report.text",
	"json": "lead_inbox.audit.report.json_report",
	"html": "lead_inbox.audit.report.html",
}

GROUP_HELP = "Lead Inbox on an export of your leads: see what the app would do with them."
AUDIT_HELP = """Read exports of leads and say what Lead Inbox would do with them.

FILE is an export of Google Local Services (CSV or JSON), of Google Ads lead forms (CSV), of ERPNext's leads (CSV),
or lines of Lead Inbox events (JSON Lines or CSV). Several files are taken together: a lead that is in two of them
is one lead.

Nothing is sent anywhere and nothing is changed.
"""

PARAMETERS: Sequence[click.Parameter] = (
	click.Argument(["files"], nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path)),
	click.Option(
		["--days"],
		metavar="N,N",
		help="Days until an unanswered and until a quiet lead comes to rest. "
		f"[default: {DEFAULT_DAYS.unanswered},{DEFAULT_DAYS.quiet}; in a bench the site's]",
	),
	click.Option(
		["--hours"],
		metavar="HOURS",
		help='When you are open, such as "Mon-Fri 09:00-12:30 13:30-17:00, Sat 10:00-13:00". '
		"[default: at all hours]",
	),
	click.Option(
		["--holidays"],
		metavar="DATES|FILE",
		help="Days on which you are closed: 2026-12-25,2027-01-01, or a file with a date a line, or an .ics file.",
	),
	click.Option(
		["--as-of"],
		metavar="MOMENT",
		help="Judge as of the end of a day, 2026-11-28, or of a moment, 2026-11-28T14:00. [default: now]",
	),
	click.Option(
		["--zone"],
		metavar="ZONE",
		help="Time zone of your hours and of times that name none, such as Europe/Athens. "
		"[default: this machine's; in a bench the site's]",
	),
	click.Option(
		["--country"],
		metavar="CODE",
		help="Country of phone numbers without a country code, such as GR. [default: none; in a bench the site's]",
	),
	click.Option(
		["report_format", "--format"],
		type=click.Choice(list(REPORTS)),
		default="text",
		show_default=True,
		help="Text to read here, JSON with all lists whole, or one HTML file with charts.",
	),
	click.Option(
		["--output", "-o"],
		metavar="FILE",
		type=click.Path(path_type=Path),
		help="Write the report to a file. [default: to the screen]",
	),
)


def command_group(surroundings: Callable[[], Surroundings]) -> click.Group:
	"""Return the command `lead-inbox`. surroundings: asked when it runs; may raise a ClickException."""
	audit = click.Command(
		"audit",
		params=list(PARAMETERS),
		callback=partial(run_audit, surroundings),
		help=AUDIT_HELP,
		short_help="Say what Lead Inbox would do with your leads.",
	)
	return click.Group("lead-inbox", commands=[audit], help=GROUP_HELP)


def main() -> None:
	"""The script `lead-inbox`, outside a bench."""
	command_group(surroundings_of_machine).main(prog_name="lead-inbox")


def run_audit(
	surroundings: Callable[[], Surroundings],
	files: Sequence[Path],
	days: str | None,
	hours: str | None,
	holidays: str | None,
	as_of: str | None,
	zone: str | None,
	country: str | None,
	report_format: str,
	output: Path | None,
) -> None:
	"""Read the options, audit, write the report. Raises ClickException, in words for the user."""
	here = surroundings()
	audit_zone = read_zone(zone) if zone is not None else here.zone
	settings = Settings(
		as_of=read_as_of(as_of, audit_zone) if as_of is not None else _now(audit_zone),
		calendar=Calendar(
			zone=audit_zone,
			site_zone=audit_zone,
			week=read_hours(hours) if hours is not None else (),
			holidays=read_holidays(holidays, here.folder) if holidays is not None else frozenset(),
		),
		days=read_days(days) if days is not None else here.days,
		country=read_country(country) if country is not None else here.country,
	)
	paths = [here.folder / file for file in files]
	target = here.folder / output if output else None
	if target:
		check_output(target, paths)
	write_report(paths, settings, report_format, target)


def write_report(paths: Sequence[Path], settings: Settings, report_format: str, target: Path | None) -> None:
	"""target: None for standard output. Raises ClickException."""
	auditing = import_module("lead_inbox.audit.auditing")
	report = import_module(REPORTS[report_format])
	try:
		with ProgressLine(sys.stderr) as progress, auditing.audit(paths, settings, progress.show) as found:
			progress.clear()
			with opened_output(target, as_seen=report_format == "text") as out:
				report.write(*found, out)
	except Unreadable as error:
		raise click.ClickException(str(error)) from error
	except BrokenPipeError:  # whoever read the report has enough, as `head` has; click ends quietly
		raise
	except (OSError, sqlite3.Error) as error:
		raise click.ClickException(
			f"The report could not be made: {error}. The work file needs about as much room as the exports, "
			f"in {tempfile.gettempdir()}; set TMPDIR for another folder."
		) from error
	if target:
		click.echo(f"Written: {target}", err=True)


def _now(zone: ZoneInfo) -> datetime:
	return datetime.now(zone).replace(tzinfo=None, microsecond=0)
