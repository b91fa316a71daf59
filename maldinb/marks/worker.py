"""The process that runs a student's answers: ``python -m maldinb.marks.worker``, started by `running`.

It trusts what it reads from the standard input, and nobody trusts what it says. A verdict is believed only where the
answer is a function or another thing that cannot leave this process; plain values are checked elsewhere.
"""

from __future__ import annotations

import importlib
import json
import os
import pickle
import sys
from collections.abc import Callable
from pathlib import Path

from .fence import raise_fence


def main() -> None:
    """Run the answers of a job, one after the other, and say what came of each."""
    job = pickle.load(sys.stdin.buffer)
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    fence = raise_fence(Path.cwd(), job["memory"], job["readable"])

    def say(**message):
        channel.write(json.dumps({"nonce": job["nonce"], **message}) + "\n")
        channel.flush()

    for module in job["modules"]:
        __import__(module)
    say(ready=fence)
    for task in job["tasks"]:
        say(check=task["check"], **run(task))
    channel.close()
    os._exit(0)  # without waiting for threads that an answer has left behind


def run(task: dict) -> dict:
    """What came of one answer: its value, the verdict on it, or an error."""
    from .plain import NotPlain, encode

    try:
        space = {"__name__": "__main__", "exercises": None, "display": lambda *_, **__: None}
        space |= pickle.loads(task["given"])
        exec(compile(task["code"], "<answer>", "exec", dont_inherit=True), space)
        answer = eval(compile(task["value"], "<value>", "eval", dont_inherit=True), space)
        try:
            return {"value": encode(answer)}
        except NotPlain:
            pass
        args, more = pickle.loads(task["data"])  # anew: an answer may have changed what it was given
        label, message = _fresh_check(task["check"]).judge(answer, *args, **more)
        return {"label": str(label), "message": str(message)}
    except BaseException as error:  # SystemExit, too
        return {"error": f"{type(error).__name__}: {error}"[:500] + _where(error, task["above"])}


def _fresh_check(name: str) -> Callable:
    """A check as its file has it, whatever an answer has made of the modules that were loaded before."""
    for module in [module for module in sys.modules if module.startswith("maldinb.exercises")]:
        del sys.modules[module]
    return importlib.import_module("maldinb.exercises").CHECKS[name]


def _where(error: BaseException, above: int) -> str:
    """The last line of the answer that an error went through; `above` lines before it are of other cells."""
    trace, lines = error.__traceback__, []
    while trace:
        if trace.tb_frame.f_code.co_filename == "<answer>":
            lines.append(trace.tb_lineno)
        trace = trace.tb_next
    own = [line - above for line in lines if line > above]
    return f" (line {own[-1]})" if own else " (in another cell of yours)" if lines else ""


if __name__ == "__main__":
    main()
