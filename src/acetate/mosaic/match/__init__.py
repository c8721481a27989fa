"""Matching: which tile goes to which cell of the target."""

from acetate.mosaic.match.matches import Matches, write_json, write_tsv
from acetate.mosaic.match.matching import KINDS, match, random_matches

__all__ = ["KINDS", "Matches", "match", "random_matches", "write_json", "write_tsv"]
