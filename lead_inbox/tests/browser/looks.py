"""The themes and sizes in which a person looks at a page, and what a program can see of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from lead_inbox.tests.browser import staging
from lead_inbox.tests.browser.inbox_page import NARROW, WIDE
from tools.live import ServedSite

Screenshot = Callable[[Page, str], Path]
# (desk theme, options of Playwright's context)
LOOKS: dict[str, tuple[str, dict[str, Any]]] = {
	"wide": ("Light", WIDE),
	"narrow": ("Light", NARROW),
	"dark": ("Dark", WIDE),
}


@contextmanager
def desk_theme(served_site: ServedSite, user: str, theme: str) -> Iterator[None]:
	"""What the user opens meanwhile is drawn in this theme."""
	served_site.run(lambda: staging.set_user(user, desk_theme=theme))
	try:
		yield
	finally:
		served_site.run(lambda: staging.set_user(user, desk_theme="Light"))


def brightness(page: Page, selector: str, style: str) -> float:
	"""0 (black) to 255 (white). What is transparent shows the page behind it, which is checked too."""
	color = page.locator(selector).first.evaluate(f"element => getComputedStyle(element).{style}")
	parts = [float(part) for part in color[color.index("(") + 1 : -1].split(",")]
	return sum(parts[:3]) / 3
