"""One cell of the stored table of labelled isolates: a world, and what such isolates are worth there."""

from threadpoolctl import threadpool_limits

from ..datasets import binary_labels
from ..evaluation import baselines
from ..simulation import SCENARIOS
from .cells import MODELS, simulated
from .local import local_curve

SIZES, N_DRAWS = (0, 20, 50, 100, 200), 3


def isolates_cell(world, seed):
    """`local_curve` of each model in a world, a name in `simulation.SCENARIOS`: a list of dict."""
    with threadpool_limits(1):
        data = simulated(SCENARIOS[world], seed)
        X, y = binary_labels(data)
        known = {"batch": data.batch[X.index], "isolate": data.isolate[X.index], "sizes": SIZES, "n_draws": N_DRAWS}
        curves = {name: local_curve(baselines(seed)[name], X, y, **known, random_state=seed) for name in MODELS}
        return [{"model": name} | row for name, curve in curves.items() for row in curve.to_dict("records")]
