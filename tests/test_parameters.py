"""Stochastic parameters: what they draw, what arguments become, and what is refused."""

import json
import math
import pickle
import re
import time
import tomllib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from acetate import parameters as iap
from acetate.parameters import (
    ALL,
    Absolute,
    Add,
    Beta,
    Binomial,
    ChiSquare,
    Choice,
    Clip,
    Deterministic,
    DiscreteUniform,
    Discretize,
    Divide,
    Laplace,
    Multiply,
    Normal,
    Poisson,
    Power,
    RandomSign,
    StochasticParameter,
    Subtract,
    TruncatedNormal,
    Uniform,
    Weibull,
    choice_of,
    continuous,
    discrete,
    from_plain,
    probability,
)

NUMBERS = st.floats(-1e6, 1e6)


@pytest.fixture
def rng():
    return np.random.default_rng(20240607)


# Every continuous parameter with its exact distribution.
CONTINUOUS = {
    "uniform": (Uniform(-2, 5), stats.uniform(-2, 7)),
    "uniform, ends reversed": (Uniform(5, -2), stats.uniform(-2, 7)),
    "normal": (Normal(3, 2), stats.norm(3, 2)),
    "laplace": (Laplace(3, 2), stats.laplace(3, 2)),
    "beta": (Beta(0.7, 2), stats.beta(0.7, 2)),
    "chi square": (ChiSquare(3), stats.chi2(3)),
    "weibull": (Weibull(1.5), stats.weibull_min(1.5)),
    "truncated, no ends": (TruncatedNormal(1, 2), stats.norm(1, 2)),
    "truncated, wide": (TruncatedNormal(0, 1, -1, 4), stats.truncnorm(-1, 4)),
    "truncated, narrow": (TruncatedNormal(0, 1, -0.5, 0.2), stats.truncnorm(-0.5, 0.2)),
    "truncated, one end": (TruncatedNormal(0, 1, low=0.4), stats.truncnorm(0.4, np.inf)),
    "truncated, narrow and aside": (TruncatedNormal(0, 1, 0.3, 2), stats.truncnorm(0.3, 2)),
    "truncated, tail": (TruncatedNormal(0, 1, low=8), stats.truncnorm(8, np.inf)),
    "truncated, left tail": (TruncatedNormal(0, 1, high=-6), stats.truncnorm(-np.inf, -6)),
    "truncated, piece of tail": (TruncatedNormal(0, 1, 3, 3.1), stats.truncnorm(3, 3.1)),
    "truncated, reversed": (TruncatedNormal(10, 5, 12, 8), stats.truncnorm(-0.4, 0.4, 10, 5)),
    "sum": (Normal(0, 1) + 5, stats.norm(5, 1)),
    "sum, reversed": (5 + Normal(0, 1), stats.norm(5, 1)),
    "difference": (5 - Uniform(0, 1), stats.uniform(4, 1)),
    "product": (3 * Uniform(0, 1), stats.uniform(0, 3)),
    "quotient": (Uniform(0, 1) / 4, stats.uniform(0, 0.25)),
    "power": (Uniform(0, 1) ** 2, stats.beta(0.5, 1)),
    "absolute": (Absolute(Normal(0, 2)), stats.halfnorm(0, 2)),
    "sign": (RandomSign(Weibull(1)), stats.laplace()),
    "choice of parameters": (Choice([Uniform(0, 1), Uniform(1, 2)]), stats.uniform(0, 2)),
}


@pytest.mark.parametrize("name", CONTINUOUS)
def test_continuous_parameters_have_exactly_their_distribution(name, rng):
    parameter, exact = CONTINUOUS[name]
    one_by_one = [parameter.draw_sample(rng) for _ in range(4000)]
    at_once = parameter.draw_samples((100, 200), rng)
    assert at_once.shape == (100, 200)
    assert at_once.dtype == np.float32
    assert all(type(number) is float for number in one_by_one)
    assert stats.kstest(one_by_one, exact.cdf).pvalue > 1e-3
    assert stats.kstest(at_once.ravel(), exact.cdf).pvalue > 1e-3


