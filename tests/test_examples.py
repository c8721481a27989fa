"""The examples: each runs, writes the picture that its text promises, and shows what it says."""

import runpy
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from acetate import samples
from acetate.arrays import Array
from acetate.images import read

EXAMPLES = Path(__file__).parent.parent / "examples"

# rows, columns, (height, width) of a cell
LAYOUTS = {
    "heatmaps_simple": (5, 5, (200, 296)),
    "heatmaps_several": (2, 4, (300, 451)),
    "heatmaps_array": (1, 3, (300, 445)),
    "heatmaps_resize": (6, 4, (128, 128)),
    "heatmaps_pad": (2, 2, (296, 296)),
    "sheets_together": (4, 5, (200, 296)),
    "replay": (2, 3, (191, 384)),
    "square_to_flower": (2, 4, (214, 320)),
    "blur_and_shrinkage": (2, 4, (240 + 32, 320 + 16)),
    "ladder": (2, 4, (303, 384)),
    "uneven_light": (2, 3, (303, 384)),
    "point_at_it": (1, 4, (299, 448)),
    "choose_smoothness": (2, 3, (256 + 32, 256 + 16)),
    "strokes_to_masks": (2, 3, (384, 384)),
    "mosaic_cat": (2, 2, (400, 600)),
}


def make(name: str, folder: Path) -> Path:
    path: Path = runpy.run_path(str(EXAMPLES / f"{name}.py"))["main"](folder)
    return path


def cut(name: str, picture: Array) -> list[list[Array]]:
    """Cut a grid into its rows of cells."""
    rows, columns, (height, width) = LAYOUTS[name]
    return [
        [
            picture[height * r : height * (r + 1), width * c : width * (c + 1)]
            for c in range(columns)
        ]
        for r in range(rows)
    ]


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pictures")
    return {name: make(name, folder) for name in LAYOUTS}


@pytest.fixture(scope="module")
def cells(pictures: dict[str, Path]) -> dict[str, list[list[Array]]]:
    return {name: cut(name, read(path)) for name, path in pictures.items()}


def test_every_example_is_tested() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.py")} == set(LAYOUTS)


@pytest.mark.parametrize("name", LAYOUTS)
def test_writes_one_grid_under_its_own_name(name: str, pictures: dict[str, Path]) -> None:
    rows, columns, (height, width) = LAYOUTS[name]
    assert pictures[name].name == f"{name}.png"
    assert read(pictures[name]).shape == (rows * height, columns * width, 3)


@pytest.mark.parametrize("name", LAYOUTS)
def test_gives_the_same_bytes_again(name: str, pictures: dict[str, Path], tmp_path: Path) -> None:
    assert make(name, tmp_path).read_bytes() == pictures[name].read_bytes()


