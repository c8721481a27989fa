"""The comparison: search, leave-one-out, ranking, resuming, and what becomes of bad input."""

import json
import runpy
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import ClassVar

import numpy as np
import pytest

from acetate import images
from acetate.measure import iou
from acetate.options import check_options, option
from acetate.run import Workplace
from acetate.segment import METHODS, Segmentation, disc_mask, method_named
from acetate.segment.compare import Case, compare, find_cases, write_results
from acetate.segment.compare.masks import agreement
from acetate.segment.compare.overlays import MISSING, RIGHT, TOO_MUCH, paint_overlay
from acetate.segment.compare.ranking import left_out, ranked
from acetate.segment.compare.search import candidates, methods_to_compare
from acetate.segment.compare.trials import Trial

DATA = Path(__file__).parents[2] / "../shared/data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"{DATA} is not there")


@dataclass(frozen=True)
class Facts:
    level: float


@dataclass(frozen=True)
class Cut:
    """A threshold that counts how often it is used."""

    PROMPTS: ClassVar[tuple[str, ...]] = ("scribbles",)
    SEARCH: ClassVar = {"level": (100, 150, 250), "grow": (0,)}
    QUALITY: ClassVar[str] = "level"
    calls: ClassVar[list[tuple[int, ...]]] = []
    prompts: ClassVar[list[object]] = []

    level: int = option(200, "Above it.", 0, 255)
    grow: int = option(0, "Nothing.", 0, 9)
    bright: bool = option(True, "Above, not below.")

    def __post_init__(self):
        check_options(self)

    def segment(self, image, prompt=None):
        self.calls.append(image.shape)
        self.prompts.append(prompt)
        if self.level == 250:
            raise ArithmeticError("too high")
        mask = image > self.level if self.bright else image <= self.level
        return Segmentation(mask.astype(np.uint8), Facts(float(self.level)))


class Regions(Cut):
    GIVES_MASK: ClassVar[bool] = False


@pytest.fixture
def cut(monkeypatch):
    monkeypatch.setitem(METHODS, "cut", Cut)
    monkeypatch.setitem(METHODS, "regions", Regions)
    Cut.calls.clear()
    Cut.prompts.clear()
    return Cut.calls


@pytest.fixture
def cases(tmp_path):
    return discs(tmp_path, (130, 130, 180))


def discs(root, levels, suffix=".png"):
    """Return cases of a disc as bright as given on black, which are its truth."""
    for folder in ("pictures", "truth"):
        (root / folder).mkdir()
    found = []
    for number, level in enumerate(levels):
        truth = disc_mask((70, 80), 12 + number)
        name = f"disc {number}{suffix}"
        files = root / "pictures" / name, root / "truth" / name
        images.write(files[0], np.where(truth, level, 20).astype(np.uint8))
        images.write_labels(files[1], truth.astype(np.uint8) * 3)
        found.append(Case(name, *files))
    return found


def test_parameters_are_chosen_on_the_other_pictures(cut, cases, tmp_path):
    found = compare(cases, tmp_path / "out", ["cut", "heat-flow"], search=True)
    (heat, row) = sorted(found.rows, key=lambda row: row.method, reverse=True)
    assert (heat.method, heat.iou) == ("heat-flow", 1.0)
    # Level 100 suits all; among the others the default, 200, finds nothing.
    assert (row.method, row.iou, row.parameters) == ("cut", 1.0, {"level": 100})
    assert (row.dice, row.boundary_f1, row.failed, row.spread) == (1, 1, 0, 0)
    assert found.trials == 3 * (4 + len(candidates("heat-flow")))
    assert not found.dark


def test_leaving_out_is_that_of_brute_force():
    scores = np.random.default_rng(2).integers(0, 10, (4, 6)) / 10
    table = [[Trial("", "m", "", 2.0, iou, iou, iou, 1.0) for iou in row] for row in scores]
    expected = []
    for i in range(6):
        means = [fmean(np.delete(row, i)) for row in scores]
        expected.append(scores[means.index(max(means)), i])
    assert [trial.iou for trial in left_out(table)] == expected
    grids = [{"k": k} for k in range(4)]
    (row,) = ranked({"m": table}, {"m": grids})
    means = [fmean(row) for row in scores]
    assert row.parameters == grids[means.index(max(means))]
    assert row.fitted_iou == max(means) >= row.iou == pytest.approx(np.mean(expected))


def test_one_picture_is_scored_with_what_suits_it(cut, cases, tmp_path):
    (row,) = compare(cases[:1], tmp_path / "out", ["cut"]).rows
    assert (row.iou, row.parameters) == (1, {"level": 100})


