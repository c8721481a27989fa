"""Landmarks in files: COCO keypoints JSON, and CSV tables."""
