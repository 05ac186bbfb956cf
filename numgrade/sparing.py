"""Keep nbgrader from importing what takes seconds and what none of our commands uses."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

_EXTENSIONS = ("assignment_list", "course_list", "validate_assignment", "formgrader")
_UNUSED = {
    # nbgrader itself loads its extensions of the Jupyter server, with all of the server
    **{
        f"nbgrader.server_extensions.{name}": ("load_jupyter_server_extension",)
        for name in _EXTENSIONS
    },
    # its helpers for archives and for JupyterHub
    "setuptools.archive_util": ("unpack_archive", "unpack_tarfile", "unpack_zipfile"),
    "requests": (),
}
_NOT_THERE = ("rfc3986_validator", "rfc3987_syntax", "isoduration")
"""jsonschema compiles the grammars of formats that no notebook has, and can do without."""

_USERS = ("nbgrader.coursedir", "nbgrader.auth")
"""What would import all that; they come with everything of nbgrader's that we use."""


def import_less() -> None:
    """Import nbgrader without what it only needs in other programs."""
    stand_ins: dict[str, ModuleType | None] = dict.fromkeys(_NOT_THERE)
    for name, attributes in _UNUSED.items():
        empty = stand_ins[name] = ModuleType(name)
        empty.__dict__.update(dict.fromkeys(attributes))
    missing = {name: each for name, each in stand_ins.items() if name not in sys.modules}
    sys.modules.update(missing)  # type: ignore[arg-type] # None: there is no such module
    try:
        for name in _USERS:
            importlib.import_module(name)
    finally:
        for name in missing:
            del sys.modules[name]
