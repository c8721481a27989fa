"""The guided tour: every job on sample pictures, told on one HTML page."""

from acetate.tour.guide import run

__all__ = ["run"]
