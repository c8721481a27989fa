"""Optimal transport: points to tiles at least cost, exactly, without a table of distances."""

from acetate.mosaic.transport.assign import Assignment, assign

__all__ = ["Assignment", "assign"]
