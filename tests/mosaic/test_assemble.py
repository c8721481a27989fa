"""Assembling: rows streamed into files, tints, pyramids, the viewer page, collages."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from acetate import images, samples
from acetate.mosaic import Library, assemble, collage, index, match
from acetate.mosaic.assemble.pyramid import Pyramid
from acetate.mosaic.assemble.strips import mosaic_strips
from acetate.mosaic.assemble.writing import blocks, write_rows

TILE, GRID = (16, 24), (5, 6)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("library")
    samples.photo_collection(folder, 40, size=64)
    index(folder, folder / "tiles.h5", TILE)
    with Library(folder / "tiles.h5") as opened:
        yield opened


@pytest.fixture(scope="module")
def matches(library):
    return match(samples.coffee(), library, GRID)


def whole(library, matches) -> np.ndarray:
    return np.concatenate([np.concatenate(list(library.pixels(r)), axis=1) for r in matches.tiles])


def in_parts(image, heights) -> list[np.ndarray]:
    return np.split(image, np.cumsum(heights)[:-1])


class TestWriting:
    @pytest.mark.parametrize("size", [(300, 200), (129, 77), (8, 8), (1, 1), (128, 9), (700, 3)])
    def test_a_jpeg_is_that_of_the_whole(self, tmp_path, size):
        image = samples.coffee(size)
        heights = [max(1, size[0] // 3)] * 3
        heights = [*heights, size[0] - sum(heights)] if size[0] > 3 else [size[0]]
        write_rows(tmp_path / "a.jpg", size, in_parts(image, heights), quality=80)
        Image.fromarray(image).save(tmp_path / "b.jpg", quality=80, subsampling=0)
        assert np.array_equal(images.read(tmp_path / "a.jpg"), images.read(tmp_path / "b.jpg"))

    def test_a_wide_jpeg(self, tmp_path):
        image = np.tile(samples.coffee((40, 400)), (1, 160, 1))
        write_rows(tmp_path / "a.jpg", image.shape[:2], [image])
        Image.fromarray(image).save(tmp_path / "b.jpg", quality=90, subsampling=0)
        assert np.array_equal(images.read(tmp_path / "a.jpg"), images.read(tmp_path / "b.jpg"))

    @pytest.mark.parametrize("suffix", [".png", ".tif", ".tiff"])
    @pytest.mark.parametrize("size", [(300, 200), (129, 77), (1, 1), (256, 9)])
    def test_png_and_tiff_lose_nothing(self, tmp_path, suffix, size):
        image = samples.coffee(size)
        path = tmp_path / f"a{suffix}"
        write_rows(path, size, in_parts(image, [size[0] - size[0] // 2, size[0] // 2]))
        assert np.array_equal(images.read(path), image)

    @given(st.lists(st.integers(0, 9), max_size=9), st.integers(1, 7))
    def test_blocks_are_the_same_rows(self, heights, high):
        rows = np.arange(sum(heights))[:, None, None]
        found = list(blocks(in_parts(rows, heights) if heights else [], high))
        assert [len(block) for block in found[:-1]] == [high] * (len(found) - 1)
        assert not found or np.array_equal(np.concatenate(found), rows)

    @pytest.mark.parametrize(
        ("name", "shape", "rows", "message"),
        [
            ("a.gif", (4, 4), [np.zeros((4, 4, 3), np.uint8)], "the suffix must be one of"),
            ("a.jpg", (4, 70_000), [], "JPEG ends at 65,535 pixels a side"),
            ("a.png", (4, 4), [np.zeros((3, 4, 3), np.uint8)], "has 4 rows, got 3"),
            ("a.png", (4, 4), [np.zeros((5, 4, 3), np.uint8)], "has 4 rows, got 5"),
            ("a.png", (4, 4), [np.zeros((4, 5, 3), np.uint8)], r"shape \(any, 4, 3\), got"),
        ],
    )
    def test_what_cannot_be_written(self, tmp_path, name, shape, rows, message):
        with pytest.raises(ValueError, match=message):
            write_rows(tmp_path / name, shape, rows)
        assert not list(tmp_path.iterdir())


class TestMosaic:
    def test_tiles_lie_where_they_were_matched(self, library, matches, tmp_path):
        assemble(tmp_path / "m.png", library, matches)
        assert np.array_equal(images.read(tmp_path / "m.png"), whole(library, matches))

    def test_a_tint_moves_mean_colours_to_the_target(self, library, matches):
        image = np.full((50, 60, 3), (150, 120, 90), np.uint8)
        means = {}
        for tint in (0.0, 0.5, 1.0):
            strips = list(mosaic_strips(library, matches, image, tint))
            means[tint] = np.abs(np.concatenate(strips).mean((0, 1)) - (150, 120, 90)).mean()
        assert means[1.0] < means[0.5] < means[0.0]
        assert means[1.0] < 8  # what is clipped

    def test_progress(self, library, matches, tmp_path):
        seen = []
        assemble(tmp_path / "m.jpg", library, matches, progress=lambda *s: seen.append(s[:2]))
        assert seen == [(k, 5) for k in range(1, 6)]

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"tint": 1.5, "image": samples.cat(9)}, r"tint must lie in \[0, 1\], got 1.5"),
            ({"tint": 0.5}, "a tint needs the target"),
            ({"quality": 0}, r"quality must lie in \[1, 100\], got 0"),
        ],
    )
    def test_what_makes_no_sense(self, library, matches, tmp_path, arguments, message):
        with pytest.raises(ValueError, match=message):
            assemble(tmp_path / "m.jpg", library, matches, **arguments)
        assert not list(tmp_path.iterdir())

    @pytest.mark.parametrize("suffix", ["jpg", "png", "tif"])
    def test_memory_does_not_grow_with_height(self, library, tmp_path, suffix):
        """80 MB of pixels, in a few MB more than 8 MB of pixels take."""
        path = tmp_path / f"m.{suffix}"
        low, high = (peak_memory(library.path, path, rows) for rows in (30, 300))
        assert high - low < 30
        with Image.open(path) as picture:
            assert picture.size == (6000, 4800)


def peak_memory(library: Path, out: Path, rows: int) -> int:
    """Return the MB of a process that assembles so many rows."""
    script = (
        "import sys, resource, numpy as np\n"
        "from acetate.mosaic import Library, Matches, assemble\n"
        "library = Library(sys.argv[1])\n"
        "tiles = np.resize(np.arange(40), (int(sys.argv[3]), 250))\n"
        "zoom = sys.argv[2] + '.zoom' if 'jpg' in sys.argv[2] else None\n"
        "found = Matches(tiles, tiles * 1.0, 'x', 'mean', 0)\n"
        "assemble(sys.argv[2], library, found, zoom=zoom)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)\n"
    )
    command = [sys.executable, "-c", script, str(library), str(out), str(rows)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(done.stdout)


class TestPyramid:
    @pytest.mark.parametrize("shape", [(700, 517), (256, 512), (1, 1), (255, 257), (3, 900)])
    @pytest.mark.parametrize("high", [50, 256, 1000])
    def test_each_level_is_the_picture(self, tmp_path, shape, high):
        image = samples.coffee(shape)
        pyramid = Pyramid(tmp_path, shape, quality=98)
        for strip in blocks([image], high):
            pyramid.add(strip)
        pyramid.finish()
        size = ElementTree.parse(tmp_path / "mosaic.dzi").getroot()[0].attrib
        assert (int(size["Height"]), int(size["Width"])) == shape
        folders = sorted((tmp_path / "mosaic_files").iterdir(), key=lambda f: int(f.name))
        wanted = image.mean(axis=2)  # of the colours JPEG keeps less
        for folder in reversed(folders):
            level = pasted(folder)
            assert level.shape[:2] == wanted.shape
            assert np.abs(level.mean(axis=2) - wanted).mean() < 4
            wanted = halved(wanted)
        assert level.shape == (1, 1, 3)


def halved(image: np.ndarray) -> np.ndarray:
    height, width = image.shape
    even = np.pad(image, ((0, height % 2), (0, width % 2)), mode="edge")
    return even.reshape(even.shape[0] // 2, 2, even.shape[1] // 2, 2).mean(axis=(1, 3))


def pasted(folder: Path) -> np.ndarray:
    """Return the tiles of a level as one picture."""
    names = [re.fullmatch(r"(\d+)_(\d+)\.jpg", path.name).groups() for path in folder.iterdir()]
    across = 1 + max(int(column) for column, _ in names)
    down = 1 + max(int(row) for _, row in names)
    assert len(names) == across * down
    rows = [
        np.concatenate([images.read(folder / f"{c}_{r}.jpg") for c in range(across)], axis=1)
        for r in range(down)
    ]
    return np.concatenate(rows)


class TestViewer:
    def test_it_knows_the_tile_of_every_cell(self, library, matches, tmp_path):
        assemble(tmp_path / "m.jpg", library, matches, zoom=tmp_path / "viewer")
        text = (tmp_path / "viewer" / "cells.js").read_text()
        facts = json.loads(text.removeprefix("const MOSAIC = ").removesuffix(";\n"))
        names = [facts["names"][cell] for cell in facts["cells"]]
        assert names == [Path(library.paths[tile]).name for tile in matches.tiles.ravel()]
        assert (facts["height"], facts["width"]) == (80, 144)
        files = {path.name for path in (tmp_path / "viewer").iterdir()}
        assert files == {"index.html", "viewer.js", "cells.js", "mosaic.dzi", "mosaic_files"}

    def test_a_viewer_is_replaced_other_files_are_not(self, library, matches, tmp_path):
        for _ in range(2):
            assemble(tmp_path / "m.jpg", library, matches, zoom=tmp_path / "viewer")
        (tmp_path / "viewer" / "mine.txt").touch()
        with pytest.raises(ValueError, match="viewer holds other files than a viewer"):
            assemble(tmp_path / "m.jpg", library, matches, zoom=tmp_path / "viewer")
        assert {path.name for path in tmp_path.iterdir()} == {"m.jpg", "viewer"}

    def test_nothing_half_made_is_left(self, library, matches, tmp_path):
        def stop(*_):
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            assemble(tmp_path / "m.jpg", library, matches, zoom=tmp_path / "v", progress=stop)
        assert not list(tmp_path.iterdir())

    @pytest.mark.slow
    @pytest.mark.skipif(
        shutil.which("chromium") is None, reason="there is no Chromium to look with"
    )
    def test_a_browser_shows_it_from_disk(self, library, matches, tmp_path):
        assemble(tmp_path / "m.jpg", library, matches, zoom=tmp_path / "viewer")
        page = tmp_path / "viewer" / "index.html"
        probe = tmp_path / "viewer" / "probe.html"
        probe.write_text(page.read_text().replace("</body>", PROBE))
        command = ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu"]
        command += ["--window-size=600,400", "--virtual-time-budget=5000", "--dump-dom"]
        done = subprocess.run([*command, probe.as_uri()], capture_output=True, text=True)
        seen = json.loads(re.search("<title>(.*)</title>", done.stdout)[1])
        row, column = seen["under"]["row"], seen["under"]["column"]
        name = Path(library.paths[matches.tiles[row, column]]).name
        assert f">{name}</div>" in done.stdout
        assert seen["after"] > 2 * seen["before"]
        assert seen["loaded"] > 0


PROBE = """<script>
const before = scale;
setTimeout(() => {
  const at = { clientX: 300, clientY: 200, bubbles: true, cancelable: true };
  const turn = { ...at, deltaY: -200 };
  for (let k = 0; k < 3; k++) canvas.dispatchEvent(new WheelEvent("wheel", turn));
  window.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft" }));
  canvas.dispatchEvent(new PointerEvent("pointermove", at));
}, 300);
setTimeout(() => {
  const loaded = [...pictures.values()].filter((each) => each.naturalWidth).length;
  document.title = JSON.stringify({ before, after: scale, under, loaded });
}, 1500);
</script></body>"""


class TestCollage:
    def test_pictures_lie_side_by_side(self):
        flat = [np.full((10 + k, 30, 3), 40 * k, np.uint8) for k in range(5)]
        found = collage(flat, columns=3, tile=(4, 6))
        assert found.shape == (8, 18, 3)
        for k in range(5):
            row, column = divmod(k, 3)
            part = found[row * 4 : row * 4 + 4, column * 6 : column * 6 + 6]
            assert (part == 40 * k).all()
        assert (found[4:, 12:] == 255).all()

    def test_about_square_without_columns(self):
        assert collage([samples.cat(9)] * 10, tile=(5, 5)).shape == (15, 20, 3)

    @pytest.mark.parametrize("arguments", [{"images": []}, {"columns": 0}, {"tile": (0, 5)}])
    def test_what_makes_no_sense(self, arguments):
        with pytest.raises(ValueError, match="at least"):
            collage(**{"images": [samples.cat(9)], **arguments})