DISCRETE = {
    "dice": (DiscreteUniform(1, 6), dict.fromkeys(range(1, 7), 1 / 6)),
    "dice, reversed": (DiscreteUniform(6, 1), dict.fromkeys(range(1, 7), 1 / 6)),
    "poisson": (Poisson(1.5), {k: stats.poisson(1.5).pmf(k) for k in range(5)}),
    "binomial": (Binomial(0.3), {0: 0.7, 1: 0.3}),
    "choice": (Choice([3, 5, 9]), dict.fromkeys((3, 5, 9), 1 / 3)),
    "weighted choice": (Choice([3, 5, 9], p=[0.5, 0, 0.5]), {3: 0.5, 5: 0.0, 9: 0.5}),
    "rounded": (Discretize(Uniform(0, 2)), {0: 0.25, 1: 0.5, 2: 0.25}),
    "cut off": (Discretize(Uniform(0, 2), round=False), {0: 0.5, 1: 0.5}),
    "sum": (DiscreteUniform(0, 1) + 3, {3: 0.5, 4: 0.5}),
    "two dice": (Add(Choice([0, 1]), Choice([0, 1]), elementwise=True), {0: 0.25, 1: 0.5, 2: 0.25}),
    "whole power": (Discretize(DiscreteUniform(-1, 1) ** 2), {0: 1 / 3, 1: 2 / 3}),
}


@pytest.mark.parametrize("name", DISCRETE)
def test_discrete_parameters_give_each_number_as_often_as_they_should(name, rng):
    parameter, exact = DISCRETE[name]
    one_by_one = [parameter.draw_sample(rng) for _ in range(4000)]
    at_once = parameter.draw_samples(20000, rng)
    assert at_once.dtype == np.int64
    assert all(type(number) is int for number in one_by_one)
    for number, share in exact.items():
        assert np.mean(np.array(one_by_one) == number) == pytest.approx(share, abs=0.035)
        assert np.mean(at_once == number) == pytest.approx(share, abs=0.015)


@given(NUMBERS, NUMBERS, st.integers(0, 2**32))
def test_a_truncated_normal_stays_between_its_ends_wherever_they_are(low, high, seed):
    rng = np.random.default_rng(seed)
    low, high = sorted((low, high))
    parameter = TruncatedNormal(0, 3, low, high)
    assert low <= parameter.draw_sample(rng) <= high
    samples = parameter.draw_samples(20, rng)
    assert np.float32(low) <= samples.min()
    assert samples.max() <= np.float32(high)


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        (TruncatedNormal(7, 0, 0, 5), 5.0),
        (TruncatedNormal(-7, 0, 0, 5), 0.0),
        (TruncatedNormal(3, 0), 3.0),
        (TruncatedNormal(0, 1e-310, 2, 5), 2.0),
        (TruncatedNormal(0, 1, 4, 4), 4.0),
        (Normal(3, 0), 3.0),
        (Laplace(3, 0), 3.0),
        (Uniform(2, 2), 2.0),
    ],
)
def test_a_width_of_zero_leaves_one_value(parameter, value, rng):
    assert parameter.draw_sample(rng) == value
    assert parameter.draw_samples((2, 3), rng).tolist() == [[value] * 3] * 2


def test_ends_that_are_drawn_are_drawn_once_per_call(rng):
    samples = Normal(Uniform(-1000, 1000), 0.001).draw_samples(50, rng)
    assert samples.std() < 1
    assert abs(samples.mean()) > 1
    sums = Add(Deterministic(0), Uniform(0, 1)).draw_samples(50, rng)
    assert len(np.unique(sums)) == 1
    assert len(np.unique(Add(0, Uniform(0, 1), elementwise=True).draw_samples(50, rng))) == 50


