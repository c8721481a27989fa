"""Networks of the landmark detectors: milliseconds a picture on one thread, forward and training.

    OMP_NUM_THREADS=1 python benchmarks/networks.py [--rounds N] [--sizes 128,256,768]

Prints a table for gray pictures and five landmarks: CPU time a picture, the best of the rounds, of
a forward pass and of a training step (forward, backward, no optimiser). "as usual" is the same
network with tensors in the usual order, channels first, as timm's and the authors' code runs it.
Then the heads: ours beside the one its paper draws, which enlarges and joins all maps before its
first convolution, on the maps of hrnet_w18_small and with the same number of channels.
"""

import argparse
import time
from collections.abc import Callable

import torch
from torch import nn
from torch.nn import functional as F

from acetate.landmarks.detector import HeatmapDetector, RegressionDetector
from acetate.landmarks.network.head import HighResolutionHead
from acetate.landmarks.network.hrnet import VARIANTS, HRNet

LANDMARKS = 5
PIXELS = 8 * 128**2  # of a batch: as many pictures as that, at least one


class PaperHead(nn.Module):
    """All maps enlarged and joined, then a convolution: the head as its paper draws it."""

    def __init__(self, channels: tuple[int, ...], outputs: int, width: int = 64) -> None:
        super().__init__()
        self.mix = nn.Conv2d(sum(channels), width, 1, bias=False)
        self.norm = nn.BatchNorm2d(width)
        self.final = nn.Conv2d(width, outputs, 1)

    def forward(self, maps: list[torch.Tensor]) -> torch.Tensor:
        """Return raw heatmaps."""
        size = maps[0].shape[-2:]
        large = [F.interpolate(each, size, mode="bilinear") for each in maps[1:]]
        return self.final(torch.relu(self.norm(self.mix(torch.cat([maps[0], *large], 1)))))


def usual(detector: nn.Module) -> Callable[[torch.Tensor], torch.Tensor]:
    """Return the detector's function with tensors in the usual order."""
    plain = detector.to(memory_format=torch.contiguous_format)
    return lambda images: plain.head(plain.body((images - plain.mean) / plain.std))


def best(call: Callable[[], object], rounds: int) -> float:
    """Return the least CPU time in milliseconds, after a first call that does not count."""
    call()
    times = list[float]()
    for _ in range(rounds):
        start = time.process_time()
        call()
        times.append(time.process_time() - start)
    return 1000 * min(times)


def forward_and_step(
    call: Callable[[torch.Tensor], torch.Tensor],
    owner: nn.Module,
    images: torch.Tensor,
    rounds: int,
) -> tuple[float, float]:
    """Return the milliseconds a picture of a forward pass and of a training step."""

    def step() -> None:
        owner.zero_grad()
        call(images).square().mean().backward()

    owner.eval()
    with torch.no_grad():
        forward = best(lambda: call(images), rounds)
    owner.train()
    return forward / len(images), best(step, rounds) / len(images)


DETECTORS: dict[str, Callable[[], nn.Module]] = {
    "light": lambda: HeatmapDetector(LANDMARKS, "light", in_channels=1),
    "light, stride 2": lambda: HeatmapDetector(LANDMARKS, "light", 2, in_channels=1),
    "light, regression": lambda: RegressionDetector(LANDMARKS, "light", in_channels=1),
    "hrnet_w18_small": lambda: HeatmapDetector(LANDMARKS, in_channels=1),
    "hrnet_w18_small, stride 2": lambda: HeatmapDetector(LANDMARKS, upsample=2, in_channels=1),
    "hrnet_w18": lambda: HeatmapDetector(LANDMARKS, "hrnet_w18", in_channels=1),
}


def print_detectors(sizes: list[int], rounds: int) -> None:
    print("| network | parameters | picture | forward ms | as usual | step ms | as usual | ratio |")
    print("|---|---|---|---|---|---|---|---|")
    for size in sizes:
        images = torch.rand(max(1, PIXELS // size**2), 1, size, size)
        for name, build in DETECTORS.items():
            detector = build()
            count = sum(each.numel() for each in detector.parameters()) / 1e6
            ours = forward_and_step(detector, detector, images, rounds)
            theirs = forward_and_step(usual(detector), detector, images, rounds)
            print(
                f"| {name} | {count:.2f} M | {size}² | {ours[0]:.1f} | {theirs[0]:.1f} "
                f"| {ours[1]:.1f} | {theirs[1]:.1f} | **{theirs[1] / ours[1]:.2f}** |",
                flush=True,
            )


def print_heads(sizes: list[int], rounds: int) -> None:
    print("\n| head | picture | forward ms | paper's | step ms | paper's | ratio |")
    print("|---|---|---|---|---|---|---|")
    body = HRNet(VARIANTS["hrnet_w18_small"], 1).to(memory_format=torch.channels_last).eval()
    for size in sizes:
        images = torch.rand(max(1, PIXELS // size**2), 1, size, size)
        with torch.no_grad():
            maps = body(images.contiguous(memory_format=torch.channels_last))
        for each in maps:
            each.requires_grad_(True)
        heads = (HighResolutionHead(body.channels, LANDMARKS), PaperHead(body.channels, LANDMARKS))
        times = list[tuple[float, float]]()
        for head in heads:
            head = head.to(memory_format=torch.channels_last)
            times.append(
                forward_and_step(lambda _, head=head, maps=maps: head(maps), head, images, rounds)
            )
        (forward, step), (forward_paper, step_paper) = times
        print(
            f"| hrnet_w18_small's | {size}² | {forward:.2f} | {forward_paper:.2f} "
            f"| {step:.2f} | {step_paper:.2f} | **{step_paper / step:.1f}** |",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sizes", default="128,256,768")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    sizes = [int(each) for each in options.sizes.split(",")]
    print_detectors(sizes, options.rounds)
    print_heads(sizes, options.rounds)


if __name__ == "__main__":
    main()
