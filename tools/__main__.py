"""The commands behind the Makefile: python3 -m tools demo|stop|test|lint|perf [arguments]

Arguments of `test`: any of unit, integration, browser; anything else goes to pytest.
"""

import signal
import sys
from collections.abc import Sequence

from tools.bench import ToolError
from tools.check import run_tests
from tools.demo import start_demo, stop
from tools.lint import run_lint
from tools.perf import run_perf


def main(arguments: Sequence[str]) -> int:
	"""Returns an exit status."""
	match list(arguments):
		case ["demo"]:
			start_demo()
			return 0
		case ["stop"]:
			stop()
			return 0
		case ["lint"]:
			return run_lint()
		case ["test", *rest]:
			return run_tests(rest)
		case ["perf", *rest]:
			return run_perf(rest)
	print(__doc__, file=sys.stderr)
	return 2


if __name__ == "__main__":
	signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is stopped
	try:
		sys.exit(main(sys.argv[1:]))
	except ToolError as error:
		sys.exit(f"\n{error}")
	except KeyboardInterrupt:
		sys.exit(130)
