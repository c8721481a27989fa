"""Properties that are worked out once: for each instance, and never for the class."""

import pickle
from dataclasses import dataclass

import pytest

from acetate.geometry.once import Once

asked = []


@dataclass(frozen=True)
class Square:
    """A frozen value with something to work out."""

    side: int

    @Once
    def area(self):
        """Return the area."""
        asked.append(self.side)
        if self.side < 0:
            raise ValueError("no such square")
        return self.side**2


@pytest.fixture(autouse=True)
def nothing_asked():
    asked.clear()


def test_is_worked_out_once_for_each_instance():
    small, large = Square(2), Square(3)
    assert [small.area, large.area, small.area, large.area] == [4, 9, 4, 9]
    assert asked == [2, 3]


def test_what_is_kept_is_no_part_of_the_value():
    square = Square(2)
    assert square.area == 4
    assert square == Square(2)
    assert hash(square) == hash(Square(2))
    assert pickle.loads(pickle.dumps(square)).area == 4


def test_an_error_is_not_kept():
    square = Square(-1)
    for _ in range(2):
        with pytest.raises(ValueError, match="no such square"):
            _ = square.area
    assert asked == [-1, -1]


def test_of_the_class_it_is_itself_with_its_docstring():
    assert isinstance(Square.area, Once)
    assert Square.area.__doc__ == "Return the area."
