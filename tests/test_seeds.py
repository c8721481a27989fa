"""Streams: the same for the same key in any order and process; workers never share one."""

import multiprocessing
import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import acetate.seeds
from acetate.seeds import bits_of, draw_key, generator, next_default, stream

KEYS = st.lists(st.integers(0, 2**70), max_size=3)
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
# Python 3.12 warns of forks beside threads, which test runners have.
forks = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")


@pytest.fixture(autouse=True)
def fresh_default():
    """Leave the other tests an unseeded default stream."""
    acetate.seeds.seed(None)
    yield
    acetate.seeds.seed(None)


def draws(rng, count=4):
    return rng.integers(0, 2**63, count).tolist()


class TestStream:
    @given(st.integers(0, 2**70), KEYS)
    def test_same_key_same_bytes(self, seed, key):
        assert stream(seed, *key).bytes(64) == stream(seed, *key).bytes(64)

    @given(st.lists(st.tuples(st.integers(0, 9), KEYS.map(tuple)), min_size=2, unique=True))
    def test_different_keys_differ(self, keys):
        first = [draws(stream(seed, *key)) for seed, key in keys]
        assert len({tuple(numbers) for numbers in first}) == len(keys)

    def test_a_key_is_no_sum_of_its_parts(self):
        numbers = [
            draws(stream(*key))
            for key in [(1,), (1, 0), (0, 1), (1, 1), (0, 1, 0), (2,), (0, 2), (2**32,), (0, 2**32)]
        ]
        assert len({tuple(n) for n in numbers}) == len(numbers)

    @given(st.permutations(range(6)))
    def test_the_order_does_not_matter(self, order):
        asked = {i: draws(stream(7, i)) for i in order}
        assert [asked[i] for i in range(6)] == [draws(stream(7, i)) for i in range(6)]

    def test_numbers_stay_the_same_for_ever(self):
        """Recipes are replayed with later versions of NumPy: PCG64's raw bits are its promise."""
        assert stream(7, 3).bit_generator.random_raw(2).tolist() == [
            18120657278049907532,
            1124353887512634286,
        ]

    @pytest.mark.parametrize("key", [(-1,), (0, -1), (3, 1, -7)])
    def test_negative_numbers(self, key):
        with pytest.raises(ValueError, match="must be a whole number from 0, got -"):
            stream(*key)


class TestGenerator:
    def test_a_generator_is_passed_through(self):
        rng = np.random.default_rng(1)
        assert generator(rng) is rng

    def test_a_seed_gives_its_stream(self):
        assert draws(generator(5)) == draws(stream(5))

    def test_none_takes_the_defaults_next(self):
        acetate.seeds.seed(5)
        first, second = draws(generator(None)), draws(generator())
        acetate.seeds.seed(5)
        assert [draws(next_default()), draws(next_default())] == [first, second]
        assert first != second

    def test_keys_are_drawn_over_53_bits_which_json_keeps(self):
        keys = {draw_key(stream(i)) for i in range(200)}
        assert len(keys) == 200
        assert min(keys) >= 0
        assert 2**52 < max(keys) < 2**53
        assert all(int(float(key)) == key for key in keys)


class TestBitsOf:
    """Noise is made of these bits: recipes are replayed with later versions of NumPy."""

    @pytest.mark.parametrize(
        ("key", "first"),
        [
            (0, 4237781876154851393),
            (5, 12486269379925186507),
            (2**53 - 1, 10286464427480984697),
            (2**64 - 1, 1371310096774602999),
        ],
    )
    def test_numbers_stay_the_same_for_ever(self, key, first):
        assert int(bits_of(key).random_raw()) == first

    def test_are_seeded_as_the_generators_author_does_it(self):
        """SFC64 (Doty-Humphrey, PractRand): the key in three words, a counter of 1, 12 rounds."""
        a = b = c = 77
        for counter in range(1, 14):
            out = (a + b + counter) % 2**64
            a, b = b ^ (b >> 11), (c + (c << 3)) % 2**64
            c = (((c << 24) | (c >> 40)) + out) % 2**64
        assert int(bits_of(77).random_raw()) == out

    def test_neighbouring_keys_give_bits_that_have_nothing_in_common(self):
        bits = np.stack([bits_of(key).random_raw(64) for key in range(64)])
        assert len(np.unique(bits)) == bits.size
        shared = np.unpackbits((bits[1:] ^ bits[:-1]).view(np.uint8)).mean()
        assert 0.49 < shared < 0.51

    @pytest.mark.parametrize("key", [-1, 2**64])
    def test_refuses_what_is_no_key(self, key):
        with pytest.raises(ValueError, match=r"a whole number from 0 to 2\*\*64 - 1, got"):
            bits_of(key)


