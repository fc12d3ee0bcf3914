"""`bench --site … lead-inbox`: the command by the settings of a site. Frappe finds it here by the list's name."""

from __future__ import annotations

import os
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import frappe
from frappe.utils import get_system_timezone

from lead_inbox.audit.command import command_group
from lead_inbox.audit.surroundings import Surroundings

APP = "lead_inbox"


def surroundings_of_site() -> Surroundings:
	"""Return what holds on the site that the command names. Raises UsageError where there is none with the app."""
	sites = click.get_current_context().obj["sites"]
	if len(sites) != 1:
		raise click.UsageError("Name one site: bench --site NAME lead-inbox audit FILE...")
	try:
		frappe.init(sites[0])
		frappe.connect()
		return _read_surroundings(sites[0])
	except frappe.IncorrectSitePath:
		raise click.UsageError(f"There is no site {sites[0]} in this bench.") from None
	finally:
		frappe.destroy()


def _read_surroundings(site: str) -> Surroundings:
	# imported here, as `bench` loads this module for each of its commands
	from lead_inbox.inbox.aging import default_days
	from lead_inbox.inbox.identity import region_of

	if APP not in frappe.get_installed_apps():
		raise click.UsageError(f"Lead Inbox is not installed on {site}.")
	return Surroundings(
		zone=ZoneInfo(get_system_timezone()),
		days=default_days(),
		country=region_of(None) or "",
		folder=_folder_of_user(),
	)


def _folder_of_user() -> Path:
	"""Return where the user typed the command: bench goes to the folder of its sites before it runs it."""
	return Path(os.environ.get("PWD") or os.getcwd())


commands = [command_group(surroundings_of_site)]
