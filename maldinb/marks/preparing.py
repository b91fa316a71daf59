"""What answers and checks take from the course's own cells, computed once for a class.

Runs as ``python -m maldinb.marks.preparing JOB OUT``, so that a notebook's names and settings stay in that process.
"""

from __future__ import annotations

import ast
import os
import pickle
import subprocess
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path

from .course import Exercise
from .names import loads, needed, stores


class CourseError(ValueError):
    """A cell of the course itself did not run, with these parameters on this machine."""


@dataclass(frozen=True)
class Prepared:
    """For an exercise, as pickles: the names that answers may use, and the arguments of the check but the first."""

    given: bytes
    data: bytes


def prepare(exercises: dict[Exercise, set[str]], notebooks: Path, scratch: Path) -> dict[Exercise, Prepared]:
    """Run those cells of one notebook that some exercises need, and no others.

    Parameters
    ----------
    exercises : dict
        Exercise -> the names that answers to it use.
    notebooks : Path
        The folder in which the cells run.
    scratch : Path
        An empty folder.

    Raises
    ------
    CourseError
    """
    plans = [_plan(exercise, names) for exercise, names in exercises.items()]
    job, out = scratch / "job", scratch / "prepared"
    job.write_bytes(pickle.dumps(plans))
    environ = os.environ | {"MPLBACKEND": "Agg"}
    command = [sys.executable, "-m", __name__, str(job), str(out)]
    done = subprocess.run(command, cwd=notebooks, env=environ, capture_output=True, text=True, errors="replace")
    if done.returncode:
        raise CourseError((done.stderr.strip().splitlines() or ["it ended without a word"])[-1])
    found = pickle.loads(out.read_bytes())
    return {exercise: Prepared(*pair) for exercise, pair in zip(exercises, found, strict=True)}


def _plan(exercise: Exercise, names: set[str]) -> dict:
    call = exercise.call
    rest = ast.unparse(ast.Call(ast.Name("dict"), [], call.keywords))
    pair = f"([{', '.join(map(ast.unparse, call.args[1:]))}], {rest})"
    tree = ast.parse(exercise.stub)
    kept = [node for node in tree.body if not (isinstance(node, ast.Expr) and call.func.attr in ast.unparse(node))]
    stub = ast.unparse(ast.Module(kept, []))
    given = names & set().union(*map(stores, exercise.above)) if exercise.above else set()
    wanted = given | loads(stub) | loads(pair)
    return {
        "above": exercise.above, "cells": needed(exercise.above, wanted), "stub": stub, "data": pair,
        "given": sorted(given), "own": sorted(names & stores(stub)),
    }  # fmt: skip


def main(job: str, out: str) -> None:
    """Carry out plans, which are of one notebook and in its order."""
    import matplotlib.pyplot as plt

    warnings.simplefilter("ignore")
    plans = pickle.loads(Path(job).read_bytes())
    needs = {place for plan in plans for place in plan["cells"]}
    space, done, found = {"__name__": "__main__"}, 0, []
    for plan in plans:
        for place in range(done, len(plan["above"])):
            if place in needs:
                exec(compile(plan["above"][place], f"<cell {place}>", "exec", dont_inherit=True), space)
                plt.close("all")
        done = len(plan["above"])
        apart = dict(space)
        exec(compile(plan["stub"], "<stub>", "exec", dont_inherit=True), apart)
        data = eval(compile(plan["data"], "<check>", "eval", dont_inherit=True), apart)
        given = {name: apart[name] for name in (*plan["given"], *plan["own"]) if name in apart}
        found.append((_pickled(given), _pickled(data)))
    Path(out).write_bytes(pickle.dumps(found))


def _pickled(value: object) -> bytes:
    """A pickle that holds functions of a notebook whole, and leaves out entries that cannot be pickled."""
    try:
        import cloudpickle  # joblib brings it, as it is or, before 1.6, inside of itself
    except ImportError:
        from joblib.externals import cloudpickle

    try:
        return cloudpickle.dumps(value)
    except Exception:
        if not isinstance(value, dict):
            raise
    kept = {}
    for name, one in value.items():
        try:
            cloudpickle.dumps(one)
            kept[name] = one
        except Exception:  # whoever uses this name is told that it is not there
            continue
    return cloudpickle.dumps(kept)


if __name__ == "__main__":
    main(*sys.argv[1:])