class TestDefaultStream:
    def test_a_seed_sets_it(self):
        acetate.seeds.seed(3)
        first = [draws(generator()) for _ in range(3)]
        acetate.seeds.seed(3)
        assert [draws(generator()) for _ in range(3)] == first
        acetate.seeds.seed(4)
        assert draws(generator()) != first[0]

    def test_without_one_it_is_different_each_time(self):
        first = draws(generator())
        acetate.seeds.seed(None)
        assert draws(generator()) != first

    def test_what_a_fork_does_to_it(self):
        """As in a child of the same name: keyed by the process, and only once."""
        acetate.seeds.seed(11)
        parents = [draws(next_default()) for _ in range(2)]
        acetate.seeds.seed(11)
        acetate.seeds._after_fork()
        childs = [draws(next_default()) for _ in range(2)]
        assert childs[0] != childs[1]
        assert not any(numbers in parents for numbers in childs)


def drawn_in_pools(method):
    """What the default stream gives to each of four workers: the first draw of each."""
    context = multiprocessing.get_context(method)
    pools = [context.Pool(1) for _ in range(4)]
    try:
        asked = [pool.apply_async(next_default) for pool in pools]
        return [tuple(draws(result.get(timeout=60))) for result in asked]
    finally:
        for pool in pools:
            pool.close()
            pool.join()


@forks
@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
@pytest.mark.parametrize("seed", [None, 11])
@pytest.mark.parametrize("used", [False, True])
def test_workers_draw_different_numbers(method, seed, used):
    """Seeded or not, and whether or not the parent has drawn before they were started."""
    acetate.seeds.seed(seed)
    before = {tuple(draws(next_default()))} if used else set()
    numbers = drawn_in_pools(method)
    after = tuple(draws(next_default()))
    assert len({*numbers, *before, after}) == 5 + len(before)


def report(queue):
    queue.put([draws(next_default()) for _ in range(2)])


@needs_fork
@forks
def test_named_workers_of_a_seeded_parent_are_reproducible():
    context = multiprocessing.get_context("fork")

    def drawn():
        acetate.seeds.seed(11)
        found = {}
        for name in ("left", "right"):
            queue = context.SimpleQueue()
            worker = context.Process(target=report, args=(queue,), name=name)
            worker.start()
            found[name] = queue.get()
            worker.join()
        return found

    first = drawn()
    assert drawn() == first
    assert first["left"] != first["right"]
    assert first["left"][0] != first["left"][1]


def drawn_in_forks(count, depth=1):
    """What a bare os.fork, which keeps the process's name, draws; the deepest child reports."""
    found = []
    for _ in range(count):
        read, write = os.pipe()
        child = os.fork()
        if child == 0:  # pragma: no cover, coverage is not measured in here
            try:
                numbers = drawn_in_forks(1, depth - 1)[0] if depth > 1 else draws(next_default())
                os.write(write, repr(tuple(numbers)).encode())
            finally:
                os._exit(0)
        os.close(write)
        with os.fdopen(read) as pipe:
            found.append(tuple(int(n) for n in pipe.read().strip("()").split(",")))
        os.waitpid(child, 0)
    return found


@needs_fork
@forks
@pytest.mark.parametrize("depth", [1, 2])
@pytest.mark.parametrize("seed", [None, 11])
@pytest.mark.parametrize("used", [False, True])
def test_bare_forks_draw_different_numbers(seed, used, depth):
    acetate.seeds.seed(seed)
    before = {tuple(draws(next_default()))} if used else set()
    numbers = drawn_in_forks(4, depth)
    after = tuple(draws(next_default()))
    assert len({*numbers, *before, after}) == 5 + len(before)


@needs_fork
@forks
def test_a_child_that_seeds_itself_draws_that_seeds_numbers():
    acetate.seeds.seed(4)
    expected = tuple(draws(next_default()))
    acetate.seeds.seed(11)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover, coverage is not measured in here
        try:
            acetate.seeds.seed(4)
            os.write(write, repr(tuple(draws(next_default()))).encode())
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        assert pipe.read() == repr(expected)
    os.waitpid(child, 0)


def test_negative_default_seeds_are_refused_at_once():
    with pytest.raises(ValueError, match="a seed is a whole number from 0, got -1"):
        acetate.seeds.seed(-1)
