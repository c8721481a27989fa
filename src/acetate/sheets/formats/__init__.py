"""Landmarks in files: COCO keypoints JSON, and CSV tables."""

from acetate.sheets.formats.coco import read_coco, write_coco
from acetate.sheets.formats.csv_table import read_csv, write_csv

__all__ = ["read_coco", "read_csv", "write_coco", "write_csv"]
