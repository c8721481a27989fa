"""The compiled loops of SLIC: pixels to centres, centres to their pixels, parts made whole."""

import numpy as np

from acetate.arrays import Array
from acetate.compiled import compiled

_FAR = np.int32(2**31 - 1)
# Before the last round a centre sees at least so many rows above and below it, of so many one.
_ROWS_SEEN, _MOST_SKIPPED = 4, 3


@compiled
def assign(
    planes: Array,
    centres: Array,
    reach: Array,
    weight: float,
    lines: tuple[int, int],
    nearest: Array,
    labels: Array,
) -> None:
    """Give every pixel to the nearest of the centres in whose window it lies.

    Parameters
    ----------
    planes : numpy.ndarray
        ``(C, H, W)`` int16 colours.
    centres : numpy.ndarray
        ``(n, C + 2)`` float32: colour, row, column.
    reach : numpy.ndarray
        Half the height and half the width of a window.
    weight : float
        Of a squared pixel of distance against a squared step of colour.
    lines : (int, int)
        Only every so many-th row is looked at, from which on.
    nearest : numpy.ndarray
        ``(H, W)`` int32, the squared distance to the nearest centre: written.
    labels : numpy.ndarray
        ``(H, W)`` int32: written where a centre is in reach.
    """
    channels, rows, columns = planes.shape
    nearest[:] = _FAR
    across = np.empty(columns, np.int32)
    apart = np.empty(columns, np.int32)
    for k in range(len(centres)):
        row, column = centres[k, channels], centres[k, channels + 1]
        left, right = max(int(column - reach[1]), 0), min(int(column + reach[1]) + 1, columns)
        top, bottom = max(int(row - reach[0]), 0), min(int(row + reach[0]) + 1, rows)
        n = right - left
        for x in range(n):
            across[x] = np.int32(weight * (left + x - column) ** 2)
        for y in range(top + (lines[1] - top) % lines[0], bottom, lines[0]):
            down = np.int32(weight * (y - row) ** 2)
            for x in range(n):
                apart[x] = across[x] + down
            for c in range(channels):
                line = planes[c, y, left:right]
                middle = np.int32(np.rint(centres[k, c]))
                for x in range(n):
                    step = np.int32(line[x]) - middle
                    apart[x] += step * step
            best, owner = nearest[y, left:right], labels[y, left:right]
            for x in range(n):
                closer = apart[x] < best[x]
                best[x] = apart[x] if closer else best[x]
                owner[x] = k if closer else owner[x]


@compiled
def gather(planes: Array, labels: Array, lines: tuple[int, int], centres: Array) -> None:
    """Move every centre to the mean colour and place of its pixels; one without any stays.

    Only every ``lines[0]``-th row is looked at, from ``lines[1]`` on.
    """
    channels, rows, columns = planes.shape
    sums = np.zeros((len(centres), channels + 3), np.int64)
    for y in range(lines[1], rows, lines[0]):
        x = 0
        while x < columns:
            owner, start = labels[y, x], x
            while x < columns and labels[y, x] == owner:
                x += 1
            run = x - start
            for c in range(channels):
                total = np.int64(0)
                for i in range(start, x):
                    total += planes[c, y, i]
                sums[owner, c] += total
            sums[owner, channels] += run * y
            sums[owner, channels + 1] += run * (start + x - 1) // 2
            sums[owner, channels + 2] += run
    for k in range(len(centres)):
        count = sums[k, channels + 2]
        if count:
            for c in range(channels + 2):
                centres[k, c] = sums[k, c] / count


@compiled
def root_of(parents: Array, part: int) -> int:
    """Return the part that stands for all joined with this one."""
    root = part
    while parents[root] != root:
        root = parents[root]
    while parents[part] != root:
        parents[part], part = root, parents[part]
    return root


@compiled
def join(parents: Array, one: int, other: int) -> None:
    """Join two parts; the lower number stands for both."""
    one, other = root_of(parents, one), root_of(parents, other)
    parents[max(one, other)] = min(one, other)


