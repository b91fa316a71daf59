"""One cell of the stored table of cures: a world in which each of them is judged."""

from threadpoolctl import threadpool_limits

from ..datasets import binary_labels
from ..evaluation import baselines
from ..simulation import SCENARIOS
from .augmentation import Augmented
from .cells import MODELS, simulated
from .combat import ComBat
from .correction import BatchRanks, BatchScaler
from .judging import judge

#: A cure -> what is done to a model, how spectra are corrected, and how they are loaded.
CURES = {
    "none": {},
    "alignment": {"load": {"align": True, "on_error": "skip"}},  # a few spectra have too few peaks
    "augmentation": {"model": lambda model: Augmented(model, shift_ppm=3000.0, copies=1, random_state=0)},
    "scaling": {"correction": BatchScaler()},
    "ComBat": {"correction": ComBat()},
    "ranks": {"correction": BatchRanks()},
}


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


def planted_peaks(data):
    """Where the planted peaks of the antibiotic of simulated spectra lie, in Da."""
    planted = data.info["planted"]
    return planted.loc[planted["antibiotic"] == data.info["antibiotic"], "mz"].to_numpy()
