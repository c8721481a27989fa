import numpy as np
import pytest

from acetate import images
from acetate.landmarks.check import KINDS, check_landmarks
from acetate.landmarks.check_sheet import draw_check
from acetate.landmarks.mirror_names import mirror_pairs
from acetate.landmarks.shapes import fit_shapes, reversed_pairs
from acetate.run import Workplace
from acetate.sheets import LandmarkSet

NAN = float("nan")
FACE = np.array([[20, 20], [40, 20], [30, 35], [24, 48], [36, 48], [30, 62.0]])
NAMES = ["left eye", "right eye", "nose", "mouth_l", "mouth_r", "chin"]
EYES, MOUTH = (0, 1), (3, 4)


def faces(count=20, seed=0, noise=0.5):
    """Faces turned, scaled and moved, a little different each."""
    rng = np.random.default_rng(seed)
    turn, size = rng.uniform(-0.6, 0.6, count), rng.uniform(0.5, 1.2, count)
    matrix = size * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    shapes = FACE - FACE.mean(axis=0) + rng.normal(0, noise, (count, 6, 2))
    return np.einsum("ijn,nkj->nki", matrix, shapes) + rng.uniform(60, 68, (count, 1, 2))


def marks_of(points, **facts):
    pictures = [f"{i:02}.png" for i in range(len(points))]
    return LandmarkSet(NAMES, pictures, points, **facts)


def found(report):
    return [(f.kind, f.picture, f.landmarks) for f in report.findings]


@pytest.fixture
def folder(tmp_path):
    rng = np.random.default_rng(1)
    for i in range(20):
        images.write(tmp_path / f"{i:02}.png", rng.integers(0, 256, (128, 128), np.uint8))
    return tmp_path


@pytest.mark.parametrize("seed", range(5))
def test_good_data_have_no_findings(folder, seed):
    report = check_landmarks(marks_of(faces(seed=seed)), folder)
    assert report.findings == ()
    assert not report.serious
    assert (report.pictures, report.points, report.missing) == (20, 120, 0)


def test_pictures_are_looked_at(folder):
    points = faces()
    points[4] = NAN
    points[5, 2] = 200, 10
    shapes = [None] * 20
    shapes[6] = (100, 128)
    (folder / "01.png").unlink()
    (folder / "02.png").write_bytes(b"no picture")
    (folder / "extra").mkdir()
    images.write(folder / "extra/90.png", np.zeros((4, 4), np.uint8))
    images.write(folder / "08.png", images.read(folder / "07.png"))
    for name in ("x", "y"):
        (folder / name).mkdir()
        (folder / "03.png").rename(folder / name / "03.png") if name == "x" else None
    images.write(folder / "y/03.png", np.zeros((128, 128), np.uint8))
    seen = []
    report = check_landmarks(
        marks_of(points, shapes=shapes), folder, progress=lambda *told: seen.append(told)
    )
    kinds = {f.kind: f for f in report.findings}
    assert found(report) == [
        ("picture missing", "01.png", ()),
        ("picture ambiguous", "03.png", ()),
        ("picture unreadable", "02.png", ()),
        ("another size", "06.png", ()),
        ("point outside", "05.png", ("nose",)),
        ("picture without points", "04.png", ()),
        ("picture without points", "extra/90.png", ()),
        ("picture without points", "x/03.png", ()),
        ("picture without points", "y/03.png", ()),
        ("same picture", "08.png", ()),
        ("outlier", "05.png", ("nose",)),
    ]
    assert kinds["another size"].text == "is 128 x 128, the annotation says 100 x 128"
    assert kinds["same picture"].text == "has the very pixels of '07.png'"
    assert kinds["point outside"].text == "lies at (200, 10) outside of 128 x 128"
    assert report.serious
    assert seen[-1] == (20, 20, "19.png")
    assert report.rows()[4]["landmark"] == "nose"
    assert report.counts()["picture without points"] == 4


