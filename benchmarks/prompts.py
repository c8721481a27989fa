"""Measure prompted segmentation beside its peers, one thread, in the same run.

    OMP_NUM_THREADS=1 python benchmarks/prompts.py [--quick] [--pictures FOLDER]

Objects drawn by hand on sample pictures, and single nuclei of ../shared/data. A box is the true
one grown by a tenth; strokes are pieces of the skeletons of the object and of what is around it.
Prints mean IoU, median milliseconds, and the median of how many times as long a peer took on the
same picture; --pictures draws what HeatCut found (magenta) over the truth (green). --quick leaves
out the random walker and most nuclei.
"""

import argparse
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from skimage.morphology import skeletonize
from skimage.segmentation import random_walker

from acetate import images, samples
from acetate.measure import iou
from acetate.segment import HeatCut, polygon_mask

cv2.setNumThreads(1)

DATA = Path(__file__).parents[2] / "shared" / "data"
NUCLEI_A_PICTURE, LEAST_NUCLEUS = 2, 100
GROWN = 0.1
SEEDS = 3
# Parts of the skeletons that are drawn, and how often.
INSIDE, OUTSIDE, PIECES = 0.4, 0.15, 2

# Corners (x, y) in pixels, drawn by hand on the pictures.
POLYGONS = {
    ("coffee", "saucer"): (
        "178,75 134,95 103,129 83,174 76,214 83,259 105,306 143,341 192,370 250,387 303,389 "
        "357,381 406,360 446,328 471,286 480,232 476,192 464,154 442,125 418,106 425,80 "
        "422,69 408,67 398,73 379,51 348,31 312,20 286,18 250,21 219,32 192,56"
    ),
    ("coffee", "cup"): (
        "173,109 178,80 192,56 219,32 250,21 286,18 312,20 348,31 379,51 398,73 408,100 "
        "407,129 393,152 370,178 339,199 303,208 263,204 223,185 192,156 177,134"
    ),
    ("astronaut", "person"): (
        "52,512 28,483 23,436 21,408 26,347 35,305 47,263 70,237 113,206 115,188 127,173 "
        "141,155 164,149 185,149 182,131 173,123 157,98 154,70 162,54 188,40 202,26 234,16 "
        "263,23 281,38 298,59 301,87 295,113 279,129 270,137 265,159 256,173 281,202 300,225 "
        "306,237 328,246 342,263 349,281 359,319 365,347 399,344 436,351 469,380 488,417 "
        "495,450 504,455 512,469 512,512"
    ),
    ("astronaut", "head"): (
        "188,177 186,171 185,149 182,131 173,123 157,98 154,70 162,54 188,40 202,26 234,16 "
        "263,23 281,38 298,59 301,87 295,113 279,129 270,137 265,159 253,188 202,185"
    ),
    ("astronaut", "helmet"): (
        "281,512 279,469 284,436 300,399 324,370 356,352 399,344 436,351 469,380 488,417 "
        "495,450 504,455 512,469 512,512"
    ),
    ("cat", "left eye"): (
        "138,110 141,95 151,88 167,86 184,90 197,101 203,120 197,137 184,143 167,143 151,136 "
        "142,124"
    ),
    ("cat", "right eye"): (
        "295,141 301,124 314,114 330,110 340,115 341,127 336,144 323,160 308,162 298,157"
    ),
    ("cat", "nose"): (
        "241,231 254,225 274,227 292,233 289,239 278,249 268,259 258,263 252,258 249,244"
    ),
    ("flower", "dahlia"): (
        "317,85 334,91 353,91 369,98 388,112 405,117 412,136 427,145 434,172 431,181 443,195 "
        "446,222 446,243 437,260 431,276 424,293 414,305 410,322 396,333 381,338 367,349 "
        "334,358 291,360 272,352 248,350 224,334 205,319 193,300 183,286 179,272 172,253 "
        "174,238 169,224 171,205 180,191 176,179 181,169 189,164 188,148 203,137 206,123 "
        "224,114 243,100 272,94 291,91"
    ),
    ("rocket", "rocket"): (
        "324,127 330,136 334,148 335,167 334,179 330,180 330,238 331,253 331,405 312,405 "
        "312,253 315,238 315,180 311,177 311,148 315,136"
    ),
    ("camera", "man"): (
        "0,260 23,230 35,206 61,162 80,141 113,126 131,123 145,110 162,106 169,89 188,70 "
        "202,64 225,68 248,84 270,110 270,129 256,141 324,140 324,155 320,169 331,176 332,202 "
        "319,216 300,220 300,248 305,274 281,291 246,313 206,294 178,333 141,382 150,422 "
        "151,512 141,512 117,469 99,448 96,483 89,512 0,512"
    ),
    ("motorcycle", "tank"): (
        "325,228 357,206 391,179 424,166 446,162 469,167 488,184 487,206 474,226 460,237 "
        "430,239 385,240 347,249"
    ),
    ("motorcycle", "seat"): (
        "151,176 162,165 190,163 240,169 268,190 296,193 335,190 357,193 346,206 325,228 "
        "301,240 276,256 257,243 223,220 167,208 153,190"
    ),
}
# Centre and half axes of coins, nearly ellipses.
ELLIPSES = {
    ("coins", "1"): (44.6, 53.9, 22.1, 20.3),
    ("coins", "3"): (155.5, 50.8, 23.4, 22.4),
    ("coins", "5"): (275.8, 52.7, 20.6, 19.0),
    ("coins", "11"): (270.5, 120.0, 24.9, 24.3),
    ("coins", "18"): (347.5, 186.7, 31.8, 30.9),
    ("coins", "21"): (172.4, 261.8, 28.4, 25.6),
}