def test_a_number_before_a_parameter_leaves_every_element_its_own_chance(rng):
    for parameter in (1 - Uniform(0, 1), 1 / Uniform(1, 2), 2 ** Uniform(0, 1), 1 + Uniform(0, 1)):
        assert len(np.unique(parameter.draw_samples(50, rng))) == 50


def test_operators_build_the_parameters_they_stand_for():
    x = Uniform(0, 1)
    assert x + 1 == Add(x, 1)
    assert 1 + x == Add(x, 1)
    assert x - 1 == Subtract(x, 1)
    assert 1 - x == Subtract(1, x, elementwise=True)
    assert x * 2 == Multiply(x, 2)
    assert np.float64(2) * x == Multiply(x, 2)
    assert x / 2 == Divide(x, 2)
    assert 2 / x == Divide(2, x, elementwise=True)
    assert x**2 == Power(x, 2)
    assert 2**x == Power(2, x, elementwise=True)
    assert x + x == Add(x, x)
    with pytest.raises(TypeError, match=r"Add\.val must be a number, a range"):
        x + "1"


def test_arithmetic_is_that_of_numbers(rng):
    for build, number in ((Add, 8), (Subtract, 4), (Multiply, 12), (Divide, 3.0), (Power, 36.0)):
        assert build(6, 2).draw_sample(rng) == number
        assert type(build(6, 2).draw_sample(rng)) is type(number)
        assert build(6, 2).draw_samples(3, rng).tolist() == [number] * 3
    assert Absolute(-2).draw_samples(2, rng).tolist() == [2, 2]


@pytest.mark.parametrize("draw", ["draw_sample", "draw_samples"])
def test_what_is_no_number_is_an_error_when_it_is_drawn(draw, rng):
    def drawn(parameter):
        return (
            parameter.draw_sample(rng) if draw == "draw_sample" else parameter.draw_samples(9, rng)
        )

    with pytest.raises(ZeroDivisionError, match="drew a divisor of 0; keep 0 out of val"):
        drawn(Divide(1, 0))
    for base, exponent in ((-1, 0.5), (0, -1)):
        with pytest.raises(ValueError, match="drew a power that is no real number"):
            drawn(Power(base, exponent))
    assert np.all(drawn(Power(-2, 2)) == 4)


def test_clip_moves_values_to_its_bounds_and_leaves_the_rest(rng):
    samples = Clip(Normal(0, 1), -0.5, 1).draw_samples(1000, rng)
    assert samples.min() == -0.5
    assert samples.max() == 1
    assert samples.dtype == np.float32
    assert np.count_nonzero((samples > -0.5) & (samples < 1)) > 100
    assert [Clip(n, 0, 2).draw_sample(rng) for n in (-1, 1, 3)] == [0, 1, 2]
    assert Clip(-1, minval=0).draw_samples(2, rng).tolist() == [0, 0]
    assert Clip(1, maxval=0).draw_sample(rng) == 0
    assert Clip(1, maxval=0).draw_samples(2, rng).dtype == np.int64


def test_a_random_sign_keeps_the_size(rng):
    samples = RandomSign(3, p_positive=0.8).draw_samples(5000, rng)
    assert set(samples) == {-3, 3}
    assert np.mean(samples == 3) == pytest.approx(0.8, abs=0.03)


def test_discretize_rounds_halves_to_even_in_both_ways_of_drawing(rng):
    for number, whole in ((0.5, 0), (1.5, 2), (2.4, 2), (-1.7, -2)):
        assert Discretize(number).draw_sample(rng) == whole
        assert Discretize(number).draw_samples(1, rng).tolist() == [whole]


