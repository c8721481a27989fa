"""Heat on the image rectangle: the kernel that stands for a landmark."""

from acetate.heat.kernel import Peaks, heat_kernel, locate_peak

__all__ = ["Peaks", "heat_kernel", "locate_peak"]
