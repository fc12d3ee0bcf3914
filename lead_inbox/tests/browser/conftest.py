"""Browser tests: Chromium on a site served by real processes, live updates included.

`make test` prepares and serves the site and names it in the environment.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from lead_inbox.tests.browser import staging
from lead_inbox.tests.browser.looks import LOOKS, Screenshot, desk_theme
from lead_inbox.tests.doubles import smtp
from tools.bench import REPO
from tools.live import ServedSite
from tools.sites import ADMIN_PASSWORD

SCREENSHOTS = Path(os.environ.get("LEAD_INBOX_SCREENSHOTS") or REPO / "screenshots")
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_OPTIONS = (
	"--no-sandbox",
	"--disable-gpu",
	"--disable-quic",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
)

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def served_site() -> ServedSite:
	try:
		site, port, path = (
			os.environ[name] for name in ("FRAPPE_TEST_SITE", "LEAD_INBOX_PORT", "SITES_PATH")
		)
	except KeyError as error:
		pytest.exit(f"{error} is not set. Run `make test`.", returncode=4)
	os.chdir(path)  # Frappe looks for logs and sites relative to the working folder
	served = ServedSite(site, int(port), path)
	served.run(staging.prepare)
	return served


@pytest.fixture(scope="session")
def mail_server(served_site: ServedSite) -> Iterator[smtp.MailServer]:
	"""Takes what the site's worker sends, in every test: replies go out as on a real site."""
	with smtp.mail_server() as server:
		served_site.run(staging.send_mail_to, server.port)
		yield server


@pytest.fixture(autouse=True)
def empty_inbox(served_site: ServedSite, mail_server: smtp.MailServer) -> None:
	served_site.run(staging.empty_inbox)
	mail_server.mails.clear()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
	program = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
	if not program:
		pytest.exit("No Chromium: install `chromium` or `google-chrome`.", returncode=4)
	expect.set_options(timeout=15_000)  # the desk's first page takes some seconds
	with sync_playwright() as playwright:
		chromium = playwright.chromium.launch(executable_path=program, args=list(CHROMIUM_OPTIONS))
		yield chromium
		chromium.close()


@pytest.fixture
def open_page(
	browser: Browser, served_site: ServedSite, request: pytest.FixtureRequest
) -> Iterator[OpenPage]:
	"""Opens a page of its own session: open_page(path, user, password, **options of Playwright's context).

	A test fails when a script of one of its pages threw; a failed test leaves screenshots.
	"""
	pages: list[Page] = []
	thrown: list[str] = []

	def open_one(
		path: str, user: str = "Administrator", password: str = ADMIN_PASSWORD, **options: Any
	) -> Page:
		context = browser.new_context(base_url=served_site.url, **options)
		session = served_site.log_in(user, password)
		context.add_cookies([{"name": "sid", "value": session, "url": served_site.url}])
		page = context.new_page()
		page.on("pageerror", lambda error: thrown.append(str(error)))
		page.goto(path)
		pages.append(page)
		return page

	yield open_one
	report = getattr(request.node, "report_of_call", None)
	for number, page in enumerate(pages):
		if report is None or report.failed or thrown:
			page.screenshot(path=screenshot_path(f"failed-{request.node.name}-{number}"))
		page.context.close()
	assert not thrown, f"Scripts of the page threw: {thrown}"


@pytest.fixture
def page(open_page: OpenPage) -> Page:
	"""The inbox page, open for the Administrator, wide."""
	return open_page("/app/lead-inbox", viewport={"width": 1440, "height": 860})


@pytest.fixture(params=LOOKS)
def look(request: pytest.FixtureRequest, served_site: ServedSite) -> Iterator[str]:
	"""Each of LOOKS, by its name; Sara's desk has its theme."""
	theme, _size = LOOKS[request.param]
	with desk_theme(served_site, staging.SARA, theme):
		yield request.param


@pytest.fixture
def screenshot() -> Screenshot:
	"""Saves a picture of a page for a person to look at: screenshot(page, name)."""

	def save(page: Page, name: str) -> Path:
		path = screenshot_path(name)
		page.screenshot(path=path)
		return path

	return save


def screenshot_path(name: str) -> Path:
	SCREENSHOTS.mkdir(parents=True, exist_ok=True)
	return SCREENSHOTS / f"{''.join(sign if sign.isalnum() or sign in '-_' else '_' for sign in name)}.png"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
	"""Lets fixtures know, while they are torn down, whether the test has failed."""
	report = yield
	if report.when == "call":
		item.report_of_call = report
	return report


@pytest.fixture
def customer(browser: Browser, served_site: ServedSite) -> Iterator[OpenPage]:
	"""Opens a page for somebody without a login."""
	contexts = []

	def visit(path: str, **options: object) -> Page:
		context = browser.new_context(base_url=served_site.url, **options)
		contexts.append(context)
		page = context.new_page()
		page.goto(path)
		return page

	yield visit
	for context in contexts:
		context.close()
