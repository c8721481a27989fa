"""Draw a recipe, keep it as JSON, replay it to the same bytes; resample once, not five times."""

import sys
from pathlib import Path

import acetate as ia
import acetate.augmenters as iaa


def main(out: Path) -> Path:
    image = ia.samples.page()  # 191 x 384, gray

    pipeline = iaa.Sequential(
        [
            iaa.Rotate((-20, 20)),
            iaa.ScaleX((0.8, 1.0)),
            iaa.ShearY((-10, 10)),
            iaa.ElasticTransformation(alpha=30, sigma=6, order=1),
            iaa.Rotate((-20, 20)),
        ]
    )

    # All the chance is in the recipe; applying it is deterministic. As JSON it can be kept.
    recipe = pipeline.draw(image.shape, seed=3)
    text = recipe.to_json()
    replayed = ia.Recipe.from_json(text)(image=image)
    fused = recipe(image=image)
    assert (fused == replayed).all()

    # Five moves in a row are one map, and the picture is resampled once along it. With
    # fuse=False each move resamples what the one before has left: every time a little blurred.
    stepwise = pipeline.draw(image.shape, seed=3, fuse=False)(image=image)

    # Below each picture, a detail of it.
    rows, columns = slice(60, 130), slice(120, 260)
    detail = [picture[rows, columns] for picture in (image, fused, stepwise)]
    cells = [image, fused, stepwise, *ia.imresize_many_images(detail, (191, 384), "nearest")]

    path = out / "replay.png"
    ia.images.write(path, ia.draw_grid(cells, cols=3))
    return path


if __name__ == "__main__":
    print(main(Path(*sys.argv[1:2])))
