"""Does the gate help? Variants of the model, a study that compares them fairly, and what may be concluded from it.

::

    table = run_study(variants(X.shape[1], epochs=30), X, y, batch, isolate=isolates, folder="study", n_jobs=2)
    comparison = compare(table, reference="learned gate", rope=0.01)
    print(verdict_sentence(comparison.loc["no gate"]))

`y` is 1 for resistant (R) and 0 for susceptible (S), `batch` is the hospital, instrument or
year of each spectrum.
"""

from ..offering import offered as _offered
from .components import batch_differences, variance_components
from .fits import METRICS, StudyError
from .kept import study_cache
from .pairing import paired_scores
from .planning import power
from .statistics import compare, verdict_sentence
from .stored import stored_study
from .study import run_study
from .variants import count_parameters, variants

__all__ = _offered(globals())