@pytest.mark.parametrize(
    ("options", "dtype"),
    [
        ([1, 2], np.int64),
        ([1, 2.5], np.float32),
        (["edge", "wrap"], np.dtype("<U4")),
        (["edge", 2], np.dtype(object)),
        ([True, False], np.bool),
        ([0.5, DiscreteUniform(3, 4)], np.float32),
        ([1, DiscreteUniform(3, 4)], np.int64),
        (["edge", DiscreteUniform(3, 4)], np.dtype(object)),
    ],
)
def test_a_choice_gives_its_own_values_in_an_array_that_fits(options, dtype, rng):
    parameter = Choice(options)
    samples = parameter.draw_samples((10, 20), rng)
    assert samples.shape == (10, 20)
    assert samples.dtype == dtype
    plain = {value for value in options if not isinstance(value, StochasticParameter)}
    drawn = set(samples.ravel().tolist())
    assert plain <= drawn
    assert drawn - plain <= {3, 4}
    assert {parameter.draw_sample(rng) for _ in range(200)} == drawn


def test_a_choice_without_replacement_gives_every_entry_once(rng):
    parameter = Choice(range(10), replace=False)
    assert sorted(parameter.draw_samples((2, 5), rng).ravel().tolist()) == list(range(10))
    weighted = Choice(["a", "b", "c"], replace=False, p=[1 / 3, 1 / 3, 1 / 3 + 1e-7])
    assert set(weighted.draw_samples(3, rng)) == {"a", "b", "c"}
    with pytest.raises(ValueError, match="larger sample than population"):
        parameter.draw_samples(11, rng)


@pytest.mark.parametrize("value", [3, 0.25, "edge", True])
def test_deterministic_always_gives_its_value(value, rng):
    parameter = Deterministic(value)
    assert parameter.draw_sample(rng) is value
    samples = parameter.draw_samples((2, 3), rng)
    assert samples.tolist() == [[value] * 3] * 2


def test_values_drawn_are_plain_so_that_json_can_hold_them(rng):
    from_numpy = [Deterministic(np.float32(0.5)), Choice(np.array([1, 2])), Uniform(*np.ones(2))]
    for parameter in (*from_numpy, *(p for p, _ in CONTINUOUS.values())):
        assert json.loads(json.dumps(parameter.draw_sample(rng))) is not None
    assert type(discrete(np.float64(3.0), "n").draw_sample(rng)) is int


def test_the_same_seed_draws_the_same():
    for parameter, _ in (*CONTINUOUS.values(), *DISCRETE.values()):
        one, other = np.random.default_rng(5), np.random.default_rng(5)
        assert parameter.draw_sample(one) == parameter.draw_sample(other)
        assert np.array_equal(parameter.draw_samples(9, one), parameter.draw_samples(9, other))


def test_parameters_are_values():
    assert Uniform(0, 1) == Uniform(Deterministic(0), 1.0)
    assert Uniform(0, 1) != Uniform(0, 2)
    assert Add(1, 2) != Subtract(1, 2)
    assert len({Choice([1, 2]), Choice((1, 2)), Choice([2, 1])}) == 2
    for parameter, _ in (*CONTINUOUS.values(), *DISCRETE.values()):
        assert pickle.loads(pickle.dumps(parameter)) == parameter
        assert hash(parameter) == hash(pickle.loads(pickle.dumps(parameter)))
    with pytest.raises(AttributeError):
        Uniform(0, 1).a = 3


def test_repr_can_be_read_back():
    for parameter, _ in (*CONTINUOUS.values(), *DISCRETE.values()):
        assert eval(repr(parameter), {**vars(iap), "inf": math.inf}) == parameter
    assert repr(Normal((0, 5), 1)) == "Normal(loc=Uniform(a=0, b=5), scale=1)"
    assert repr(Deterministic("x")) == "Deterministic(value='x')"


