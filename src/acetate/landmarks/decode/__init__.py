"""From heatmaps to points: the decoders by name, each with a confidence and a covariance."""

from acetate.landmarks.decode.by_name import DECODERS, decode, decoder_named
from acetate.landmarks.decode.dark import Dark
from acetate.landmarks.decode.decoded import Decoded, Decoder
from acetate.landmarks.decode.log_quadratic import LogQuadratic
from acetate.landmarks.decode.mass import CentreOfMass, SoftArgMax
from acetate.landmarks.decode.maximum import ArgMax, QuarterOffset

__all__ = [
    "ArgMax",
    "CentreOfMass",
    "DECODERS",
    "Dark",
    "Decoded",
    "Decoder",
    "LogQuadratic",
    "QuarterOffset",
    "SoftArgMax",
    "decode",
    "decoder_named",
]