def test_two_names_of_one_file_are_found(folder):
    marks = LandmarkSet(["a"], ["00.png", "old/00.png"], [[[1, 2]], [[3, 4]]])
    kinds = [f.kind for f in check_landmarks(marks, folder).findings]
    assert kinds.count("picture named twice") == 1
    assert kinds.count("same picture") == 0


def test_points_in_one_place_are_found():
    points = faces()
    points[3, 5] = points[3, 2]
    report = check_landmarks(marks_of(points), outlier=1e9)
    assert found(report) == [("points in one place", "03.png", ("nose", "chin"))]


def test_swapped_sides_are_found_by_name_or_table():
    points = faces()
    points[3, EYES] = points[3, EYES[::-1]]
    points[9, EYES], points[9, MOUTH] = points[9, EYES[::-1]], points[9, MOUTH[::-1]]
    expected = [
        ("sides swapped", "03.png", ("left eye", "right eye")),
        ("sides swapped", "09.png", ("left eye", "right eye")),
        ("sides swapped", "09.png", ("mouth_l", "mouth_r")),
    ]
    assert found(check_landmarks(marks_of(points))) == expected
    eyes = {"left eye": "right eye", "right eye": "left eye"}
    report = check_landmarks(marks_of(points, mirror=eyes))
    assert [f for f in found(report) if f[0] == "sides swapped"] == expected[:2]


def test_names_that_were_mixed_up_and_single_slips_are_told_apart():
    points = faces()
    points[7, [2, 5]] = points[7, [5, 2]]
    points[11, 3] += 15, -12
    report = check_landmarks(marks_of(points))
    assert found(report) == [
        ("names swapped", "07.png", ("nose", "chin")),
        ("outlier", "11.png", ("mouth_l",)),
    ]
    assert "sigmas from where the other landmarks have it" in report.findings[1].text


def test_pairs_without_a_majority_are_not_judged():
    points = faces()
    points[::2, [0, 1]] = points[::2, [1, 0]]
    assert not reversed_pairs(points, [EYES]).any()
    assert not reversed_pairs(points, []).any()
    assert not reversed_pairs(np.full((5, 6, 2), NAN), [EYES]).any()


def test_missing_points_do_not_disturb_the_model():
    points = faces(40)
    rng = np.random.default_rng(5)
    points[17, 0] += 40, -20
    gaps = rng.random((40, 6)) < 0.25
    gaps[17] = False
    points[gaps] = NAN
    model = fit_shapes(points)
    assert np.nanargmax(model.scores) == 17 * 6
    assert np.isnan(model.scores[np.isnan(points[..., 0])]).all()
    whole = fit_shapes(faces(40))
    apart = [np.linalg.norm(m.middle[:, None] - m.middle, axis=2) for m in (model, whole)]
    np.testing.assert_allclose(*apart, atol=0.1)


def test_a_model_does_not_depend_on_places_sizes_and_turns():
    points = faces(15, noise=1.0)
    turned = points @ np.array([[0, 3], [-3, 0]]) + (5, -7)
    here, there = fit_shapes(points), fit_shapes(turned)
    np.testing.assert_allclose(here.scores, there.scores, rtol=1e-6)
    np.testing.assert_allclose(there.size, 3 * here.size)


@pytest.mark.parametrize(
    "points",
    [faces(2), np.full((9, 6, 2), NAN), faces(9)[:, :2], np.zeros((0, 6, 2)), np.zeros((9, 0, 2))],
)
def test_too_little_gives_no_model(points):
    assert fit_shapes(points) is None


def test_shapes_that_are_all_the_same_or_a_single_place_do_no_harm():
    assert np.nanmax(fit_shapes(np.stack([FACE] * 5)).scores) < 1e-6
    model = fit_shapes(np.ones((5, 6, 2)))
    assert model is None or not (np.nan_to_num(model.scores) > 6).any()