@pytest.mark.parametrize(
    ("build", "error", "message"),
    [
        (lambda: Deterministic(None), TypeError, "must be a number, a bool or a str, got None"),
        (lambda: Choice([]), ValueError, "Choice needs at least one value"),
        (lambda: Choice("edge"), TypeError, "needs a list of values, got the string 'edge'"),
        (lambda: Choice([(1, 2)]), TypeError, r"a number, a bool or a str, got \(1, 2\)"),
        (lambda: Choice([1, 2], p=[1]), ValueError, "got 2 values but 1 probabilities"),
        (lambda: Choice([1, 2], p=[0.5, 0.6]), ValueError, r"must sum to 1, got \[0\.5, 0\.6\]"),
        (lambda: Choice([1, 2], p=[-0.5, 1.5]), ValueError, "must sum to 1"),
        (lambda: Normal(0, -1), ValueError, r"Normal\.scale must be at least 0, got -1"),
        (lambda: Normal(math.nan, 1), ValueError, r"Normal\.loc must be finite, got nan"),
        (lambda: TruncatedNormal(0, 1, math.nan), ValueError, r"\.low must be finite, got nan"),
        (lambda: Laplace(0, -1), ValueError, r"Laplace\.scale must be at least 0"),
        (lambda: Poisson(-1), ValueError, r"Poisson\.lam must be at least 0, got -1"),
        (lambda: Binomial(1.5), ValueError, r"Binomial\.p must lie in \[0, 1\], got 1\.5"),
        (lambda: Beta(-1, 1), ValueError, r"Beta\.alpha must be at least 0, got -1"),
        (lambda: Beta(1, 1, epsilon=0), ValueError, "epsilon must be above 0, got 0"),
        (lambda: ChiSquare(0), ValueError, r"ChiSquare\.df must be above 0, got 0"),
        (lambda: Weibull(0.0), ValueError, r"Weibull\.a must be above 0, got 0"),
        (lambda: DiscreteUniform(0.5, 2), ValueError, "DiscreteUniform.a must be a whole number"),
        (lambda: Clip(1), ValueError, "Clip needs minval or maxval, got neither"),
        (lambda: Clip(1, 3, 2), ValueError, r"Clip needs minval <= maxval, got \[3, 2\]"),
        (lambda: RandomSign(1, 2), ValueError, r"p_positive must lie in \[0, 1\], got 2"),
    ],
)
def test_senseless_distributions_are_refused(build, error, message):
    with pytest.raises(error, match=message):
        build()


def test_beta_takes_exponents_near_zero_as_epsilon(rng):
    assert set(np.round(Beta(0, 0).draw_samples(200, rng)).tolist()) == {0.0, 1.0}


# ---- the parsers


def test_continuous_reads_what_imgaug_reads():
    assert continuous(3, "x") == Deterministic(3)
    assert continuous(np.float32(0.5), "x") == Deterministic(0.5)
    assert continuous((1, 2), "x") == Uniform(1, 2)
    assert continuous((2, 1), "x") == Uniform(1, 2)
    assert continuous([1, 2.5], "x") == Choice([1, 2.5])
    assert continuous([1, Uniform(2, 3)], "x") == Choice([1, Uniform(2, 3)])
    parameter = Normal(0, 1)
    assert continuous(parameter, "x") is parameter


def test_discrete_reads_whole_numbers():
    assert discrete(3, "x") == Deterministic(3)
    assert discrete(3.0, "x") == Deterministic(3)
    assert discrete((3, 1), "x") == DiscreteUniform(1, 3)
    assert discrete([1, 4], "x") == Choice([1, 4])
    parameter = Normal(0, 1)
    assert discrete(parameter, "x") is parameter
    for value in (2.5, (1, 2.5), [1, 2.5]):
        with pytest.raises(ValueError, match=r"x must be a whole number, got 2\.5"):
            discrete(value, "x")


@pytest.mark.parametrize("parse", [continuous, discrete])
@pytest.mark.parametrize("value", [None, True, "3", (1, 2, 3), ("a", "b"), {"a": 1}, np.zeros(2)])
def test_anything_else_is_a_type_error_that_names_the_argument(parse, value):
    message = "angle must be a number, a range (a, b), a list of numbers or a StochasticParameter"
    with pytest.raises(TypeError, match=re.escape(message)):
        parse(value, "angle")


