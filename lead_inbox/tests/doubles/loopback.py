"""An HTTP server of this machine, for programs that stand in for somebody else's service."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def served(handler: type[BaseHTTPRequestHandler]) -> Iterator[int]:
	"""Answer requests until the block ends; give the port."""
	server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
	server.daemon_threads = True
	thread = threading.Thread(target=server.serve_forever)
	thread.start()
	try:
		yield server.server_port
	finally:
		server.shutdown()
		thread.join()
		server.server_close()