def test_the_sheet_shows_findings_in_red_and_leaves_out_what_cannot_be_read(folder):
    points = faces()
    points[11, 3] += 15, -12
    (folder / "01.png").unlink()
    marks = marks_of(points)
    report = check_landmarks(marks, folder)
    sheet = draw_check(report, marks, folder, count=3, columns=3, cell=128)
    assert sheet.shape == (160, 432, 3)
    red = (sheet == (255, 50, 50)).all(axis=2)
    assert red.sum() == 9
    x, y = points[11, 3] + 8
    assert np.abs(np.argwhere(red).mean(axis=0) - (y - 0.5, x - 0.5)).max() < 1
    with pytest.raises(ValueError, match="none of 0 pictures can be shown"):
        draw_check(check_landmarks(marks.take([])), marks.take([]), folder)


def test_names_tell_mirror_pairs():
    assert mirror_pairs(["LEye", "REye", "L1", "R1", "l", "r"]) == (
        ("LEye", "REye"),
        ("L1", "R1"),
        ("l", "r"),
    )
    assert mirror_pairs(["paw1LH_top", "left", "lip"]) == ()


@pytest.mark.parametrize(
    ("image", "kind", "text"),
    [
        (np.zeros((1, 50), np.uint8), "picture too small", "at least 2 pixels on a side"),
        (np.zeros((2, 900), np.uint8), "picture too small", "less than half a pixel high or wide"),
        (np.arange(243, dtype=np.uint16).reshape(9, 9, 3), None, None),
        (np.zeros((9, 9, 5), np.uint8), "picture unreadable", "is gray or RGB, got one of shape"),
    ],
)
def test_what_training_refuses_is_found(tmp_path, image, kind, text):
    images.write(tmp_path / "a.tif", image)
    marks = LandmarkSet(["nose"], ["a"], [[[1, 1]]])
    findings = check_landmarks(marks, tmp_path).findings
    assert [one.kind for one in findings] == ([kind] if kind else [])
    assert all(one.serious and text in one.text for one in findings)
    if kind == "picture too small":
        sized = LandmarkSet(["nose"], ["a"], [[[1, 1]]], shapes=[image.shape])
        assert [one.kind for one in check_landmarks(sized).findings] == [kind]


def test_a_larger_square_takes_narrower_pictures(tmp_path):
    images.write(tmp_path / "a.png", np.zeros((2, 900), np.uint8))
    marks = LandmarkSet(["nose"], ["a.png"], [[[1, 1]]])
    assert check_landmarks(marks, tmp_path, square=768).findings == ()


def test_landmarks_that_are_never_there_and_no_pictures_at_all_are_found():
    points = faces()
    points[:, 2] = NAN
    report = check_landmarks(marks_of(points))
    assert found(report) == [("landmark never there", "", ("nose",))]
    assert report.serious
    points[:, 2] = 600, 10
    report = check_landmarks(marks_of(points, shapes=[(128, 128)] * 20))
    assert report.counts()["landmark never there"] == 1
    none = marks_of(np.full((2, 6, 2), NAN))
    for marks in (none, none.take([])):
        assert found(check_landmarks(marks))[0] == ("no pictures", "", ())
    assert check_landmarks(none).counts() == {"no pictures": 1, "picture without points": 2}


def test_several_read_pictures_at_the_same_time(folder):
    (folder / "02.png").write_bytes(b"no picture")
    (folder / "03.png").unlink()

    def done(where):
        steps = []

        def note(*step):
            steps.append(step)

        return check_landmarks(marks_of(faces()), folder, where=where, progress=note), steps

    alone, in_threads, in_processes = map(
        done, (Workplace(), Workplace("threads", 3), Workplace("processes", 2))
    )
    assert alone == in_threads == in_processes
    assert alone[0].counts() == {"picture missing": 1, "picture unreadable": 1}
    assert alone[1][-1] == (20, 20, "19.png")


@pytest.mark.parametrize("outlier", [0, NAN, np.inf])
def test_an_outlier_is_so_many_sigmas_off(outlier):
    with pytest.raises(ValueError, match=f"outlier must be above 0 sigmas, got {outlier}"):
        check_landmarks(marks_of(faces()), outlier=outlier)


def test_bad_input(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        check_landmarks(marks_of(faces()), tmp_path / "nowhere")
    assert len(KINDS) == 15
