"""What pipelines do to a picture, step by step: scaling, quantiles, terms, places, filters."""

from pathlib import Path

import numpy as np
from lecture import DATA, picture, run, save
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import PolynomialFeatures, QuantileTransformer, RobustScaler

from acetate.draw.figures import show_pipe
from acetate.segment.features import Coordinates, Filters, PixelFlatten


def main(out: Path, data: Path = DATA) -> list[Path]:
    cells = picture(data, "em_image.png")[::2, ::2][:, :256]  # 384 x 256, uint8
    pipelines = {
        # Median and quartiles: a few bright pixels do not squeeze the rest together.
        "scaled": [("scale", RobustScaler())],
        # Two quantiles are the least and the most: the picture from 0 to 1.
        "quantiles": [
            ("least and most", QuantileTransformer(n_quantiles=2)),
            ("all quantiles", QuantileTransformer(n_quantiles=256)),
        ],
        "terms": [("terms", PolynomialFeatures(2))],
    }
    written = []
    for name, steps in pipelines.items():
        fitted = Pipeline([("flatten", PixelFlatten()), *steps]).fit(cells)
        values = fitted.transform(cells)
        print(f"{name}: {values.shape[1]} column(s), {values.min():.3f} to {values.max():.3f}")
        figure = show_pipe(fitted, cells)
        hist = show_pipe(fitted, cells, show_hist=True, show_legend=True)
        written += [
            save(figure, out / f"steps_{name}.png"),
            save(hist, out / f"steps_{name}_h.png"),
        ]

    places = Pipeline(
        [
            ("filters", Filters()),
            ("xy", Coordinates(relative=True)),
            ("polar", Coordinates("polar", relative=True)),
            ("flatten", PixelFlatten()),
            ("scale", RobustScaler()),
        ]
    ).fit(cells)
    print(f"places: {', '.join(places[:3].get_feature_names_out(['em']))}")
    assert np.isfinite(places.transform(cells)).all()
    written.append(save(show_pipe(places, cells, panels_in_row=3), out / "steps_places.png"))
    return written


if __name__ == "__main__":
    run(main)
