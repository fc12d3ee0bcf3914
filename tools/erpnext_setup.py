"""Complete ERPNext's setup wizard on a new site. Run by the bench's Python from the sites folder."""

import sys

import frappe
from frappe.desk.page.setup_wizard.setup_wizard import setup_complete
from frappe.utils import getdate

COMPANY = "Lead Inbox Demo"


def main(site: str) -> None:
	frappe.init(site=site)
	frappe.connect()
	try:
		set_up_company()
		quiet_down()
		frappe.db.commit()
	finally:
		frappe.destroy()


def set_up_company() -> None:
	year = getdate().year
	setup_complete(
		{
			"language": "English",
			"country": "United States",
			"timezone": "America/New_York",
			"currency": "USD",
			"company_name": COMPANY,
			"company_abbr": "LID",
			"chart_of_accounts": "Standard",
			"fy_start_date": f"{year}-01-01",
			"fy_end_date": f"{year}-12-31",
			"setup_demo": 0,
			"enable_telemetry": 0,
		}
	)
	if not frappe.is_setup_complete():
		raise SystemExit("ERPNext's setup wizard did not complete.")


def quiet_down() -> None:
	"""No scheduled jobs and no tours on copies of this site, unless one asks for them."""
	for field in ("enable_scheduler", "enable_onboarding"):
		if frappe.get_meta("System Settings").has_field(field):
			frappe.db.set_single_value("System Settings", field, 0)


if __name__ == "__main__":
	main(sys.argv[1])