def test_defaults_alone_where_there_is_no_search(cut, cases, tmp_path):
    (row,) = compare(cases, tmp_path / "out", ["cut"], search=False).rows
    assert (row.iou, row.parameters, row.fitted_iou) == (0, {}, 0)


def test_the_winner_s_script_prints_the_same_score(cases, tmp_path, capsys):
    found = compare(cases, tmp_path / "out", ["heat-flow", "jacobi-theta"])
    write_results(tmp_path / "out", found)
    runpy.run_path(str(tmp_path / "out" / "winner.py"))
    assert float(capsys.readouterr().out) == found.rows[0].fitted_iou == found.reproduced_iou


@needs_data
def test_the_score_on_real_nuclei_is_reproduced_to_the_last_digit(tmp_path, capsys):
    every, _ = find_cases(DATA / "nuclei/images", DATA / "nuclei/labels")
    found = compare(every[:3], tmp_path / "out", ["heat-flow"])
    write_results(tmp_path / "out", found, shown=1)
    runpy.run_path(str(tmp_path / "out" / "winner.py"))
    assert float(capsys.readouterr().out) == found.rows[0].fitted_iou == found.reproduced_iou
    assert 0.8 < found.rows[0].iou < 1


def test_an_interrupted_comparison_goes_on_where_it_was(cut, cases, tmp_path):
    out = tmp_path / "out"

    def stop(done, total, what):
        assert total == 6  # three tasks and three masks
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compare(cases, out, ["cut"], progress=stop)
    with open(out / "journal.jsonl", "a") as file:
        file.write('{"kind": "trial", "content')  # a killed process was just writing it
    tried = len(cut)
    whole = compare(cases, out, ["cut"])
    fresh = compare(cases, tmp_path / "fresh", ["cut"])
    assert [row.iou for row in whole.rows] == [row.iou for row in fresh.rows]
    assert whole.rows[0].parameters == fresh.rows[0].parameters
    calls = len(cut)
    compare(cases, out, ["cut"])
    assert len(cut) == calls, "nothing is tried twice"
    assert tried > 0


def test_a_changed_picture_is_tried_again(cut, cases, tmp_path):
    compare(cases, tmp_path / "out", ["cut"])
    images.write(cases[0].picture, np.full((70, 80), 20, np.uint8))
    before = len(cut)
    (row,) = compare(cases, tmp_path / "out", ["cut"]).rows
    assert len(cut) == before + 4 + 1  # its trials and its mask; the others' are kept
    assert row.iou == pytest.approx(2 / 3)


def test_what_is_scored_is_what_lies_there_not_what_was_read_before(cut, cases, tmp_path):
    case = cases[0]
    (row,) = compare([case], tmp_path / "a", ["cut"], search=False).rows
    assert row.iou == 0  # below the default of 200
    image = images.read(case.picture)
    images.write(case.picture, np.where(image > 100, 240, 20).astype(np.uint8))
    (row,) = compare([case], tmp_path / "b", ["cut"], search=False).rows
    assert row.iou == 1


def test_files_that_change_while_methods_are_compared_are_told(cut, cases, tmp_path):
    class Writing(Cut):
        SEARCH: ClassVar = {}

        def segment(self, image, prompt=None):
            images.write(cases[0].picture, np.full((70, 80), 255, np.uint8))
            return super().segment(image, prompt)

    METHODS["cut"] = Writing
    found = compare(cases[:1], tmp_path / "out", ["cut", "heat-flow"], search=False)
    assert ("disc 0.png", "heat-flow") in [(a, why.split(":")[0]) for a, why in found.failures]
    assert "the files of disc 0.png changed while methods were compared" in found.failures[0][1]


def test_what_another_version_or_other_defaults_found_is_tried_again(cut, cases, tmp_path):
    out = tmp_path / "out"
    compare(cases, out, ["cut"], search=False)
    journal = out / "journal.jsonl"
    whole, calls = journal.read_text(), len(cut)
    assert compare(cases, out, ["cut"], search=False).trials == 3
    assert len(cut) == calls
    journal.write_text(whole.replace('"acetate": "', '"acetate": "0.0.'))
    compare(cases, out, ["cut"], search=False)
    assert len(cut) == calls + 6
    assert journal.read_text().count('"0.0.') == 0

    @dataclass(frozen=True)
    class Higher(Cut):
        level: int = option(120, "Above it.", 0, 255)

    METHODS["cut"] = Higher
    (row,) = compare(cases, out, ["cut"], search=False).rows
    assert (row.iou, row.parameters) == (1, {})
    del METHODS["cut"]
    compare(cases, out, ["heat-flow"], search=False)  # records of a method that is gone


