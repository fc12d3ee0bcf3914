"""Browser bundles, made by Frappe's own build when they are missing or older than their sources."""

import json

from tools.bench import APP, REPO, Bench
from tools.stamps import Stamps, app_files, key_of


def build_assets(bench: Bench) -> None:
	""":raises ToolError: with esbuild's message, if a source is wrong."""
	stamps, key = Stamps(bench), assets_key(bench)
	stale = [app for app in ("frappe", "erpnext") if not is_built(bench, app)]
	if not (is_built(bench, APP) and stamps.is_current("assets", key)):
		stale.append(APP)
	if not stale:
		return
	print(f"Building assets of {', '.join(stale)} …", flush=True)
	bench.frappe("build", "--production", "--apps", ",".join(stale))
	if APP in stale:
		stamps.remember("assets", key)


def assets_key(bench: Bench) -> str:
	"""A checkout elsewhere needs its own build, as the output lies inside it."""
	public = REPO / APP / "public"
	return key_of((path for path in app_files() if path.is_relative_to(public)), str(REPO))


def is_built(bench: Bench, app: str) -> bool:
	"""Whether every bundle that the bench lists for an app is there, and there is at least one."""
	listing = bench.sites / "assets" / "assets.json"
	if not listing.exists():
		return False
	bundles = [
		path for path in json.loads(listing.read_text()).values() if path.startswith(f"/assets/{app}/")
	]
	return bool(bundles) and all((bench.sites / path.lstrip("/")).exists() for path in bundles)
