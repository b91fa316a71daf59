"""Execute one notebook: keep what nbval will see, hand Ctrl-C on, and watch the memory."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, DeadKernelError
from nbformat import NotebookNode

from ..interrupts import on_interrupt
from ..memory import taken_by
from .claims import ON_PURPOSE, Tally, tally


class Client(NotebookClient):
    """A notebook client that keeps what nbval will see, and that widgets cannot hang.

    nbclient answers widget messages by playing a browser for ipywidgets.Output, which may wait for ever (its issue
    312). Left alone, what a widget draws simply arrives as the cell's output: the static picture that a reader
    without a kernel needs anyway.
    """

    def handle_comm_msg(self, outs: Any, msg: Any, cell_index: int) -> None:
        """Widgets talk; nobody answers."""

    def clear_output(self, outs: Any, msg: Any, cell_index: int) -> None:
        """Widgets clear only themselves, and nbval clears nothing."""


@dataclass
class PeakMemory:
    """Follows the memory of a process and its children, in MB: see `maldinb.memory.taken_by`."""

    every: float = 0.1
    peak: float = 0.0
    _stop: threading.Event = field(default_factory=threading.Event)

    @contextlib.contextmanager
    def watching(self, pid: int) -> Iterator[None]:
        thread = threading.Thread(target=self._watch, args=(pid,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()

    def _watch(self, pid: int) -> None:
        while True:
            self.peak = max(self.peak, taken_by(pid))
            if self._stop.wait(self.every):
                return


@dataclass
class Result:
    """One line of the table."""

    name: str
    claims: Tally
    seconds: float
    peak_mb: float
    error: str | None = None

    @property
    def held(self) -> str:
        """The claims in a few words."""
        return "FAILED" if self.error else f"{self.claims.held}/{self.claims.total}"

    @property
    def reason(self) -> str:
        """The last line of the error, which says what is wrong."""
        return self.error.rstrip().splitlines()[-1] if self.error else ""


class Stopped(KeyboardInterrupt):
    """Somebody pressed Ctrl-C while the notebook of this name was executed."""


def interrupting(pid: int, stop: threading.Event) -> contextlib.AbstractContextManager[None]:
    """Hand Ctrl-C on to a kernel, which does not get it by itself, and set `stop`. A second one kills the kernel."""

    def hand_on(*_: Any) -> None:
        with contextlib.suppress(psutil.NoSuchProcess):
            kernel = psutil.Process(pid)
            if stop.is_set():
                kernel.kill()
            else:
                os.write(2, b"\nStopping (Ctrl-C once more does not wait for the kernel) ...\n")  # print may be in use
                os.kill(pid, signal.SIGINT)
        stop.set()

    return on_interrupt(hand_on)


def is_news(record: logging.LogRecord) -> bool:
    """Whether Tornado says more than that a socket was closed while a message of a kernel was on its way."""
    return "zmqstream callback" not in record.getMessage().lower()


def execute(nb: NotebookNode, name: str, cwd: Path, timeout: int) -> Result:
    """Execute in place. An error ends this notebook, is kept in the result, and is not raised.

    Raises
    ------
    Stopped
        If somebody pressed Ctrl-C.
    """
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    client = Client(
        nb,
        timeout=timeout,
        startup_timeout=120,
        kernel_name="python3",
        resources={"metadata": {"path": str(cwd)}},
        store_widget_state=False,
        record_timing=False,
        extra_arguments=["--IPKernelApp.log_level=ERROR"],  # or each kernel warns that loopback is not encrypted
    )
    logging.getLogger("tornado.general").addFilter(is_news)  # for good: sockets close when they like
    memory, stop, error, start = PeakMemory(), threading.Event(), None, time.perf_counter()
    try:
        with (
            client.setup_kernel(),
            memory.watching(client.km.provisioner.pid),
            interrupting(client.km.provisioner.pid, stop),
        ):
            info = client.wait_for_reply(client.kc.kernel_info())
            nb.metadata["language_info"] = info["content"]["language_info"]
            client.reset_execution_trackers()
            for index, cell in enumerate(nb.cells):
                client.execute_cell(cell, index)
                merge_streams(cell)
                if stop.is_set():  # an interrupt that came between two cells has stopped none
                    break
    except (CellControlSignal, DeadKernelError) as err:  # a failed cell, or one that ran out of time
        error = re.sub(r"\x1b\[[0-9;]*m", "", str(err)) or type(err).__name__
    except Exception as err:
        if not stop.is_set():
            raise
        error = str(err)
    if stop.is_set():
        raise Stopped(name)
    cells = [cell for cell in nb.cells if ON_PURPOSE not in cell.metadata.get("tags", [])]
    outputs = [out for cell in cells for out in cell.get("outputs", [])]
    return Result(name, tally(outputs), time.perf_counter() - start, memory.peak, error)


def merge_streams(cell: NotebookNode) -> None:
    """Join, in place, pieces of printed text that arrived one after the other: where they are cut is chance."""
    merged: list[NotebookNode] = []
    for out in cell.get("outputs", []):
        if merged and out.output_type == "stream" and out.get("name") == merged[-1].get("name"):
            merged[-1].text += out.text
        else:
            merged.append(out)
    if "outputs" in cell:
        cell.outputs = merged
