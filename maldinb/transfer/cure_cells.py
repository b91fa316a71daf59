"""Cells of the stored tables of cures, and of labelled isolates of one's own."""

from threadpoolctl import threadpool_limits

from ..datasets import binary_labels
from ..evaluation import baselines
from ..simulation import SCENARIOS
from .augmentation import Augmented
from .cells import MODELS, simulated
from .combat import ComBat
from .correction import BatchRanks, BatchScaler
from .judging import judge
from .local import local_curve

#: A cure -> what is done to a model, how spectra are corrected, and how they are loaded.
CURES = {
    "none": {},
    "alignment": {"load": {"align": True}},
    "augmentation": {"model": lambda model: Augmented(model, shift_ppm=3000.0, copies=1, random_state=0)},
    "scaling": {"correction": BatchScaler()},
    "ComBat": {"correction": ComBat()},
    "ranks": {"correction": BatchRanks()},
}
SIZES, N_DRAWS = (0, 20, 50, 100, 200), 3


def cures_cell(world, seed):
    """The four numbers of each cure and model in a world, a name in `simulation.SCENARIOS`: a list of dict."""
    with threadpool_limits(1):
        rows, loaded = [], {}
        for name, cure in CURES.items():
            how = cure.get("load", {})
            data = loaded.get(str(how))
            if data is None:
                data = loaded[str(how)] = simulated(SCENARIOS[world], seed, **how)
            X, y = binary_labels(data)
            known = {"batch": data.batch[X.index], "isolate": data.isolate[X.index], "mz": data.mz}
            peaks = planted_peaks(data)
            for model in MODELS:
                estimator = cure.get("model", lambda same: same)(baselines(seed)[model])
                options = {"peaks": peaks, "correction": cure.get("correction"), "random_state": seed}
                numbers = judge(estimator, X, y, **known, **options)["value"]
                rows.append({"cure": name, "model": model} | numbers.to_dict())
    return rows


def isolates_cell(world, seed):
    """`local_curve` of each model in a world, a name in `simulation.SCENARIOS`: a list of dict."""
    with threadpool_limits(1):
        data = simulated(SCENARIOS[world], seed)
        X, y = binary_labels(data)
        known = {"batch": data.batch[X.index], "isolate": data.isolate[X.index], "sizes": SIZES, "n_draws": N_DRAWS}
        curves = {name: local_curve(baselines(seed)[name], X, y, **known, random_state=seed) for name in MODELS}
        return [{"model": name} | row for name, curve in curves.items() for row in curve.to_dict("records")]


def planted_peaks(data):
    """Where the planted peaks of the antibiotic of simulated spectra lie, in Da."""
    planted = data.info["planted"]
    return planted.loc[planted["antibiotic"] == data.info["antibiotic"], "mz"].to_numpy()