@compiled
def number(parents: Array, parts: Array) -> int:
    """Renumber parts by what stands for them, from 0 without gaps; return how many."""
    names = np.empty(len(parents), np.int32)
    found = 0
    for part in range(len(parents)):
        root = root_of(parents, part)
        if root == part:
            names[part] = found
            found += 1
        else:
            names[part] = names[root]
    for y in range(parts.shape[0]):
        for x in range(parts.shape[1]):
            parts[y, x] = names[parts[y, x]]
    return found


@compiled
def connected(labels: Array, parts: Array) -> int:
    """Write the number of its connected part for every pixel, in reading order; return how many."""
    rows, columns = labels.shape
    parents = np.empty(labels.size, np.int32)
    found = 0
    for y in range(rows):
        for x in range(columns):
            left = x > 0 and labels[y, x - 1] == labels[y, x]
            above = y > 0 and labels[y - 1, x] == labels[y, x]
            if left:
                parts[y, x] = parts[y, x - 1]
                if above and parts[y - 1, x] != parts[y, x]:
                    join(parents, parts[y, x], parts[y - 1, x])
            elif above:
                parts[y, x] = parts[y - 1, x]
            else:
                parts[y, x] = parents[found] = found
                found += 1
    return number(parents[:found], parts)


@compiled
def part_sums(planes: Array, parts: Array, count: int) -> Array:
    """Return the colours' sums and the pixels of every part, ``(count, C + 1)``."""
    channels = planes.shape[0]
    sums = np.zeros((count, channels + 1), np.int64)
    for y in range(parts.shape[0]):
        for x in range(parts.shape[1]):
            part = parts[y, x]
            sums[part, channels] += 1
            for c in range(channels):
                sums[part, c] += planes[c, y, x]
    return sums


@compiled
def offer(sums: Array, one: int, other: int, least: int, costs: Array, chosen: Array) -> None:
    """Let a part that is too small choose the other if its mean colour is the nearest so far."""
    size = sums.shape[1] - 1
    if sums[one, size] >= least:
        return
    cost = 0.0
    for c in range(size):
        cost += (sums[one, c] / sums[one, size] - sums[other, c] / sums[other, size]) ** 2
    if cost < costs[one]:
        costs[one], chosen[one] = cost, other


@compiled
def absorb(planes: Array, parts: Array, count: int, least: int) -> int:
    """Join parts of fewer than ``least`` pixels to the neighbour with the nearest mean colour.

    Return how many parts are left: with as many pixels, unless there is but one.
    """
    rows, columns = parts.shape
    sums = part_sums(planes, parts, count)
    while count > 1 and sums[:count, -1].min() < least:
        costs = np.full(count, np.inf)
        chosen = np.arange(count)
        for y in range(rows):
            for x in range(columns):
                here = parts[y, x]
                if x + 1 < columns and parts[y, x + 1] != here:
                    offer(sums, here, parts[y, x + 1], least, costs, chosen)
                    offer(sums, parts[y, x + 1], here, least, costs, chosen)
                if y + 1 < rows and parts[y + 1, x] != here:
                    offer(sums, here, parts[y + 1, x], least, costs, chosen)
                    offer(sums, parts[y + 1, x], here, least, costs, chosen)
        parents = np.arange(count).astype(np.int32)
        for part in range(count):
            join(parents, part, chosen[part])
        count = number(parents, parts)
        sums = part_sums(planes, parts, count)
    return count


@compiled
def cluster(
    planes: Array, centres: Array, reach: Array, weight: float, rounds: int, labels: Array
) -> None:
    """Turn assigning and gathering; rounds before the last see every so many-th row, in turn."""
    nearest = np.empty(labels.shape, np.int32)
    gather(planes, labels, (1, 0), centres)
    skip = min(max(int(reach[0]) // _ROWS_SEEN, 1), _MOST_SKIPPED)
    for turn in range(rounds - 1):
        lines = (skip, turn % skip)
        assign(planes, centres, reach, weight, lines, nearest, labels)
        gather(planes, labels, lines, centres)
    assign(planes, centres, reach, weight, (1, 0), nearest, labels)
