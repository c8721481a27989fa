"""Formats of files that hold landmarks."""

from acetate.sheets.formats.aariz import read_aariz
from acetate.sheets.formats.annotators import Annotated, mean_of_annotators
from acetate.sheets.formats.coco import read_coco, write_coco
from acetate.sheets.formats.csv_table import read_csv, write_csv
from acetate.sheets.formats.known import read_spacings
from acetate.sheets.formats.pictures import match_pictures
from acetate.sheets.formats.reading import read_landmarks, write_landmarks
from acetate.sheets.formats.register import FORMATS, Format
from acetate.sheets.formats.sniff import sniff_format

__all__ = [
    "Annotated",
    "FORMATS",
    "Format",
    "match_pictures",
    "mean_of_annotators",
    "read_aariz",
    "read_coco",
    "read_csv",
    "read_landmarks",
    "read_spacings",
    "sniff_format",
    "write_coco",
    "write_csv",
    "write_landmarks",
]
