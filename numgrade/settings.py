"""What an instructor can set in nbgrader_config.py."""

from __future__ import annotations

import msgspec
from traitlets import Bool, Float, Integer
from traitlets.config import Config, Configurable


class LimitValues(msgspec.Struct, frozen=True, kw_only=True):
    """The limits as plain values, as they travel to graders and workers."""

    cell_seconds: float = 10.0
    check_seconds: float = 5.0
    submission_seconds: float = 60.0
    memory_mb: int = 512
    scratch_mb: int = 16
    output_bytes: int = 1_000_000
    render_all_figures: bool = False
    skip_show_only: bool = True


_DEFAULTS = LimitValues()


class Limits(Configurable):
    """Limits on student code, as `c.Limits.<name> = value` in nbgrader_config.py."""

    cell_seconds = Float(
        _DEFAULTS.cell_seconds, min=0.01, help="Wall time of one notebook cell, in seconds."
    ).tag(config=True)
    check_seconds = Float(
        _DEFAULTS.check_seconds, min=0.01, help="Wall time of one hidden check, in seconds."
    ).tag(config=True)
    submission_seconds = Float(
        _DEFAULTS.submission_seconds, min=0.01, help="Wall time of one submission, in seconds."
    ).tag(config=True)
    memory_mb = Integer(
        _DEFAULTS.memory_mb, min=16, help="Memory beyond NumPy's and IPython's own, in MB."
    ).tag(config=True)
    scratch_mb = Integer(
        _DEFAULTS.scratch_mb, min=1, help="Size of the private scratch folder, in MB."
    ).tag(config=True)
    output_bytes = Integer(
        _DEFAULTS.output_bytes, min=0, help="Output kept of one cell, in bytes."
    ).tag(config=True)
    render_all_figures = Bool(
        default_value=_DEFAULTS.render_all_figures,
        help="Render the figures of all cells, not only of those that a person will look at.",
    ).tag(config=True)
    skip_show_only = Bool(
        default_value=_DEFAULTS.skip_show_only,
        help="Skip the cells that the author tagged 'show-only'.",
    ).tag(config=True)

    @classmethod
    def from_config(cls, config: Config) -> LimitValues:
        """Return the limits that a loaded configuration asks for.

        Raises
        ------
        traitlets.TraitError
            If a value is of the wrong type or out of range.
        """
        limits = cls(config=config)
        return LimitValues(
            **{name: getattr(limits, name) for name in LimitValues.__struct_fields__}
        )