Peer = Callable[[np.ndarray, Any], np.ndarray]


@dataclass(frozen=True)
class Case:
    """A picture, what is meant in it, and what the user says."""

    name: str
    image: np.ndarray
    truth: np.ndarray
    prompt: Any


def objects() -> list[tuple[str, np.ndarray, np.ndarray]]:
    found = []
    for (name, part), text in POLYGONS.items():
        image = samples.picture(name)
        corners = [tuple(map(float, pair.split(","))) for pair in text.split()]
        found.append((f"{name}-{part}", image, polygon_mask(image, corners)))
    angles = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    for (name, part), (x, y, across, down) in ELLIPSES.items():
        image = samples.picture(name)
        corners = np.stack([x + across * np.cos(angles), y + down * np.sin(angles)], axis=1)
        found.append((f"{name}-{part}", image, polygon_mask(image, corners)))
    return found


def nuclei(quick: bool) -> list[tuple[str, np.ndarray, np.ndarray]]:
    found = []
    for file in sorted((DATA / "nuclei" / "images").glob("*.png"))[:: 8 if quick else 1]:
        image, labels = (
            images.read(file),
            images.read_labels(DATA / "nuclei" / "labels" / file.name),
        )
        sizes = np.bincount(labels.ravel())
        numbers = np.flatnonzero(sizes >= LEAST_NUCLEUS)[1:]
        chosen = np.random.default_rng(0).permutation(numbers)[:NUCLEI_A_PICTURE]
        found += [(f"{file.stem[:6]}-{n}", image, labels == n) for n in chosen]
    return found


def box_around(truth: np.ndarray) -> tuple[int, int, int, int]:
    """Return the true box, grown by a tenth but a pixel at least, and cut off at the borders."""
    (y1, y2), (x1, x2) = (
        (int(taken[0]), int(taken[-1]) + 1)
        for taken in (np.flatnonzero(truth.any(axis=axis)) for axis in (1, 0))
    )
    across, down = (max(1.0, GROWN * side / 2) for side in (x2 - x1, y2 - y1))
    height, width = truth.shape
    return (
        max(0, round(x1 - across)),
        max(0, round(y1 - down)),
        min(width, round(x2 + across)),
        min(height, round(y2 + down)),
    )