def test_a_method_that_fails_everywhere_is_last_and_has_no_score(cut, cases, tmp_path):
    class Failing(Cut):
        SEARCH: ClassVar = {}

        def segment(self, image, prompt=None):  # noqa: ARG002
            raise ArithmeticError("too high")

    METHODS["cut"] = Failing
    empty = [Case(c.name, c.picture, c.truth) for c in cases]
    for case in empty:  # what is found has nothing in common with this truth
        images.write_labels(case.truth, (images.read(case.picture) < 100).astype(np.uint8))
    found = compare(empty, tmp_path / "out", ["cut", "heat-flow"], foreground="bright")
    assert found.rows[0].method == "heat-flow"
    assert found.rows[0].iou == 0
    assert found.rows[1].useless
    page = write_results(tmp_path / "out", found)
    rows = json.loads((tmp_path / "out/results.json").read_text())["rows"]
    assert [row["iou"] for row in rows] == [0, None]
    assert "failed" in page.read_text()
    with pytest.raises(ValueError, match="every method failed; the first said ArithmeticError"):
        compare(empty, tmp_path / "none", ["cut"])


def test_another_tolerance_is_another_trial(cut, cases, tmp_path):
    compare(cases, tmp_path / "out", ["cut"])
    before = len(cut)
    compare(cases, tmp_path / "out", ["cut"], tolerance=3)
    assert len(cut) > before


def test_a_method_that_fails_counts_as_nothing_found_and_is_listed(cut, cases, tmp_path):
    case = cases[0]
    images.write(case.picture, np.full((70, 80), 255, np.uint8))
    cut_only = compare([case], tmp_path / "out", ["cut"], search=False, foreground="bright")
    assert cut_only.rows[0].failed == 0

    class Failing(Cut):
        SEARCH: ClassVar = {}

        def segment(self, image, prompt=None):  # noqa: ARG002
            raise ArithmeticError("too high")

    METHODS["cut"] = Failing
    found = compare(cases, tmp_path / "failing", ["cut", "heat-flow"])
    row = found.rows[-1]
    assert (row.method, row.iou, row.failed) == ("cut", 0, 3)
    assert row.error == "ArithmeticError: too high"
    assert found.errors == [("cut, on 3 of 3", "ArithmeticError: too high")]
    page = write_results(tmp_path / "failing", found).read_text()
    assert "ArithmeticError: too high" in page
    assert found.agreeing == ("heat-flow",)
    with pytest.raises(ValueError, match="every method failed; the first said ArithmeticError"):
        compare([Case("x", cases[0].picture)], tmp_path / "none", ["cut"])


def test_dark_foreground_is_told_from_the_truth(cut, tmp_path):
    (case, *_) = discs(tmp_path, (0,))
    found = compare([case], tmp_path / "out", ["cut", "heat-flow"], search=False)
    assert found.dark
    assert found.rows[0].parameters == {"bright": False}
    assert candidates("cut", dark=True)[1] == {"level": 100, "bright": False}
    bright = compare([case], tmp_path / "bright", ["heat-flow"], foreground="bright", search=False)
    assert bright.rows[0].iou == 0


def test_scribbles_go_to_the_methods_that_take_them(cut, cases, tmp_path):
    marks = np.zeros((70, 80), np.uint8)
    marks[:2], marks[35] = 1, 2
    images.write_labels(tmp_path / "marks.png", marks)
    case = Case("a", cases[0].picture, cases[0].truth, tmp_path / "marks.png")
    found = compare([case], tmp_path / "out", ["cut", "heat-flow"], search=False)
    assert any(prompt is not None and np.array_equal(prompt, marks) for prompt in Cut.prompts)
    write_results(tmp_path / "out", found)
    assert "read_labels(scribbles)" in (tmp_path / "out" / "winner.py").read_text()
    runpy.run_path(str(tmp_path / "out" / "winner.py"))


