"""Heat on the image rectangle: the semigroup and its kernels, and what they are good for."""

from acetate.heat.blur import diffuse
from acetate.heat.corrupt import HeatCorruption
from acetate.heat.cosine import CosineShrinkage
from acetate.heat.denoise import DENOISERS, Denoiser, denoise
from acetate.heat.kernel import Peaks, heat_kernel, locate_peak
from acetate.heat.kernels import disk_kernel, gaussian_kernel, interval_kernel, theta_kernel
from acetate.heat.linear import LinearHeat
from acetate.heat.noise import estimate_noise
from acetate.heat.planes import Denoised
from acetate.heat.semigroup import heat_semigroup
from acetate.heat.total_variation import TotalVariation

__all__ = [
    "CosineShrinkage",
    "DENOISERS",
    "Denoised",
    "Denoiser",
    "HeatCorruption",
    "LinearHeat",
    "Peaks",
    "TotalVariation",
    "denoise",
    "diffuse",
    "disk_kernel",
    "estimate_noise",
    "gaussian_kernel",
    "heat_kernel",
    "heat_semigroup",
    "interval_kernel",
    "locate_peak",
    "theta_kernel",
]
