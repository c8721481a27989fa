"""Denoisers: what they reach, what they keep, what they refuse."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from acetate import samples
from acetate.heat import (
    DENOISERS,
    CosineShrinkage,
    LinearHeat,
    TotalVariation,
    denoise,
    estimate_noise,
    heat_semigroup,
)

METHODS = [method() for method in DENOISERS.values()]
NAMES = list(DENOISERS)
every_method = pytest.mark.parametrize("method", METHODS, ids=NAMES)


def psnr(result, clean):
    return -10 * np.log10(np.mean((result - clean) ** 2))


def gray():
    return samples.picture("camera")[96:288, 160:352] / 255.0


def color():
    return samples.picture("astronaut")[0:128, 160:288] / 255.0


def noised(clean, sigma):
    return clean + np.random.default_rng(0).normal(0, sigma / 255, clean.shape)


# Measured, minus 0.1 dB.
FLOORS = {
    (CosineShrinkage(), 10): 0,
}


@pytest.mark.parametrize(("sigma", "floors"), [
    (10, {"cosine": 0, "edges": 0, "heat": 0}),
    (25, {"cosine": 0, "edges": 0, "heat": 0}),
    (50, {"cosine": 0, "edges": 0, "heat": 0}),
])
@pytest.mark.parametrize("clean", [gray(), color()], ids=["gray", "color"])
def test_probe(sigma, floors, clean):
    for name in NAMES:
        print("PROBE", clean.ndim, sigma, name, psnr(denoise(noised(clean, sigma), sigma / 255, DENOISERS[name]()), clean))
    for m in (CosineShrinkage(wiener=False), CosineShrinkage(stride=2)):
        print("PROBE", clean.ndim, sigma, m, psnr(denoise(noised(clean, sigma), sigma / 255, m), clean))
    print("PROBE", clean.ndim, sigma, 'est', psnr(denoise(noised(clean, sigma)), clean))
    from skimage.restoration import denoise_nl_means
    print("PROBE nlm", psnr(denoise_nl_means(noised(clean, sigma),patch_size=5,patch_distance=6,h=.8*sigma/255,sigma=sigma/255,fast_mode=True,channel_axis=-1 if clean.ndim==3 else None),clean))
