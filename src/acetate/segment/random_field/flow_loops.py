"""The compiled maximum flow on a grid: two search trees that meet (Boykov and Kolmogorov 2004)."""

from typing import NamedTuple

from acetate.arrays import Array
from acetate.compiled import compiled

# Trees, and parents that are no direction.
FREE, SOURCE, SINK = 0, 1, 2
_TERMINAL, _ORPHAN, _NOBODY = 8, 9, 10
_NEVER = 2**31 - 1


class Grid(NamedTuple):
    """A flow network on a picture with a frame of one pixel that nothing flows into.

    Parameters
    ----------
    offsets : numpy.ndarray
        ``(directions,)`` int64: from a node to its neighbours; each direction beside its reverse,
        so that ``d ^ 1`` is the way back of d.
    capacities : numpy.ndarray
        ``(nodes, directions)`` int32: what may still flow to each neighbour.
    terminal : numpy.ndarray
        ``(nodes,)`` int32: what may still come from the source; below 0, what may go to the sink.
    tree, parent : numpy.ndarray
        ``(nodes,)`` int8: whose tree a node is in, and the direction of its parent there.
    stamp, distance : numpy.ndarray
        ``(nodes,)`` int32: when a node was known to be at least so near its root.
    queue, waiting : numpy.ndarray
        ``(nodes,)`` int32 and bool: nodes that may still grow, in a ring.
    orphans : numpy.ndarray
        ``(nodes,)`` int32: nodes that lost their parent, in a ring.
    ends : numpy.ndarray
        ``(5,)`` int64: where the queue begins and how many wait, the same of the orphans, and the
        time.
    """

    offsets: Array
    capacities: Array
    terminal: Array
    tree: Array
    parent: Array
    stamp: Array
    distance: Array
    queue: Array
    waiting: Array
    orphans: Array
    ends: Array


@compiled
def _wait(grid: Grid, node: int) -> None:
    """Let a node grow later."""
    if not grid.waiting[node]:
        grid.waiting[node] = True
        size = len(grid.queue)
        place = grid.ends[0] + grid.ends[1]
        grid.queue[place - size if place >= size else place] = node
        grid.ends[1] += 1


@compiled
def _next(grid: Grid) -> int:
    """Return the next node in a tree that waits, 0 if there is none."""
    while grid.ends[1] > 0:
        node = grid.queue[grid.ends[0]]
        grid.ends[0] = (grid.ends[0] + 1) % len(grid.queue)
        grid.ends[1] -= 1
        grid.waiting[node] = False
        if grid.tree[node] != FREE:
            return node
    return 0


@compiled
def _leave(grid: Grid, node: int) -> None:
    """Let a node have no parent."""
    grid.parent[node] = _ORPHAN
    size = len(grid.orphans)
    place = grid.ends[2] + grid.ends[3]
    grid.orphans[place - size if place >= size else place] = node
    grid.ends[3] += 1


@compiled
def _plant(grid: Grid) -> None:
    """Make every node with a terminal of its own the root of a tree."""
    for node in range(len(grid.terminal)):
        if grid.terminal[node] != 0:
            grid.tree[node] = SOURCE if grid.terminal[node] > 0 else SINK
            grid.parent[node] = _TERMINAL
            grid.distance[node] = 1
            _wait(grid, node)


@compiled
def _grow(grid: Grid, node: int) -> int:
    """Take free neighbours in; return the direction in which the other tree is met, or -1."""
    tree = grid.tree[node]
    for d in range(len(grid.offsets)):
        other = node + grid.offsets[d]
        room = grid.capacities[node, d] if tree == SOURCE else grid.capacities[other, d ^ 1]
        if room == 0:
            continue
        if grid.tree[other] == FREE:
            grid.tree[other] = tree
            grid.parent[other] = d ^ 1
            grid.stamp[other] = grid.stamp[node]
            grid.distance[other] = grid.distance[node] + 1
            _wait(grid, other)
        elif grid.tree[other] != tree:
            return d
        elif grid.stamp[other] <= grid.stamp[node] and grid.distance[other] > grid.distance[node]:
            grid.parent[other] = d ^ 1
            grid.stamp[other] = grid.stamp[node]
            grid.distance[other] = grid.distance[node] + 1
    return -1


@compiled
def _room(grid: Grid, node: int) -> int:
    """Return what may flow between a node and its terminal along its tree."""
    room = _NEVER
    source = grid.tree[node] == SOURCE
    while grid.parent[node] != _TERMINAL:
        d = grid.parent[node]
        above = node + grid.offsets[d]
        room = min(room, grid.capacities[above, d ^ 1] if source else grid.capacities[node, d])
        node = above
    return min(room, abs(grid.terminal[node]))


