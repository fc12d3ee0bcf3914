"""What an installation of this project depends on: a bench needs all of the app, any other place the command alone.

Run by hatchling, the build backend, when the project's metadata is asked for. A wheel keeps the answer of the
place where it was built; `lead_inbox[site]` names the app's dependencies anywhere.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface


class DependenciesHook(MetadataHookInterface):
	def update(self, metadata: dict[str, Any]) -> None:
		"""Called with the table `project` of pyproject.toml, to complete it."""
		of_app = metadata["optional-dependencies"]["site"] if any(map(is_in_bench, self._places())) else []
		metadata["dependencies"] = [*self.config["command-dependencies"], *of_app]

	def _places(self) -> list[Path]:
		"""The project's folder, the interpreter's environment, and where the installation was asked for.

		The folder may be a copy elsewhere, as pip makes one of a repository; its working folder is not the user's.
		"""
		return [Path(self.root), Path(sys.prefix), Path(os.environ.get("PWD") or os.getcwd())]


def is_in_bench(place: Path) -> bool:
	"""Return whether a folder is a bench, with Frappe and sites, or lies in one."""
	return any(
		(folder / "apps" / "frappe").is_dir() and (folder / "sites").is_dir()
		for folder in (place, *place.parents)
	)
