"""Run a notebook's answers in processes of their own, within limits, and check what they give."""

from __future__ import annotations

import json
import os
import pickle
import queue
import secrets
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from ..exercises import CHECKS
from ..exercises.checking import RIGHT
from ..memory import taken_by
from .answers import Answer
from .fence import temporary_home
from .plain import decode
from .preparing import Prepared

STARTING = 180  # seconds, for the imports on a busy machine
MOST_SAID = 50_000_000  # characters of one message
#: Label of a check -> verdict in the table.
VERDICTS = {RIGHT: "right", "not right": "not right", "not yet": "not yet", "nothing to check": "nothing to check"}
ERROR = "error"
_PASSED = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "SYSTEMROOT", "LD_LIBRARY_PATH")


@dataclass(frozen=True)
class Limits:
    """What the answers of one student may take: seconds for each, and MB of memory."""

    seconds: float = 60
    memory: int = 2000


class Ended(Exception):
    """The process is over; the message says why."""


def run_answers(answers: list[Answer], prepared: dict, limits: Limits) -> tuple[dict[str, tuple[str, str]], list[str]]:
    """Check -> verdict and message, and what protected this machine; one that ends the process stops no other."""
    found: dict[str, tuple[str, str]] = {}
    fence: list[str] = []
    left = list(answers)
    while left:
        with temporary_home() as home, Process(left, prepared, limits, Path(home)) as process:
            try:
                fence = process.ready()
                while left:
                    found[left[0].exercise.check] = _verdict(process.next(), left[0], prepared[left[0].exercise])
                    left.pop(0)
            except Ended as end:
                found[left.pop(0).exercise.check] = ERROR, str(end)
    return found, fence


def _verdict(said: dict, answer: Answer, prepared: Prepared) -> tuple[str, str]:
    """What becomes of a message; the check of a plain value happens here, where no answer has run."""
    if "error" in said:
        return ERROR, " ".join(str(said["error"]).split())
    if "value" in said:
        try:
            value = decode(said["value"])
        except Exception:
            return ERROR, "the answer is no value that can be read"
        args, more = pickle.loads(prepared.data)
        label, message = CHECKS[answer.exercise.check].judge(value, *args, **more)
    else:
        label, message = said.get("label"), str(said.get("message"))
    return VERDICTS.get(label, ERROR), message[:500]


class Process:
    """One process of `worker`, watched from outside."""

    def __init__(self, answers: list[Answer], prepared: dict, limits: Limits, home: Path):
        self.limits, self.nonce, self.lines = limits, secrets.token_hex(16), queue.Queue(100)
        tasks = [
            {"check": a.exercise.check, "code": a.code, "above": a.above, "value": a.value} | vars(prepared[a.exercise])
            for a in answers
        ]
        packages = [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
        readable = [*packages, str(Path(__file__).parents[1])]  # and not the folder in which the command was typed
        modules = ["maldinb.exercises", "maldinb.marks.plain"]
        job = {"nonce": self.nonce, "memory": limits.memory, "tasks": tasks, "readable": readable, "modules": modules}
        environ = {name: os.environ[name] for name in _PASSED if name in os.environ}
        environ |= dict.fromkeys(("HOME", "USERPROFILE", "TMPDIR", "TEMP", "TMP", "IPYTHONDIR"), str(home))
        environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        environ |= {"MPLBACKEND": "Agg", "MALDINB_CACHE_DIR": str(home / "cache"), "PYTHONDONTWRITEBYTECODE": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "maldinb.marks.worker"], cwd=home, env=environ, start_new_session=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        threading.Thread(target=self._tell, args=(pickle.dumps(job),), daemon=True).start()
        threading.Thread(target=self._listen, daemon=True).start()

    def _tell(self, job: bytes) -> None:
        with suppress(OSError), self.process.stdin as pipe:  # it may have ended before
            pipe.write(job)

    def _listen(self) -> None:
        with self.process.stdout as pipe:
            while line := pipe.readline(MOST_SAID):
                self.lines.put(line)
        self.lines.put(None)

    def ready(self) -> list[str]:
        return [str(part) for part in self._message(STARTING)["ready"]]

    def next(self) -> dict:
        """What it says of the next answer.

        Raises
        ------
        Ended
        """
        return self._message(self.limits.seconds)

    def _message(self, seconds: float) -> dict:
        deadline = time.monotonic() + seconds
        while True:
            if time.monotonic() > deadline:
                raise Ended(f"stopped after {seconds:g} s, without a result")
            if (taken := taken_by(self.process.pid)) > self.limits.memory + 500:  # what is loaded before counts, too
                raise Ended(f"stopped: it took {taken:.0f} MB of memory")
            try:
                line = self.lines.get(timeout=0.05)
            except queue.Empty:
                continue
            if line is None:
                raise Ended("the answer has ended its process")
            # Of an answer that talks where it should not.
            with suppress(ValueError, KeyError, TypeError, AttributeError, RecursionError):
                message = json.loads(line)
                if message.pop("nonce") == self.nonce:
                    return message

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *_: object) -> None:
        """End it, and all that it has started."""
        started = []
        with suppress(psutil.Error):
            started = psutil.Process(self.process.pid).children(recursive=True)
        for process in started:
            with suppress(psutil.Error):
                process.kill()
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except (AttributeError, OSError):  # Windows, or over already
            self.process.kill()
        self.process.wait()
