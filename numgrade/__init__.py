"""Grade notebooks of numerical courses, with the verdict made outside the student's process."""

__version__ = "0.1.0"