def test_runs_as_a_script_that_takes_a_folder(tmp_path: Path) -> None:
    command = [sys.executable, str(EXAMPLES / "heatmaps_pad.py"), str(tmp_path)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert printed.strip() == str(tmp_path / "heatmaps_pad.png")
    assert (tmp_path / "heatmaps_pad.png").is_file()


def test_simple_example_moves_image_and_heatmap_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the depth map itself as the photograph, both must show the same after augmentation."""

    def depth_as_photograph(size: float) -> Array:
        gray = np.rint(samples.motorcycle_depth(size) / 60 * 255).astype(np.uint8)
        return np.repeat(gray[:, :, np.newaxis], 3, axis=2)

    monkeypatch.setattr(samples, "motorcycle", depth_as_photograph)
    grid = cut("heatmaps_simple", read(make("heatmaps_simple", tmp_path)))
    for row in grid:
        photograph = cv2.medianBlur(np.ascontiguousarray(row[1]), 7)[:, :, 0]  # without dropout
        heatmap = np.ascontiguousarray(row[4])[:, :, 0]
        agreement = np.corrcoef(photograph.ravel(), heatmap.ravel())[0, 1]
        mirrored = np.corrcoef(photograph.ravel(), heatmap[:, ::-1].ravel())[0, 1]
        assert agreement > 0.95 > 0.9 > mirrored


def test_simple_example_draws_five_different_samples(cells: dict[str, list[list[Array]]]) -> None:
    grid = cells["heatmaps_simple"]
    assert all((row[0] == grid[0][0]).all() for row in grid)
    assert len({row[1].tobytes() for row in grid}) == len({row[4].tobytes() for row in grid}) == 5


def test_several_heatmaps_lie_on_their_landmarks(cells: dict[str, list[list[Array]]]) -> None:
    before, after = cells["heatmaps_several"]
    for cell, (x, y) in zip(before[1:], [(172, 112), (313, 132), (262, 242)], strict=True):
        assert np.hypot(*(hottest(cell) - (x, y))) < 6
    left, right, nose = map(hottest, after[1:])
    assert right[0] < left[0]  # the picture is mirrored
    assert nose[1] > max(left[1], right[1])


def hottest(cell: Array) -> Array:
    """Return the centre (x, y) of what is reddest in an overlay."""
    red = cell[:, :, 0].astype(float) - cell[:, :, 1] - cell[:, :, 2]
    rows, columns = np.nonzero(red > 0.8 * red.max())
    return np.array([columns.mean(), rows.mean()])


def test_changed_array_keeps_the_motorcycle_only(cells: dict[str, list[list[Array]]]) -> None:
    _, before, after = cells["heatmaps_array"][0]
    engine, floor, wall = (190, 220), (285, 20), (20, 120)
    assert (before[engine] == after[engine]).all()
    assert before[floor][0] > before[floor][2]  # near: red
    for place in (floor, wall):
        assert after[place][2] > after[place][0]  # far: blue


def test_resized_heatmaps_are_shown_as_large_as_they_are_and_enlarged(
    cells: dict[str, list[list[Array]]],
) -> None:
    grid = cells["heatmaps_resize"]
    for small, large in zip(grid[:3], grid[3:], strict=True):
        for k, (cell, enlarged) in enumerate(zip(small, large, strict=True)):
            side, block = 128 >> k, 1 << k
            margin = (128 - side) // 2
            inner = cell[margin : margin + side, margin : margin + side]
            assert (enlarged == inner.repeat(block, axis=0).repeat(block, axis=1)).all()
            assert (cell == 255).all(axis=2).sum() == 128**2 - side**2
    assert len({row[3].tobytes() for row in grid}) == 6  # three ways, three results


def test_padded_pictures_keep_what_was_given(cells: dict[str, list[list[Array]]]) -> None:
    image = samples.motorcycle(0.4)
    (by_pixels, heatmap_by_pixels), (to_square, heatmap_to_square) = cells["heatmaps_pad"]
    for padded in (by_pixels, to_square):
        assert (padded[48:-48] == image).all()
    assert not by_pixels[:48].any()
    assert not by_pixels[-48:].any()
    assert (to_square[:48] == image[0]).all()
    middles = [cell[56:-56].astype(int) for cell in (heatmap_by_pixels, heatmap_to_square)]
    assert np.abs(middles[0] - middles[1]).mean() < 0.1


def test_sheets_follow_their_picture(cells: dict[str, list[list[Array]]]) -> None:
    grid = cells["sheets_together"]
    assert len({row[0].tobytes() for row in grid}) == 4
    for image, _, labels, _, _ in grid:
        # The label map is painted on the red of the tank and the fenders, wherever they went.
        red = (image[:, :, 0] > 150) & (image[:, :, 1] < 50) & (image[:, :, 2] < 60)
        painted = (labels.astype(int) - image)[:, :, 1] > 40
        assert painted[red].mean() > 0.6 > 0.4 > painted.mean()


def test_replay_is_sharper_than_step_by_step(cells: dict[str, list[list[Array]]]) -> None:
    _, (_, fused, stepwise) = cells["replay"]
    assert contrast(fused) > 1.2 * contrast(stepwise)


def contrast(cell: Array) -> float:
    """Return how much neighbouring pixels of a picture that was enlarged differ."""
    return float(np.abs(np.diff(cell[:, :, 0].astype(float), axis=1)).mean())


def test_mask_flows_from_the_square_to_the_flower(cells: dict[str, list[list[Array]]]) -> None:
    (square, *frames), (last, result, mask, curve) = cells["square_to_flower"]
    photograph = samples.flower(0.5)
    painted = [(cell != photograph).any(axis=2) for cell in (square, *frames, last, result)]
    sizes = [int(area.sum()) for area in painted]
    assert sizes[0] == pytest.approx((214 // 3) ** 2, abs=150)
    assert sizes[0] < sizes[1] < sizes[2] < sizes[4]
    assert ((mask > 0).any(axis=2) == painted[-1]).mean() > 0.99
    # The flower is what is red: it is found, and the leaves are not.
    red = photograph[:, :, 0].astype(int) - photograph[:, :, 2] > 60
    bright = photograph.mean(axis=2) > 120
    assert painted[-1][red & bright].mean() > 0.95
    assert painted[-1][photograph[:, :, 0] < 40].mean() < 0.02
    assert (curve == 255).all(axis=2).mean() > 0.8


def test_denoised_pictures_are_nearer_to_the_photograph(
    cells: dict[str, list[list[Array]]],
) -> None:
    grid = [
        [cell[8:248, 8:328].astype(float) for cell in row] for row in cells["blur_and_shrinkage"]
    ]
    (photograph, *levels), (noisy, *clean) = grid
    away = [float(np.mean((cell - photograph) ** 2)) for cell in levels]
    assert away == sorted(away)
    left = [float(np.mean((cell - photograph) ** 2)) for cell in (noisy, *clean)]
    assert left == sorted(left, reverse=True)
    assert left[-1] < left[0] / 8


def test_a_local_fit_finds_coins_where_one_value_does_not(
    cells: dict[str, list[list[Array]]],
) -> None:
    (image, otsu, constant), (background, local, wide) = cells["uneven_light"]
    painted = [(cell != image).any(axis=2) for cell in (otsu, constant, background, local, wide)]
    light = (slice(0, 25), slice(0, 100))  # above the coins, where the light comes from
    assert all(area[light].mean() > 0.9 for area in painted[:2])
    assert all(area[light].mean() < 0.05 for area in painted[2:])
    _, objects, sizes, _ = cv2.connectedComponentsWithStats(painted[-1].astype(np.uint8))
    assert np.count_nonzero(sizes[1:, cv2.CC_STAT_AREA] > 300) == 24  # all the coins
    assert objects.max() < 40


def test_what_is_pointed_at_is_found(cells: dict[str, list[list[Array]]]) -> None:
    _, flower, _, cup = cells["point_at_it"][0]
    found = (flower != samples.flower(0.7)).any(axis=2)
    y, x = np.indices(found.shape)
    inside = np.hypot(x - 215, y - 157) < 85  # a disc in the flower that is boxed
    assert found[inside].mean() > 0.99
    assert not found[265:, :].any()  # the other flower
    assert found.mean() < 0.25
    found = (cup != samples.coffee(0.747)).any(axis=2)
    assert found[70:130, 150:290].mean() > 0.95  # in the cup
    assert found[250:].mean() < 0.02  # saucer and table
    assert not found[200:240, 245:300].any()  # the spoon


def test_the_default_smoothness_is_better_than_less_and_more(
    cells: dict[str, list[list[Array]]],
) -> None:
    _, truth = samples.three_levels(256, noise=0.2)
    expected = np.array([0, 90, 230])[truth]
    (_, thresholds, less), (default, _, most) = cells["choose_smoothness"]
    right = [
        float((cell[8:264, 8:264, 0] == expected).mean())
        for cell in (thresholds, less, default, most)
    ]
    assert right[2] == max(right) > 0.97


def test_four_more_strokes_leave_the_man_out_of_the_lawn(
    cells: dict[str, list[list[Array]]],
) -> None:
    photograph = samples.camera(0.75)[:, :, np.newaxis]
    grid = cells["strokes_to_masks"]
    (first, second) = [(row[2] != photograph).any(axis=2) for row in grid]
    head, coat, sky = np.s_[50:150, 130:190], np.s_[150:370, 20:90], np.s_[:120, 200:]
    assert first[head].any()
    assert not any(second[part].any() for part in (head, coat, sky))
    for lawn in (np.s_[200:380, 330:380], np.s_[260:380, 130:160]):
        assert second[lawn].mean() > 0.9
    strokes = [(row[0] != photograph).any(axis=2).mean() for row in grid]
    assert strokes[0] < strokes[1] < 0.035


def test_on_the_ladder_light_fools_a_threshold_and_not_the_local_flow(
    cells: dict[str, list[list[Array]]],
) -> None:
    image = samples.coins()
    (plain, otsu, *_), (*_, flow) = cells["ladder"]
    assert np.array_equal(plain[:, :, 0], image)
    corner = slice(0, 30), slice(0, 100)  # bright, and no coin
    marked = [np.any(cell != plain, axis=-1) for cell in (otsu, flow)]
    assert marked[0][corner].mean() > 0.95
    assert marked[1][corner].mean() < 0.01
    assert 0.3 < marked[1].mean() < 0.36


def test_a_cat_made_of_pictures_is_one_from_afar(cells: dict[str, list[list[Array]]]) -> None:
    (target, nearest), (eye, unique) = cells["mosaic_cat"]
    blurred = [cv2.GaussianBlur(each, (0, 0), 15).astype(float) for each in (target, nearest)]
    assert np.abs(blurred[0] - blurred[1]).mean() < 12
    assert np.abs(target.astype(float) - nearest).mean() > 12  # it is made of something else
    enlarged = cv2.resize(nearest[100:233, 150:350], (600, 400), interpolation=cv2.INTER_AREA)
    assert np.corrcoef(enlarged.ravel(), eye.ravel())[0, 1] > 0.5
    tiles = unique.reshape(16, 25, 24, 25, 3).swapaxes(1, 2).reshape(384, -1).astype(float)
    apart = np.abs(tiles[:, np.newaxis] - tiles).mean(axis=2) + 1000 * np.eye(384)
    assert apart.min() > 1
