"""Making a mosaic from the command line: match, write, judge, report."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from acetate import images
from acetate.arrays import Array
from acetate.cli.facts import write_facts
from acetate.cli.mosaic_outputs import check_outputs
from acetate.cli.pictures import for_eyes
from acetate.geometry import Frame
from acetate.mosaic.assemble import Judged, assemble, check_assembly, judge
from acetate.mosaic.library import Library
from acetate.mosaic.match import Matches, match, random_matches, write_json, write_tsv

Progress = Callable[[int, int | None, str], None]

_BESIDE = ("matches.tsv", "matches.json", "report.json")  # after the name of the mosaic


@dataclass(frozen=True)
class Order:
    """A mosaic that is wanted: the options of `acetate mosaic make`."""

    target: Path
    library: Path
    out: Path
    grid: Frame
    kind: tuple[str, int]
    features: str
    min_distance: int
    tint: float
    quality: int
    zoom: Path | None
    seed: int


def make_mosaic(order: Order, progress: Progress) -> list[str]:
    """Write a mosaic, its tables and its report, and return the report's lines.

    Raises
    ------
    OSError, ValueError
        If a file cannot be read or written, one that is read would be, or there are too few tiles.
    """
    target = for_eyes(images.read(order.target, alpha="over_white"))
    tsv, json, report = (_beside(order.out, name) for name in _BESIDE)
    with Library(order.library) as library:
        read = [order.target, order.library, *map(Path, library.paths)]
        check_outputs((order.out, tsv, json, report), read)
        check_assembly(order.out, library, order.grid, order.tint, order.zoom)
        kind, capacity = order.kind
        matches = match(
            target,
            library,
            order.grid,
            kind,
            capacity,
            order.features,
            order.min_distance,
            order.seed,
            progress,
        )
        given = (target, order.tint, order.quality, order.zoom, progress)
        assemble(order.out, library, matches, *given)
        write_tsv(tsv, matches, library.paths)
        write_json(json, matches, library.paths)
        judged = _judged(target, library, matches, order)
    facts = {"gap": matches.gap, "features": matches.features, "judged": judged}
    write_facts(report, facts)
    return _lines(judged, matches, str(order.out))


def _beside(out: Path, name: str) -> Path:
    return out.with_name(f"{out.name}.{name}")


def _judged(target: Array, library: Library, matches: Matches, order: Order) -> list[Judged]:
    others = [random_matches(target, library, order.grid, order.features, order.seed)]
    if (matches.kind, order.min_distance) != ("nearest", 0):
        others.insert(0, match(target, library, order.grid, "nearest", features=order.features))
    return [judge(target, library, each) for each in (matches, *others)]


def _lines(judged: Sequence[Judged], matches: Matches, out: str) -> list[str]:
    names = ("match", "unique tiles", "mean cost", "ΔE", "SSIM")
    rows = [
        (j.match, str(j.unique), f"{j.cost:.1f}", f"{j.delta_e:.2f}", f"{j.ssim:.3f}")
        for j in judged
    ]
    gap = "the least there is" if matches.gap == 0 else f"at most {matches.gap:.4g} above the least"
    total = f"{out}: {matches.tiles.size} cells, {matches.unique} tiles; cost {matches.cost:.6g}, "
    return [total + gap, *("  ".join(map(str.rjust, row, _WIDTHS)) for row in (names, *rows))]


_WIDTHS = (8, 12, 9, 6, 6)
