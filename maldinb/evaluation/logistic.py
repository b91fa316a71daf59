"""Logistic regression on few columns, by Newton's method: what calibration is measured with, and mended."""

import numpy as np
from scipy.special import expit, logit


def logistic_regression(columns, y, *, offset=0.0, precision=0.0):
    """Coefficients that make the labels most likely, and their covariance.

    scikit-learn's takes no offset and penalises all coefficients alike, and tells no covariance.

    Parameters
    ----------
    columns : ndarray, shape (n, n_columns)
        With a column of ones, if an intercept is wanted.
    y : ndarray of {0, 1}, shape (n,)
        Or shares from 0 to 1.
    offset : ndarray, shape (n,), or float
        Part of the logit that is given.
    precision : ndarray, shape (n_columns,), or float
        One over the variance of each coefficient's normal prior around 0; 0 for no prior.

    Returns
    -------
    coefficients : ndarray, shape (n_columns,)
    covariance : ndarray, shape (n_columns, n_columns)

    Raises
    ------
    numpy.linalg.LinAlgError
        If the columns do not determine the coefficients. Labels that the columns separate need a `precision`.
    """
    coefficients = np.zeros(columns.shape[1])
    prior = np.broadcast_to(precision, coefficients.shape)
    for _ in range(1000):
        p = expit(offset + columns @ coefficients)
        information = (columns * (p * (1 - p))[:, None]).T @ columns + np.diag(prior)
        step = np.linalg.solve(information, columns.T @ (y - p) - prior * coefficients)
        # As long as no logit moves by more than 1, every step makes the labels more likely.
        coefficients = coefficients + step / max(1.0, np.abs(columns @ step).max())
        if np.abs(step).max() < 1e-9:
            break
    return coefficients, np.linalg.inv(information)


def bounded_logit(score):
    """Logit of probabilities that are kept 1e-6 away from 0 and 1, where it is infinite.

    Parameters
    ----------
    score : ndarray
        P(R), from 0 to 1.

    Returns
    -------
    ndarray
        From -13.8 to 13.8.
    """
    return logit(np.clip(score, 1e-6, 1 - 1e-6))
