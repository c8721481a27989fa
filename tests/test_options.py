"""Parameters described once, and the check of their values."""

from dataclasses import dataclass, fields

import pytest

from acetate.options import check_options, option


@dataclass(frozen=True)
class Every:
    flag: bool = option(True, "A flag.")
    count: int = option(3, "A count.", 1, 9)
    size: float = option(0.5, "A size.", 0.0, 1.0, "px")
    found: float | None = option(None, "Found if not given.", 0.0)
    name: str = option("a", "A name.", choices=("alpha", "a"))
    levels: tuple[float, ...] = option((), "Numbers.", 0.0, 255.0)
    sizes: tuple[int, ...] = option((1, 2), "Whole numbers.", 1, 9)

    def __post_init__(self) -> None:
        check_options(self)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"size": 1},
        {"found": 4},
        {"levels": (3, 4.5, 255.0)},
        {"sizes": ()},
        {"sizes": (9, 1)},
        {"flag": False},
        {"name": "alpha"},
    ],
)
def test_values_of_the_kind_and_range_are_taken(given):
    made = Every(**given)
    assert all(getattr(made, name) == value for name, value in given.items())


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"flag": 1}, TypeError, "flag must be True or False, got 1"),
        ({"count": True}, TypeError, "count must be a whole number, got True"),
        ({"count": 2.0}, TypeError, "count must be a whole number, got 2.0"),
        ({"count": 10}, ValueError, r"count must lie in \[1, 9\], got 10"),
        ({"size": float("nan")}, ValueError, r"size must lie in \[0, 1\], got nan"),
        ({"size": None}, TypeError, "size must be a number, got None"),
        ({"found": -1}, ValueError, r"found must lie in \[0, inf\], got -1"),
        ({"name": "alfa"}, ValueError, "one of alpha, a, got 'alfa'; the nearest is 'alpha'"),
        ({"levels": [1.0]}, TypeError, r"levels must be a tuple of numbers, got \[1.0\]"),
        ({"levels": None}, TypeError, "levels must be a tuple of numbers, got None"),
        ({"levels": (1.0, "2")}, TypeError, "each of levels must be a number, got '2'"),
        ({"levels": (1.0, 256)}, ValueError, r"each of levels must lie in \[0, 255\], got 256"),
        ({"levels": (True,)}, TypeError, "each of levels must be a number, got True"),
        ({"sizes": (1.5,)}, TypeError, "each of sizes must be a whole number, got 1.5"),
    ],
)
def test_others_are_refused(given, error, message):
    with pytest.raises(error, match=message):
        Every(**given)


def test_the_description_is_in_the_field():
    about = {each.name: each.metadata for each in fields(Every)}
    assert about["size"]["unit"] == "px"
    assert (about["levels"]["low"], about["levels"]["high"]) == (0.0, 255.0)
    assert about["name"]["choices"] == ("alpha", "a")
    assert about["flag"]["help"] == "A flag."
