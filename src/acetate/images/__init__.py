"""Image files: read as a person would see them, or refused; written whole or not at all."""

from acetate.images.facts import ImageFacts
from acetate.images.reading import SUFFIXES, info, read, read_labels, read_with_facts
from acetate.images.writing import write, write_labels

__all__ = [
    "read",
    "read_with_facts",
    "read_labels",
    "info",
    "ImageFacts",
    "write",
    "write_labels",
    "SUFFIXES",
]