def test_without_truth_methods_agree_and_nothing_is_called_right(cut, cases, tmp_path):
    blind = [Case(case.name, case.picture) for case in cases]
    found = compare(blind, tmp_path / "out", ["cut", "heat-flow", "jacobi-theta"])
    assert not found.scored
    assert found.rows == []
    assert [row.method for row in found.unscored] == list(found.agreeing)
    assert [row.agreement for row in found.unscored] == sorted(
        (row.agreement for row in found.unscored), reverse=True
    )
    masks = [
        [images.read(tmp_path / "out" / found.masks[name][case.name].file) > 0 for case in blind]
        for name in found.agreeing
    ]
    pairs = [[fmean(map(iou, one, other)) for other in masks] for one in masks]
    assert np.allclose(found.agreement, pairs)
    assert found.unscored[0].agreement == pytest.approx((sum(pairs[0]) - 1) / 2)
    own = {row.method: (row.quality_name, row.quality) for row in found.unscored}
    assert own["cut"] == ("level", 200)
    page = write_results(tmp_path / "out", found).read_text()
    assert "nothing here says that a method is right" in page
    assert "IoU</th>" not in page
    assert not (tmp_path / "out" / "winner.py").exists()


def test_tables_hold_what_was_found(cut, cases, tmp_path):
    found = compare(cases, tmp_path / "out", ["cut", "heat-flow"])
    page = write_results(tmp_path / "out", found, "my <pictures>", shown=2)
    record = json.loads((tmp_path / "out" / "results.json").read_text())
    assert [row["method"] for row in record["rows"]] == found.methods
    (row,) = (row for row in record["rows"] if row["method"] == "cut")
    assert row["parameters"] == {"level": 100}
    scores = [(row["iou"], -row["seconds"]) for row in record["rows"]]
    assert scores == sorted(scores, reverse=True)
    assert record["reproduced_iou"] == 1
    lines = (tmp_path / "out" / "results.csv").read_text().splitlines()
    assert lines[0].startswith("rank,method,iou,dice,boundary_f1,seconds")
    assert len(lines) == 3
    text = page.read_text()
    assert "&lt;pictures&gt;" in text
    assert "<pictures>" not in text
    for file in ("overlays/picture/disc%200.png", "overlays/cut/disc%201.png"):
        assert file in text
        assert (tmp_path / "out" / file.replace("%20", " ")).is_file()
    assert "disc%202" not in text


def test_masks_are_those_of_the_best_parameters(cut, cases, tmp_path):
    found = compare(cases, tmp_path / "out", ["cut"])
    for case in cases:
        mask = images.read(tmp_path / "out" / found.masks["cut"][case.name].file)
        expected = method_named("cut", level=100).segment(images.read(case.picture)).mask
        assert np.array_equal(mask == 255, expected)


@pytest.mark.slow
def test_processes_find_the_same(cases, tmp_path):
    names = ["heat-flow", "jacobi-theta"]
    one = compare(cases, tmp_path / "one", names)
    two = compare(cases, tmp_path / "two", names, where=Workplace("processes", 2))
    found = [
        sorted((r.method, r.iou, r.boundary_f1, str(r.parameters)) for r in each.rows)
        for each in (one, two)
    ]
    assert found[0] == found[1]


def test_methods_that_give_no_mask_are_not_ranked(cut):
    assert "regions" not in methods_to_compare()
    assert {"cut", "heat-flow"} <= set(methods_to_compare())
    with pytest.raises(ValueError, match="regions numbers regions and gives no mask"):
        methods_to_compare(["regions"])
    with pytest.raises(ValueError, match="no method 'heat-flwo'; the nearest is 'heat-flow'"):
        methods_to_compare(["heat-flwo"])
    with pytest.raises(ValueError, match="there are no methods to compare"):
        methods_to_compare([])


def test_methods_that_need_a_prompt_take_part_where_there_are_scribbles(cut, cases, tmp_path):
    class Needy(Cut):
        NEEDS_PROMPT: ClassVar[bool] = True

    METHODS["cut"] = Needy
    assert "cut" not in methods_to_compare()
    assert "cut" in methods_to_compare(scribbles=True)
    with pytest.raises(ValueError, match="cut needs a prompt: pass scribbles"):
        compare(cases, tmp_path / "out", ["cut"])


@pytest.mark.parametrize("name", METHODS)
def test_every_method_s_search_is_one_of_its_fields_and_small(name):
    found = candidates(name)
    assert found[0] == {}
    assert len(found) <= 18
    for parameters in found:
        method_named(name, **parameters)


