"""Maps of folds are called alike only where all of them are more alike than those of shuffled labels."""

import numpy as np
import pytest
from variations import make

from maldinb.report.fits import SHUFFLED, network, planned
from maldinb.report.maps import Maps, agree
from maldinb.report.problem import pose


def found(among, shuffled):
    return Maps(None, None, 3, 15.0, 50, np.array(among), np.array(shuffled))


@pytest.mark.parametrize(
    ("among", "shuffled", "holds"),
    [
        ([0.6, 0.7], [0.3, 0.5], True),
        ([0.4, 0.7], [0.3, 0.5], None),
        ([0.3, 0.5], [0.3, 0.5], None),
        ([0.1, 0.2], [0.3, 0.5], False),
    ],
)
def test_every_two_folds_have_to_share_more(among, shuffled, holds):
    assert agree(found(among, shuffled), ahead=True).holds is holds
    assert agree(found(among, shuffled), ahead=False).holds is None


def test_where_a_batch_has_one_label_nothing_is_shuffled():
    fits = planned(pose(make("pure batches"), seed=0, n_splits=3), network(1, 4, 0), seed=0)
    assert not [fit for fit in fits if fit.role == SHUFFLED]
    conclusion = agree(found([0.6, 0.7], []), ahead=True)
    assert conclusion.holds is None and "there are no labels to shuffle" in conclusion.why
