"""A cat made of pictures: the nearest of 600 for each cell, and each of them once."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2

import acetate as ia
from acetate.mosaic import Tiles, assemble, match

SIZE = (600, 400)


def main(out: Path) -> Path:
    target = ia.samples.cat(SIZE[::-1])
    with TemporaryDirectory() as folder:
        # 600 parts of a few sample photographs, in other light; in earnest they are your own.
        pictures = ia.samples.photo_collection(folder, 600, size=100)
        tiles = Tiles(map(ia.images.read, pictures), tile=(30, 30))

        mosaics = []
        for kind, grid in (("nearest", (40, 60)), ("unique", (16, 24))):
            found = match(target, tiles, grid, kind, features="lab2x2")
            assemble(Path(folder, "mosaic.png"), tiles, found, target, tint=0.25)
            mosaics.append(ia.images.read(Path(folder, "mosaic.png")))

    nearest, unique = (cv2.resize(each, SIZE, interpolation=cv2.INTER_AREA) for each in mosaics)
    eye = mosaics[0][300:700, 450:1050]  # of the first, from near
    path = out / "mosaic_cat.png"
    ia.images.write(path, ia.draw_grid([target, nearest, eye, unique], cols=2))
    return path


if __name__ == "__main__":
    print(main(Path(*sys.argv[1:2])))
