"""Tracing pixels: as good as asking the maps at every pixel."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warp_reference import affine_maps, centres, elastics, patches, projective_maps

from acetate.geometry import Elastic, Hop, Patches, Projective, compose, coordinates, warp_chain
from acetate.geometry import trace as trace_room
from acetate.geometry.follow_loops import _folded
from acetate.geometry.hops import brought_back
from acetate.geometry.trace import trace

SMALL, LARGE = (70, 90), (300, 270)
TURN = Projective.rotation(25, (135, 150))
ZOOM = compose([TURN, Projective.scaling(1.2, 0.8).around((135, 150))])
TILT = Projective([[1.02, 0.1, -3], [0.05, 0.9, 2], [4e-4, -3e-4, 1]])


def asked_inside(hops):
    """Which pixels ask every hop's field inside its frame: outside, what it says is made up."""
    shape = hops[-1].shape
    points, inside = centres(shape).reshape(-1, 2), True
    for hop in reversed(hops):
        inside &= ((points > 0) & (points < hop.shape[::-1])).all(axis=-1)
        points = hop.map(points)
    return inside.reshape(shape)


def error(hops):
    """How far (px) traced points are from what the maps say, where fields are asked inside."""
    shape = hops[-1].shape
    joined = compose(hop.map for hop in hops)
    exact = joined(centres(shape).reshape(-1, 2)).reshape(*shape, 2)
    traced = trace(hops).strip((0, shape[0]))[0] + 0.5
    return np.linalg.norm(traced - exact, axis=-1)[asked_inside(hops)]


def marked_by(way, frame):
    """Which pixels of a frame a trace marks, asked for strip by strip."""
    marked = np.zeros(frame, bool)
    for first in range(0, frame[0], 64):
        rows = (first, min(first + 64, frame[0]))
        for outside, _ in way.strip(rows)[1]:
            marked[slice(*rows)] = outside
    return marked


def chain(*maps, frame=LARGE):
    return [Hop(map, frame, frame) for map in maps]


class TestAccuracy:
    @pytest.mark.parametrize("sigma", [2, 4, 5, 8, 13, 20])
    @pytest.mark.parametrize(
        "order", ["F", "R F", "Z F", "F R", "F Z", "F G", "F R G", "F T", "T F", "F M"]
    )
    def test_999_of_1000_pixels_are_within_a_twentieth(self, order, sigma):
        maps = {
            "F": Elastic(LARGE, 2 * sigma**2, sigma, key=sigma),
            "G": Elastic(LARGE, 2 * sigma**2, sigma, key=99),
            "R": TURN,
            "Z": ZOOM,
            "T": TILT,
            "M": Projective.mirror(LARGE, 1),
        }
        off = error(chain(*(maps[name] for name in order.split())))
        assert (off < 0.05).mean() > 0.999
        assert off.max() < 0.15

    @pytest.mark.parametrize("sigma", [4, 5, 13, 40])
    def test_elastic_met_first_is_exact_under_affine_maps(self, sigma):
        field = Elastic(LARGE, 2 * sigma**2, sigma, 1)
        for hops in (chain(field), chain(TURN, field), chain(ZOOM, field)):
            assert error(hops).max() < 1e-3

    @settings(max_examples=25)
    @given(
        st.lists(
            st.one_of(
                affine_maps(SMALL), projective_maps(SMALL), elastics(SMALL, 1.5), patches(SMALL)
            ),
            min_size=1,
            max_size=3,
        )
    )
    def test_any_way(self, maps):
        hops = [Hop(map, SMALL, SMALL, cval=0) for map in maps]
        off = error(hops)
        assert off.max(initial=0) < 0.05

    @pytest.mark.parametrize(
        "frame", [(1, 1), (1, 31_000), (2, 300), (300, 1), (257, 256), (999, 67)]
    )
    def test_any_frame(self, frame):
        turn = Projective.rotation(2, (frame[1] / 2, frame[0] / 2))
        for maps in ([Elastic(frame, 50, 5, 1)], [turn, Elastic(frame, 80, 9, 1)], [turn]):
            off = error(chain(*maps, frame=frame))
            assert off.max(initial=0) < (0.01 if frame[1] < 10_000 else 0.05)


class TestCoordinates:
    def test_of_a_map(self):
        field = compose([TURN, Elastic(LARGE, 50, 5, 3)])
        exact = field(centres(LARGE).reshape(-1, 2)).reshape(*LARGE, 2)
        found = coordinates(field, LARGE)
        assert found.dtype == np.float32
        assert np.abs(found - exact).max() < 0.05

    def test_the_array_is_the_callers_own(self):
        first = coordinates(Elastic(LARGE, 50, 5, 3), LARGE)
        before = first.copy()
        coordinates(Elastic(LARGE, 50, 5, 4), LARGE)
        np.testing.assert_array_equal(first, before)
        first[:] = 0
        assert coordinates(Projective.identity(), (2, 2)).tolist() == centres((2, 2)).tolist()

    def test_the_identity_is_exact(self):
        np.testing.assert_array_equal(coordinates(Projective.identity(), LARGE), centres(LARGE))


