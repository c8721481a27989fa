"""One function over many items: in order, with a row for each failure, the rest going on."""

from acetate.run.outcomes import Failure, Success
from acetate.run.workers import Workplace, map

__all__ = ["map", "Workplace", "Success", "Failure"]
