"""The done-list: what was added is there after a kill, and a half line is not."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acetate.run.journal import Journal, read_lines, write_lines


@dataclass(frozen=True)
class Done:
    name: str
    times: int

    @property
    def key(self):
        return (self.name,)


def to_line(done):
    return f"{done.name} {done.times}"


def from_line(line):
    name, times = line.decode().split(" ")
    return Done(name, int(times))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "done.txt"


def test_each_line_is_on_its_way_at_once(path):
    with Journal(path, to_line) as journal:
        for number in range(3):
            journal.add(Done("a", number))
            assert list(read_lines(path, from_line))[-1] == Done("a", number)
    assert journal.entries == {("a",): Done("a", 2)}


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9)), max_size=8), st.data())
def test_a_run_that_was_killed_anywhere_goes_on(tmp_path_factory, pairs, data):
    path = tmp_path_factory.mktemp("killed") / "done.txt"
    entries = [Done(*pair) for pair in pairs]
    with Journal(path, to_line) as journal:
        for entry in entries:
            journal.add(entry)
    whole = path.read_bytes()
    cut = whole[: data.draw(st.integers(0, len(whole)))]
    path.write_bytes(cut)
    left = list(read_lines(path, from_line, cut_off=True))
    assert left == entries[: cut.count(b"\n")]
    with Journal(path, to_line, left) as journal:
        journal.add(Done("z", 1))
    last = {entry.key: entry for entry in (*left, Done("z", 1))}
    assert {entry.key: entry for entry in read_lines(path, from_line)} == last


@pytest.mark.parametrize("line", ["a", "a b", "a 1 2", ""])
def test_a_damaged_line_is_named(path, line):
    path.write_text(f"a 1\n{line}\na 2\n")
    with pytest.raises(ValueError, match=r"done.txt, line 2: "):
        list(read_lines(path, from_line, cut_off=True))


def test_half_a_line_is_damage_where_none_may_be(path):
    path.write_text("a 1\na")
    assert list(read_lines(path, from_line, cut_off=True)) == [Done("a", 1)]
    with pytest.raises(ValueError, match="line 2"):
        list(read_lines(path, from_line))


def test_a_file_is_written_whole_or_stays(path):
    write_lines(path, to_line, [Done("a", 1)])
    with pytest.raises(AttributeError):
        write_lines(path, to_line, [Done("b", 1), None])
    assert list(read_lines(path, from_line)) == [Done("a", 1)]
