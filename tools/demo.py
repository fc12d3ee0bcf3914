"""`make demo`: a site with sample leads, served in the background. `make stop` ends it.

Where no bench can be had, it shows what can be shown without one.
"""

from tools.app_link import link_app
from tools.assets import build_assets
from tools.bench import APP, Bench, ToolError, configured_bench
from tools.bench_setup import NoBench, ready_bench
from tools.demo_audit import audit_samples
from tools.processes import ProcessTable
from tools.services import Scheduler, Service, SocketIO, Web, Worker
from tools.sites import ADMIN_PASSWORD, Site, keep_site
from tools.storage import start_storage

DEMO_SITE = "lead-inbox.localhost"

# Frappe's page then connects to socket.io on its own port, there being no nginx to join the two.
WITHOUT_NGINX = {"DEV_SERVER": "1"}


def start_demo() -> None:
	""":raises ToolError: with what to mend."""
	try:
		bench = ready_bench()
	except NoBench as error:
		print(f"{error}\n", flush=True)
		audit_samples()
	else:
		serve(bench)


def serve(bench: Bench) -> None:
	servers = demo_servers(bench)
	for server in servers:
		server.stop()
	database = start_storage(bench)
	link_app(bench)
	build_assets(bench)
	site = Site(bench, DEMO_SITE)
	keep_site(site, database, host_name=address(bench), mute_emails=1, developer_mode=0)
	bench.run_module("tools.demo_setup", site.name)
	for server in servers:
		server.start()
	print("Sending sample leads …", flush=True)
	bench.run_module("tools.samples", site.name, str(web_port(bench)))
	print(farewell(bench))


def stop() -> None:
	"""End every process that these tools started for the bench."""
	bench = configured_bench()
	if not bench.root.exists():
		raise ToolError(f"There is no bench in {bench.root}, so nothing runs.")
	processes = ProcessTable(bench.state)
	stopped = [name for name in processes.names() if processes.stop(name, timeout_seconds=120)]
	print(f"Stopped: {', '.join(stopped)}." if stopped else "Nothing was running.")


def demo_servers(bench: Bench) -> list[Service]:
	"""In the order in which to start them."""
	return [
		Web(bench, web_port(bench), env=WITHOUT_NGINX),
		SocketIO(bench, int(bench.config().get("socketio_port", 9000))),
		Worker(bench, "worker-1"),
		Worker(bench, "worker-2"),
		Scheduler(bench),
	]


def web_port(bench: Bench) -> int:
	return int(bench.config().get("webserver_port", 8000))


def address(bench: Bench) -> str:
	return f"http://{DEMO_SITE}:{web_port(bench)}"


def farewell(bench: Bench) -> str:
	return f"""
Lead Inbox runs at  {address(bench)}/app/{APP.replace("_", "-")}
Log in as           Administrator, password {ADMIN_PASSWORD}
       or as        jun@lead-inbox.example or sara@lead-inbox.example (sales), password {ADMIN_PASSWORD}
Mail is queued and not sent. Logs: {bench.state / "log"}
Stop with           make stop
"""
