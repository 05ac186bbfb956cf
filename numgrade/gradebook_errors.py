"""What databases say, in words for a person, and what is worth another try."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from nbgrader.api import InvalidEntry
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, SQLAlchemyError

from numgrade.errors import CourseError, InfrastructureError

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROLLED_BACK = "40"
"""The class of SQLSTATE of what a server took back in favour of somebody else."""

_HELD = {
    "55P03",
    "57014",
}  # lock_not_available, query_canceled: a lock or a statement took too long
_FULL = "53100"  # disk_full

_SECRETS = ("password", "sslpassword")


@contextmanager
def explained(db_url: str) -> Iterator[None]:
    """Turn what goes wrong with a database into a message without its password.

    Raises
    ------
    CourseError
        If the package that speaks to this kind of database is not installed.
    InfrastructureError
        If the database cannot be used.
    """
    try:
        yield
    except ImportError as error:
        raise CourseError(
            f"The gradebook {_place(db_url)} needs the package {error.name!r}, which is not "
            "installed here. For PostgreSQL: pip install 'numgrade[postgresql]', and begin "
            "c.CourseDirectory.db_url with postgresql+psycopg://"
        ) from error
    except (SQLAlchemyError, InvalidEntry) as error:
        said = " ".join(str(getattr(error, "orig", None) or error).split()).rstrip(".")
        raise InfrastructureError(
            f"The gradebook {_place(db_url)} cannot be used: {said}. {_advice(error)}"
        ) from error


def _advice(error: Exception) -> str:
    """Return what is to be done about an error of the database."""
    original = getattr(error, "orig", None)
    code = getattr(original, "sqlite_errorcode", 0) & 0xFF  # without details
    state = getattr(original, "sqlstate", None) or ""
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED} or state in _HELD:
        return "Another program holds it: close that program, or wait until it has ended."
    if code == sqlite3.SQLITE_FULL or state == _FULL:
        return "Make room there."
    return (
        "Check c.CourseDirectory.db_url and the rights on it; after an upgrade of nbgrader, back "
        "it up and run `nbgrader db upgrade`."
    )


def is_passing(error: BaseException | None) -> bool:
    """Tell whether the same may succeed when it is tried again at once.

    That is so where somebody else, nbgrader itself say, has written the same rows in between, and
    where the server has closed the connection: there may be a new one.
    """
    if isinstance(error, IntegrityError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    state = getattr(error.orig, "sqlstate", None) or ""
    return error.connection_invalidated or state.startswith(_ROLLED_BACK)


def _place(db_url: str) -> str:
    """Return the address without its password, which may stand in the query, too."""
    try:
        return (
            make_url(db_url).difference_update_query(_SECRETS).render_as_string(hide_password=True)
        )
    except ArgumentError:
        return "of c.CourseDirectory.db_url"
