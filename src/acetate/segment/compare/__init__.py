"""Which method suits the picture: all of them tried, ranked by truth or by agreement."""

from acetate.segment.compare.cases import Case
from acetate.segment.compare.comparison import Comparison, Unscored
from acetate.segment.compare.engine import compare
from acetate.segment.compare.folders import find_cases
from acetate.segment.compare.ranking import Row
from acetate.segment.compare.results import write_results

__all__ = ["Case", "Comparison", "Row", "Unscored", "compare", "find_cases", "write_results"]
