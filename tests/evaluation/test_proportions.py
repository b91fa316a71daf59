"""The exact interval is the one of SciPy's test."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from maldinb.evaluation.proportions import exact_interval


@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.floats(0.5, 0.999))
def test_it_is_scipys(counts, level):
    exact = binomtest(*counts).proportion_ci(level, method="exact")
    assert exact_interval(*counts, level) == pytest.approx(tuple(exact), abs=1e-9)