def strokes(truth: np.ndarray, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    drawn = np.zeros(truth.shape, np.uint8)
    for _ in range(PIECES):
        drawn[piece(~truth, OUTSIDE, rng)] = 1
    drawn[piece(truth, INSIDE, rng)] = 2
    return drawn


def piece(region: np.ndarray, part: float, rng: np.random.Generator) -> np.ndarray:
    """Draw, three pixels wide, what is nearest to some point of the region's skeleton on it."""
    padded = np.pad(region, 1).astype(np.uint8)
    depth = cv2.distanceTransform(padded, cv2.DIST_L2, 5)[1:-1, 1:-1]
    line = skeletonize(region) & (depth > min(2.5, 0.7 * depth.max()))
    points = np.argwhere(line if line.any() else depth == depth.max())
    wanted = max(3, int(part * len(points)))
    left = {tuple(p) for p in points.tolist()}
    queue = [tuple(points[rng.integers(len(points))].tolist())]
    left.discard(queue[0])
    for y, x in queue:
        near = [(y + dy, x + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
        queue += [p for p in near if p in left]
        left.difference_update(near)
        if len(queue) >= wanted:
            break
    drawn = np.zeros(region.shape, np.uint8)
    drawn[tuple(np.transpose(queue[:wanted]))] = 1
    return (cv2.dilate(drawn, np.ones((3, 3), np.uint8)) > 0) & region


def heat_cut(image: np.ndarray, prompt: Any) -> np.ndarray:
    return HeatCut().segment(image, prompt).mask


def grab_cut(image: np.ndarray, mask: np.ndarray, box: Any, mode: int) -> np.ndarray:
    bgr = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR if image.ndim == 2 else cv2.COLOR_RGB2BGR)
    cv2.setRNGSeed(0)
    cv2.grabCut(bgr, mask, box, np.zeros((1, 65)), np.zeros((1, 65)), 5, mode)
    return (mask & 1) > 0


def grab_cut_box(image: np.ndarray, box: Any) -> np.ndarray:
    x1, y1, x2, y2 = box
    mask = np.zeros(image.shape[:2], np.uint8)
    return grab_cut(image, mask, (x1, y1, x2 - x1, y2 - y1), cv2.GC_INIT_WITH_RECT)


def grab_cut_strokes(unmarked: int) -> Peer:
    """Return it with what is not marked as probable foreground or background at first."""
    table = np.array([unmarked, cv2.GC_BGD, cv2.GC_FGD], np.uint8)
    return lambda image, drawn: grab_cut(image, table[drawn], None, cv2.GC_INIT_WITH_MASK)


def walker(image: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    axis = -1 if image.ndim == 3 else None
    with warnings.catch_warnings():
        # "The probability range is outside [0, 1]": what it returns is judged all the same.
        warnings.simplefilter("ignore")
        return random_walker(image, drawn.astype(int), 130, mode="cg_j", channel_axis=axis) == 2


def timed(peer: Peer, case: Case) -> tuple[np.ndarray, float]:
    prompt = case.prompt.copy() if isinstance(case.prompt, np.ndarray) else case.prompt
    begin = time.process_time()
    found = peer(case.image, prompt)
    return found, (time.process_time() - begin) * 1e3


def table(title: str, peers: dict[str, Peer], cases: Sequence[Case], folder: Path | None) -> None:
    for peer in peers.values():
        peer(cases[0].image, cases[0].prompt)
    results: dict[str, list[tuple[np.ndarray, float]]] = {name: [] for name in peers}
    for case in cases:
        for name, peer in peers.items():
            results[name].append(timed(peer, case))
    first = next(iter(peers))
    ours = np.array([ms for _, ms in results[first]])
    print(f"\n{title}\n\n| method | mean IoU | median IoU | ms | times {first} |")
    print("|---|---|---|---|---|")
    for name, found in results.items():
        scores = [iou(mask, case.truth) for (mask, _), case in zip(found, cases, strict=True)]
        taken = np.array([ms for _, ms in found])
        print(
            f"| {name} | {np.mean(scores):.3f} | {np.median(scores):.3f} | "
            f"{np.median(taken):.1f} | {np.median(taken / ours):.1f} |",
            flush=True,
        )
    if folder:
        for case, (mask, _) in zip(cases, results[first], strict=True):
            draw(case, mask, folder / f"{title.split(':')[0]}-{case.name}.png")


def draw(case: Case, mask: np.ndarray, file: Path) -> None:
    gray = case.image.ndim == 2
    canvas = cv2.cvtColor(case.image, cv2.COLOR_GRAY2RGB) if gray else case.image.copy()
    if isinstance(case.prompt, np.ndarray):
        canvas[case.prompt == 1], canvas[case.prompt == 2] = (255, 255, 0), (0, 255, 255)
    else:
        x1, y1, x2, y2 = case.prompt
        cv2.rectangle(canvas, (x1, y1), (x2 - 1, y2 - 1), (255, 255, 0), 1)
    for region, colour in ((case.truth, (0, 255, 0)), (mask, (255, 0, 255))):
        lines, _ = cv2.findContours(region.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
        cv2.drawContours(canvas, lines, -1, colour, 1)
    file.parent.mkdir(parents=True, exist_ok=True)
    images.write(file, canvas)


def main() -> None:
    parser = argparse.ArgumentParser(description="Prompted segmentation beside its peers.")
    parser.add_argument("--quick", action="store_true", help="leave out what takes minutes")
    parser.add_argument("--pictures", type=Path, help="a folder for what was found")
    arguments = parser.parse_args()
    boxes: dict[str, Peer] = {"HeatCut()": heat_cut, "grabCut, 5": grab_cut_box}
    drawn: dict[str, Peer] = {
        "HeatCut()": heat_cut,
        "grabCut, 5, else foreground": grab_cut_strokes(cv2.GC_PR_FGD),
        "grabCut, 5, else background": grab_cut_strokes(cv2.GC_PR_BGD),
    }
    if not arguments.quick:
        drawn["random_walker, cg_j"] = walker
    kinds = {"objects": objects(), "nuclei": nuclei(arguments.quick)}
    for kind, found in kinds.items():
        cases = [Case(name, image, truth, box_around(truth)) for name, image, truth in found]
        # grabCut needs some background for sure.
        cases = [c for c in cases if c.prompt != (0, 0, *c.truth.shape[::-1])]
        table(f"box {kind}: {len(cases)}", boxes, cases, arguments.pictures)
    for kind, found in kinds.items():
        seeds = range(SEEDS if kind == "objects" else 1)
        cases = [
            Case(f"{name}-{seed}", image, truth, strokes(truth, seed))
            for name, image, truth in found[:: 1 if kind == "objects" else 2]
            for seed in seeds
        ]
        table(f"strokes {kind}: {len(cases)}", drawn, cases, arguments.pictures)


if __name__ == "__main__":
    main()