@compiled
def _send(grid: Grid, node: int, amount: int) -> None:
    """Let it flow between a node and its terminal; cut the tree where nothing more can."""
    source = grid.tree[node] == SOURCE
    while grid.parent[node] != _TERMINAL:
        d = grid.parent[node]
        above = node + grid.offsets[d]
        change = amount if source else -amount
        grid.capacities[above, d ^ 1] -= change
        grid.capacities[node, d] += change
        left = grid.capacities[above, d ^ 1] if source else grid.capacities[node, d]
        if left == 0:
            _leave(grid, node)
        node = above
    grid.terminal[node] -= amount if source else -amount
    if grid.terminal[node] == 0:
        _leave(grid, node)


@compiled
def _augment(grid: Grid, node: int, d: int) -> int:
    """Let as much flow as can through the edge where the trees met; return how much."""
    other = node + grid.offsets[d]
    if grid.tree[node] == SINK:
        node, other, d = other, node, d ^ 1
    amount = min(grid.capacities[node, d], _room(grid, node), _room(grid, other))
    grid.capacities[node, d] -= amount
    grid.capacities[other, d ^ 1] += amount
    _send(grid, node, amount)
    _send(grid, other, amount)
    return amount


@compiled
def _rooted(grid: Grid, node: int) -> int:
    """Return how far a node is from its terminal, `_NEVER` if an orphan is between."""
    time, far, at = grid.ends[4], 0, node
    while grid.stamp[at] != time:
        far += 1
        if grid.parent[at] == _TERMINAL:
            grid.stamp[at] = time
            grid.distance[at] = 1
            far -= 1
            break
        if grid.parent[at] == _ORPHAN:
            return _NEVER
        at += grid.offsets[grid.parent[at]]
    far += grid.distance[at]
    at, left = node, far
    while grid.stamp[at] != time:
        grid.stamp[at] = time
        grid.distance[at] = left
        left -= 1
        at += grid.offsets[grid.parent[at]]
    return far


@compiled
def _adopt(grid: Grid, node: int) -> None:
    """Find the orphan a new parent, nearest its terminal; without one it becomes free."""
    tree, best, nearest = grid.tree[node], -1, _NEVER
    for d in range(len(grid.offsets)):
        other = node + grid.offsets[d]
        if grid.tree[other] != tree:
            continue
        room = grid.capacities[other, d ^ 1] if tree == SOURCE else grid.capacities[node, d]
        if room > 0:
            far = _rooted(grid, other)
            if far < nearest:
                best, nearest = d, far
    if best < 0:
        _set_free(grid, node)
        return
    grid.parent[node] = best
    grid.stamp[node] = grid.ends[4]
    grid.distance[node] = nearest + 1


@compiled
def _set_free(grid: Grid, node: int) -> None:
    """Take a node out of its tree: its children become orphans, its neighbours may grow to it."""
    tree = grid.tree[node]
    for d in range(len(grid.offsets)):
        other = node + grid.offsets[d]
        if grid.tree[other] != tree:
            continue
        room = grid.capacities[other, d ^ 1] if tree == SOURCE else grid.capacities[node, d]
        if room > 0:
            _wait(grid, other)
        if grid.parent[other] == d ^ 1:
            _leave(grid, other)
    grid.tree[node] = FREE
    grid.parent[node] = _NOBODY


@compiled
def _push_directly(grid: Grid) -> int:
    """Let flow what can between neighbours of which one has a source and the other a sink."""
    flow = 0
    for node in range(len(grid.terminal)):
        for d in range(len(grid.offsets)):
            if grid.terminal[node] <= 0:
                break
            other = node + grid.offsets[d]
            if grid.terminal[other] < 0:
                amount = min(grid.terminal[node], -grid.terminal[other], grid.capacities[node, d])
                grid.terminal[node] -= amount
                grid.terminal[other] += amount
                grid.capacities[node, d] -= amount
                grid.capacities[other, d ^ 1] += amount
                flow += amount
    return flow


@compiled
def max_flow(grid: Grid) -> int:
    """Send all that can flow; return how much. What the sink still reaches is then in its tree."""
    flow = _push_directly(grid)
    _plant(grid)
    node = _next(grid)
    while node:
        d = _grow(grid, node)
        if d < 0:
            node = _next(grid)
            continue
        grid.ends[4] += 1
        flow += _augment(grid, node, d)
        while grid.ends[3] > 0:
            orphan = grid.orphans[grid.ends[2]]
            grid.ends[2] = (grid.ends[2] + 1) % len(grid.orphans)
            grid.ends[3] -= 1
            _adopt(grid, orphan)
        if grid.tree[node] == FREE:
            node = _next(grid)
    return flow
