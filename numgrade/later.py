"""Modules that are loaded when they are first used, not when they are imported.

Most notebooks import Matplotlib, and few draw: where nothing is drawn, it is not loaded. Python's
own `importlib.util.LazyLoader` cannot be used: to import a module that it has put off loads it.
"""

from __future__ import annotations

import contextlib
import io
import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_THEN = "_numgrade_then"


class Later(ModuleType):
    """A module of which only the name, the place and the like are known so far."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the module has
        """Load the module, which from then on is like any other, and return what it has."""
        _load(self)
        return getattr(self, name)

    def __dir__(self) -> list[str]:
        """Load the module and list what it has."""
        _load(self)
        return dir(self)


def put_off(name: str, then: Callable[[], None] | None = None) -> None:
    """Have a module loaded when something of it is first used, and be importable until then.

    Parameters
    ----------
    name : str
        The module; its package, if it has one, must have been imported or put off before.
    then : callable, optional
        Called once it is loaded.

    Raises
    ------
    ModuleNotFoundError
        If there is none.
    """
    package, _, last = name.rpartition(".")
    parent = sys.modules[package] if package else None
    spec = PathFinder.find_spec(name, list(parent.__path__) if parent else None)
    if spec is None:
        raise ModuleNotFoundError(name=name)
    module = module_from_spec(spec)
    module.__dict__[_THEN] = then
    module.__class__ = Later
    sys.modules[name] = module
    if parent:
        setattr(parent, last, module)


def is_loaded(name: str) -> bool:
    """Tell whether a module has been imported and is not put off."""
    return name in sys.modules and not isinstance(sys.modules[name], Later)


def _load(module: ModuleType) -> None:
    module.__class__ = ModuleType
    spec, then = module.__spec__, module.__dict__.pop(_THEN)
    try:
        # What it says meanwhile would have been said to nobody, had it been loaded before.
        with contextlib.redirect_stderr(io.StringIO()):
            spec.loader.exec_module(module)  # type: ignore[union-attr] # it was found by its path
    except BaseException:
        module.__dict__[_THEN] = then
        module.__class__ = Later
        raise
    if then is not None:
        then()