def test_lists_can_be_ruled_out_and_hold_numbers_only():
    with pytest.raises(TypeError, match=r"a range \(a, b\), or a StochasticParameter, got \[1\]"):
        continuous([1], "x", choices=False)
    with pytest.raises(TypeError, match=r"a list for x must hold numbers or Stoch.*, got 'a'"):
        continuous([1, "a"], "x")
    with pytest.raises(ValueError, match="x is an empty list; give at least one value"):
        continuous([], "x")


OUTSIDE = [-0.5, (-0.5, 1), [1, -0.5], Deterministic(-0.5), Choice([1, -0.5]), Uniform(3, -0.5)]


@pytest.mark.parametrize("value", [*OUTSIDE, [1, Choice([1, -0.5])]])
@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0, math.inf, "be at least 0"),
        (0, 5, r"lie in \[0, 5\]"),
        (-math.inf, -1, "be at most -1"),
    ],
)
def test_values_outside_the_bounds_are_refused_as_far_as_they_are_known(value, low, high, said):
    with pytest.raises(ValueError, match=f"sigma must {said}, got"):
        continuous(value, "sigma", low, high)


def test_whole_numbers_are_held_to_their_bounds_too():
    for value in (-1, (-1, 3), [1, -1], DiscreteUniform(-1, 3)):
        with pytest.raises(ValueError, match="n must be at least 0, got -1"):
            discrete(value, "n", 0)
    unknown = Binomial(0.5) - 1
    assert discrete(unknown, "n", 0) is unknown


def test_a_parameter_that_gives_names_is_no_number():
    with pytest.raises(TypeError, match=r"x must be a number, Choice\(.*\) can give 'a'"):
        continuous(Choice([1, "a"]), "x")


@given(st.floats(0, 1), st.floats(0, 1))
def test_probabilities_become_zeros_and_ones(p, q):
    low, high = sorted((p, q))
    assert probability(p, "p") == Binomial(p)
    assert probability((q, p), "p") == Binomial(Uniform(low, high))
    assert probability([p, q], "p") == Binomial(Choice([p, q]))


def test_probabilities_may_be_truth_values_or_parameters(rng):
    assert [probability(True, "p").draw_sample(rng) for _ in range(9)] == [1] * 9
    assert [probability(np.False_, "p").draw_sample(rng) for _ in range(9)] == [0] * 9
    parameter = Choice([0, 1, 1])
    assert probability(parameter, "p") is parameter
    for value in (1.5, -1, (0.5, 2)):
        with pytest.raises(ValueError, match=r"per_channel must lie in \[0, 1\], got"):
            probability(value, "per_channel")


MODES = ("constant", "edge", "reflect")


def test_choice_of_picks_names_from_a_closed_list():
    assert choice_of("edge", "mode", MODES) == Deterministic("edge")
    assert choice_of(["edge", "reflect"], "mode", MODES) == Choice(["edge", "reflect"])
    assert choice_of(ALL, "mode", MODES) == Choice(MODES)
    weighted = Choice(["edge", "reflect"], p=[0.9, 0.1])
    assert choice_of(weighted, "mode", MODES) is weighted
    assert choice_of(np.int64(3), "order", (0, 1, 3)) == Deterministic(3)
    assert choice_of([0, 1], "order", (0, 1, 3)) == Choice([0, 1])


@pytest.mark.parametrize("value", ["Egde", ["edge", "Egde"], Choice(["edge", "Egde"])])
def test_an_unknown_name_is_answered_with_the_nearest(value):
    message = "mode must be one of 'constant', 'edge', 'reflect' or 'all', got 'Egde'; "
    with pytest.raises(ValueError, match=message + "the nearest is 'edge'"):
        choice_of(value, "mode", MODES)


