"""Mosaics: many pictures become one."""

from acetate.mosaic import transport

__all__ = ["transport"]
