"""Newton's method finds what makes the labels most likely, from wherever it has to come."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from maldinb.evaluation.logistic import bounded_logit, logistic_regression


def slope_of_likelihood(columns, y, coefficients, offset, precision):
    return columns.T @ (y - expit(offset + columns @ coefficients)) - precision * coefficients


@given(st.integers(0, 10**6), st.integers(2, 40), st.sampled_from([0.1, 3.0, 30.0]))
def test_nothing_is_more_likely(seed, n, spread):
    rng = np.random.default_rng(seed)
    offset, y = bounded_logit(expit(rng.normal(0, spread, n))), rng.integers(0, 2, n)
    y[:2] = 0, 1
    columns, precision = np.column_stack([np.ones(n), offset]), np.array([0.0, 1.0])
    found, covariance = logistic_regression(columns, y, offset=offset, precision=precision)
    assert slope_of_likelihood(columns, y, found, offset, precision) == pytest.approx([0, 0], abs=1e-6)
    assert (np.diag(covariance) > 0).all()


def test_columns_that_do_not_determine_the_coefficients_are_an_error():
    with pytest.raises(np.linalg.LinAlgError):
        logistic_regression(np.zeros((4, 1)), np.array([0, 1, 0, 1]))