def test_what_cannot_be_compared_is_refused(cases, tmp_path):
    out = tmp_path / "out"
    with pytest.raises(ValueError, match="no pictures to compare methods on"):
        compare([], out)
    with pytest.raises(ValueError, match="two cases have the name 'disc 0'"):
        compare([cases[0], cases[0]], out)
    for name in ("/etc/a.png", "../a.png"):
        with pytest.raises(ValueError, match="the name of a case must lie inside a folder"):
            compare([Case(name, cases[0].picture)], out)
    with pytest.raises(ValueError, match=r"2 of 3 cases have truth, disc 2\.png has none"):
        compare([*cases[:2], Case(cases[2].name, cases[2].picture)], out)
    with pytest.raises(ValueError, match=r"foreground is one of auto, bright, dark, got 'drak'"):
        compare(cases, out, foreground="drak")
    with pytest.raises(ValueError, match="tolerance must be a finite number of at least 0"):
        compare(cases, out, tolerance=-1)
    with pytest.raises(ValueError, match="shown must be at least 0"):
        write_results(out, None, shown=-1)
    assert not out.exists()


def test_pictures_that_cannot_be_used_are_told_and_the_rest_goes_on(cut, cases, tmp_path):
    cases[0].picture.write_bytes(b"no picture")
    images.write_labels(cases[1].truth, np.ones((3, 4), np.uint8))
    found = compare(cases, tmp_path / "out", ["cut"])
    assert [case.name for case in found.cases] == ["disc 2.png"]
    assert [name for name, _ in found.failures] == ["disc 0.png", "disc 1.png"]
    assert "must be as large as its picture, (70, 80), it is (3, 4)" in found.failures[1][1]
    with pytest.raises(ValueError, match=r"no picture can be used; disc 0.png"):
        compare(cases[:2], tmp_path / "none", ["cut"])


def test_folders_of_another_origin_and_damaged_journals_are_left_alone(cut, cases, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.txt").write_text("mine")
    with pytest.raises(ValueError, match="holds files of another origin; choose another folder"):
        compare(cases, out, ["cut"])
    compare(cases, out, ["cut"], overwrite=True)
    assert (out / "thesis.txt").read_text() == "mine"
    journal = out / "journal.jsonl"
    whole = journal.read_text()
    for line in ("[]\n", "{}\n", '{"kind": "mask", "file": 3}\n', "nonsense\n"):
        journal.write_text(whole + line)
        with pytest.raises(ValueError, match=r"journal.jsonl, line \d+: it is damaged"):
            compare(cases, out, ["cut"])
    compare(cases, out, ["cut"], overwrite=True)


def test_cases_are_found_by_name(cases, tmp_path):
    root = tmp_path
    (root / "marks").mkdir()
    images.write_labels(root / "marks/disc 1.tif", np.ones((70, 80), np.uint8))
    images.write(root / "pictures/alone.png", np.zeros((4, 4), np.uint8))
    found, failures = find_cases(root / "pictures", root / "truth", root / "marks")
    assert [case.name for case in found] == [case.name for case in cases]
    assert [case.scribbles is not None for case in found] == [False, True, False]
    reason = "its truth should be one file called alone.*, there is no file"
    assert failures == [("alone.png", reason)]
    (one,), _ = find_cases(cases[0].picture, cases[0].truth)
    assert one == cases[0]
    # Truth inside the pictures' folder is no picture.
    (root / "truth").rename(root / "pictures/truth")
    found, _ = find_cases(root / "pictures", root / "pictures/truth")
    assert len(found) == 3
    (root / "pictures/found").mkdir()
    images.write(root / "pictures/found/disc 1.png", np.zeros((4, 4), np.uint8))
    found, _ = find_cases(root / "pictures", leave=[root / "pictures/found"])
    assert not any("found" in case.name for case in found)
    with pytest.raises(ValueError, match=r"is a folder, so .* should be one too"):
        find_cases(root / "pictures", root / "marks/disc 1.tif")
    with pytest.raises(ValueError, match=r"is one picture, so .* should be one file too"):
        find_cases(root / "pictures/alone.png", root / "marks")
    with pytest.raises(FileNotFoundError):
        find_cases(root / "nowhere")
    (root / "empty").mkdir()
    with pytest.raises(ValueError, match="holds no pictures"):
        find_cases(root / "empty")


def test_overlays_show_what_is_right_too_much_and_missing():
    found, truth = np.zeros((2, 9, 12), bool)
    found[:, :8], truth[:, 4:] = True, True
    painted = paint_overlay(np.full((9, 12, 3), 90, np.uint8), found, truth)
    for column, colour in ((1, TOO_MUCH), (5, RIGHT), (10, MISSING)):
        assert painted[4, column].argmax() == np.argmax(colour)
    assert (paint_overlay(np.full((18, 24, 3), 90, np.uint8), found, None)[:, 18:] == 90).all()


def test_the_agreement_of_one_method_is_with_itself(tmp_path):
    assert agreement(tmp_path, {}).shape == (0, 0)
