"""Division that always sums."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.values import allocate

WEIGHTS = st.lists(
    st.one_of(st.integers(0, 10**6), st.fractions(0, 1000, max_denominator=97)), min_size=1, max_size=25
).filter(lambda weights: sum(weights) > 0)


@given(st.integers(-(10**14), 10**14), WEIGHTS)
def test_parts_sum_and_stay_within_one_unit(total, weights):
    parts = allocate(total, weights)
    assert sum(parts) == total
    assert len(parts) == len(weights)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(total) * weight / sum(weights)) < 1


@given(st.integers(0, 10**12), WEIGHTS, st.integers(1, 1000))
def test_scale_of_weights_does_not_matter(total, weights, factor):
    assert allocate(total, weights) == allocate(total, [weight * factor for weight in weights])


@given(st.integers(0, 10**12), WEIGHTS)
def test_larger_weight_never_gets_less(total, weights):
    parts = allocate(total, weights)
    by_weight = sorted(zip(weights, parts, strict=True), key=lambda pair: (pair[0], pair[1]))
    assert [part for _, part in by_weight] == sorted(parts)


@given(st.integers(0, 10**12), WEIGHTS)
def test_no_weight_no_share_and_negative_mirrors(total, weights):
    parts = allocate(total, weights)
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)
    assert allocate(-total, weights) == [-part for part in parts]


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (5, [0, 2, 0, 2], [0, 3, 0, 2]),
        (1000, [Fraction(1, 3), Fraction(2, 3)], [333, 667]),
        (0, [3, 7], [0, 0]),
    ],
)
def test_known_splits(total, weights, parts):
    assert allocate(total, weights) == parts


@pytest.mark.parametrize(
    ("total", "weights", "reason"),
    [
        (1, [], "nothing to allocate to"),
        (1, [1, -1], "a weight is negative"),
        (1, [0, 0], "all weights are zero"),
        (1, [0.5, 1], "never floats"),
        (1.0, [1], "never floats"),
    ],
)
def test_refusals(total, weights, reason):
    with pytest.raises(ValueError, match=reason):
        allocate(total, weights)