def test_choice_of_refuses_other_types_and_empty_lists():
    for value in (None, 1.5, True, ("edge", "reflect")):
        with pytest.raises(TypeError, match=r"mode must be one of 'constant', .* a list of them"):
            choice_of(value, "mode", MODES)
    with pytest.raises(ValueError, match="order must be one of 0, 1, 3 or 'all', got 4"):
        choice_of(4, "order", (0, 1, 3))
    with pytest.raises(ValueError, match="mode is an empty list"):
        choice_of([], "mode", MODES)


# ---- TOML


def test_toml_can_say_every_argument():
    table = tomllib.loads("""
        number = 0.5
        flag = true
        name = "edge"
        range = [-20, 20]
        longer = [0, 1, 3]
        names = ["edge", "wrap"]
        one_of_two = {choice = [0, 1]}
        noise = {distribution = "Normal", loc = [0, 5], scale = {choice = [1, 2]}}
        weighted = {distribution = "Choice", a = ["a", "b"], p = [0.25, 0.75]}
        clipped = {distribution = "Clip", other_param = [0, 10], maxval = 9}
        tail = {distribution = "TruncatedNormal", loc = 0, scale = 1, low = 2, high = inf}
        axes = {x = [-0.1, 0.1], y = 0}
    """)
    assert from_plain(table) == {
        "number": 0.5,
        "flag": True,
        "name": "edge",
        "range": (-20, 20),
        "longer": [0, 1, 3],
        "names": ["edge", "wrap"],
        "one_of_two": [0, 1],
        "noise": Normal(Uniform(0, 5), Choice([1, 2])),
        "weighted": Choice(["a", "b"], p=[0.25, 0.75]),
        "clipped": Clip((0, 10), maxval=9),
        "tail": TruncatedNormal(0, 1, low=2),
        "axes": {"x": (-0.1, 0.1), "y": 0},
    }
    assert from_plain([True, False]) == [True, False]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"distribution": "norml"}, "there is no distribution 'norml'; the nearest is 'Normal'"),
        ({"distribution": 3}, "there is no distribution 3"),
        ({"distribution": "Normal", "loc": 0}, "Normal takes loc, scale: missing .* 'scale'"),
        ({"distribution": "Poisson", "mu": 0}, "Poisson takes lam: "),
        ({"distribution": "Normal", "loc": 0, "scale": -1}, r"Normal\.scale must be at least 0"),
        ({"choice": [1, 2], "p": [0.5, 0.5]}, 'for probabilities write {distribution = "Choice"'),
        ({"choice": 3}, r"a choice is written {choice = \[\.\.\.\]}, got {'choice': 3}"),
    ],
)
def test_toml_that_makes_no_sense_is_refused(value, message):
    with pytest.raises(ValueError, match=message):
        from_plain(value)


def test_toml_dates_are_no_arguments():
    with pytest.raises(
        TypeError, match="expected a number, a string, a list or a table, got datet"
    ):
        from_plain(tomllib.loads("when = 2020-01-01")["when"])


def test_every_parameter_can_be_named_in_toml():
    named = {name for name in iap.__all__ if isinstance(getattr(iap, name), type)}
    for name in named - {"StochasticParameter"}:
        with pytest.raises((ValueError, TypeError), match=f"{name} takes"):
            from_plain({"distribution": name, "nonsense": 1})


@pytest.mark.parametrize(
    ("parameter", "nanoseconds"),
    [
        (Deterministic(3), 300),
        (Uniform(0, 1), 2500),
        (Choice([1, 2, 3]), 2500),
        (Choice([1, 2], p=[0.5, 0.5]), 2500),
        (Binomial(0.5), 2500),
    ],
)
def test_drawing_one_number_is_cheap(parameter, nanoseconds, rng):
    """An augmentation call has 200 microseconds in all (twice the time is let pass here)."""

    def once():
        start = time.process_time_ns()
        for _ in range(2000):
            parameter.draw_sample(rng)
        return (time.process_time_ns() - start) / 2000

    assert min(once() for _ in range(20)) < 2 * nanoseconds