class TestStrips:
    @pytest.mark.parametrize(
        "maps",
        [
            (Elastic(LARGE, 50, 5, 1),),
            (TURN, Elastic(LARGE, 50, 5, 1)),
            (Elastic(LARGE, 500, 20, 1), TURN),
            (TURN, TURN, TURN),
            (TILT, Patches(np.ones((3, 3, 2)), LARGE)),
        ],
    )
    def test_rows_are_the_same_alone_and_together(self, maps):
        way = trace(chain(*maps))
        whole = way.strip((0, 300))[0].copy()
        for first in (0, 64, 128, 256):
            last = min(first + 64, 300)
            np.testing.assert_array_equal(way.strip((first, last))[0], whole[first:last])
        np.testing.assert_array_equal(way.strip((256, 257))[0], whole[256:257])

    @pytest.mark.parametrize("frame", [SMALL, LARGE])
    @pytest.mark.parametrize("before", ["turn", "bend"])
    def test_marks_tell_just_the_pixels_that_read_outside(self, frame, before):
        turn = Projective.rotation(30, (frame[1] / 2, frame[0] / 2))
        bend = Elastic(frame, 60, 6, 2)
        first = turn if before == "turn" else bend
        hops = [Hop(first, frame, frame, cval=1), Hop(compose([turn, bend]), frame, frame, cval=2)]
        marked = marked_by(trace(hops), frame)
        points = hops[1].map(centres(frame).reshape(-1, 2)).reshape(*frame, 2)
        depth = np.minimum(points, [frame[1], frame[0]] - points).min(axis=-1)
        clear = np.abs(depth) > 0.05
        assert marked.any()
        assert not marked.all()
        np.testing.assert_array_equal(marked[clear], (depth < 0)[clear])

    def test_a_frame_that_is_never_left_marks_nothing(self):
        inner = Hop(Projective.translation(30, 30), LARGE, (200, 200))
        small = Hop(Projective.scaling(0.5, 0.5).around((100, 100)), (200, 200), (200, 200))
        assert not marked_by(trace([inner, small]), (200, 200)).any()


@pytest.mark.parametrize("mode", ["edge", "symmetric", "reflect", "wrap"])
@pytest.mark.parametrize("size", [(1, 1), (1, 5), (4, 7)])
def test_points_outside_are_brought_back_as_the_mode_says(mode, size):
    """As numpy.pad numbers the pixels outside, any distance away."""
    height, width = size
    first = Hop(Projective.identity(), size, size)
    away = Hop(Projective.translation(-20, -30), size, (61, 45), mode)
    columns = np.pad(np.arange(width), 50, mode=mode)[30:75]
    rows = np.pad(np.arange(height), 50, mode=mode)[20:81]
    places = trace([first, away]).strip((0, 61))[0]
    x, y = np.moveaxis(places, -1, 0)
    np.testing.assert_array_equal(np.broadcast_to(columns, (61, 45)), x)
    np.testing.assert_array_equal(np.broadcast_to(rows[:, None], (61, 45)), y)


@given(
    st.sampled_from(["edge", "symmetric", "reflect", "wrap"]),
    st.integers(1, 9),
    st.lists(st.floats(-500, 500, width=32), min_size=1, max_size=9),
)
def test_compiled_folding_is_the_one_that_slices_use(mode, size, x):
    points = np.array(x)
    number, _ = trace_room._FOLDS[mode]
    folded = [_folded(float(u), float(size), number) for u in points]
    np.testing.assert_allclose(folded, brought_back(points, float(size), mode), atol=1e-9)


def test_points_that_no_map_knows_lie_outside():
    """Where a point is not a number, the fill of the frame that asked for it stands."""
    frame = (64, 64)
    horizon = Projective([[1, 0, 0], [0, 1, 0], [0, -2, 1]])  # over the first row's centres
    lost = compose([Elastic(frame, 0.0, 3.0, 1).inverse(), horizon])
    hops = [Hop(Projective.rotation(10, (32, 32)), frame, frame, cval=1)]
    hops.append(Hop(lost, frame, (2, 4), cval=200))
    [(outside, fill)] = trace(hops).strip((0, 2))[1]
    assert outside[0].all()
    assert fill == 200


def test_what_several_fields_lose_stays_lost():
    """A point that left a frame may not come back through a map that follows."""
    frame = (40, 40)
    away = Hop(Projective.translation(100, 0), frame, frame)
    middle = Projective([[1e-3, 0, 20], [0, 1e-3, 20], [0, 0, 1]])  # nearly all of it from there
    bend = Hop(compose([middle, Elastic(frame, 20, 4, 1)]), frame, frame)
    hops = [bend, Hop(Elastic(frame, 20, 4, 2), frame, frame), away]
    out = warp_chain(np.full(frame, 9, np.uint8), hops)
    assert not out.any()
