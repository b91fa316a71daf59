"""A pytest plugin: what a notebook takes while nbval executes it, held against notebooks/budgets.toml.

Behind the cells of every notebook that nbval collects comes one more test, `budget`. It fails where the kernel has
held more memory than the file `budgets.toml` beside the notebook declares. Seconds depend on the machine: they are
printed at the end of the tests, and nothing fails.
"""

import time
import tomllib
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest
from nbval.plugin import IPyNbCell, IPyNbFile

from maldinb.course.execution import PeakMemory

FILE = "budgets.toml"
PROPERTY = "budget"  # under which a measurement travels from an xdist worker to the process that prints


class Budget(NamedTuple):
    """The most that a notebook may take."""

    seconds: float
    memory_mb: float


class OverBudget(Exception):
    """A notebook took more memory than is declared, or nothing is declared."""


def declared(folder: Path) -> dict[str, Budget]:
    """The budgets of the notebooks in a folder, by their names."""
    file = folder / FILE
    tables = tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return {name: Budget(**table) for name, table in tables.items()}


class Measurement:
    """Time and memory of a notebook's kernel from the first cell on."""

    def __init__(self, pid: int):
        self._memory, self._start = PeakMemory(), time.perf_counter()
        self._watching = ExitStack()
        self._watching.enter_context(self._memory.watching(pid))

    def finish(self) -> tuple[float, float]:
        """Seconds and MB."""
        self._watching.close()
        return time.perf_counter() - self._start, self._memory.peak


class BudgetItem(pytest.Item):
    """The test behind a notebook's cells."""

    def runtest(self):
        name = self.path.stem
        seconds, memory = self.parent.measurement.finish()
        budget = declared(self.path.parent).get(name)
        self.user_properties.append((PROPERTY, [name, seconds, memory, budget and list(budget)]))
        if budget is None:
            raise OverBudget(f"{name} took {memory:.0f} MB; {FILE} beside it declares nothing for it")
        if memory > budget.memory_mb:
            raise OverBudget(f"{name} took {memory:.0f} MB; {FILE} declares {budget.memory_mb:.0f} MB at most")

    def repr_failure(self, excinfo):
        return str(excinfo.value) if excinfo.errisinstance(OverBudget) else super().repr_failure(excinfo)

    def reportinfo(self):
        return self.path, None, f"{self.path.name}::budget"


@pytest.hookimpl(trylast=True)  # when -k and the like have made their choice
def pytest_collection_modifyitems(items):
    """Put a budget behind the last cell of every notebook."""
    last = {item.parent: i for i, item in enumerate(items) if isinstance(item, IPyNbCell)}
    for file, i in sorted(last.items(), key=lambda pair: -pair[1]):
        items.insert(i + 1, BudgetItem.from_parent(file, name="budget"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item):
    """Begin to measure as soon as the first cell has started the kernel."""
    result = yield
    if isinstance(item.parent, IPyNbFile) and not hasattr(item.parent, "measurement"):
        item.parent.measurement = Measurement(item.parent.kernel.km.provisioner.pid)
    return result


def pytest_terminal_summary(terminalreporter):
    """The closing table."""
    reports = [r for found in terminalreporter.stats.values() for r in found if getattr(r, "when", "") == "call"]
    rows = sorted(value for r in reports for name, value in r.user_properties if name == PROPERTY)
    if not rows:
        return
    width = max(len(name) for name, *_ in rows)
    terminalreporter.section("what the notebooks take, and may take")
    terminalreporter.line(f"{'notebook':<{width}} | seconds |   of | peak memory MB |   of")
    for name, seconds, memory, budget in rows:
        limits = Budget(*budget) if budget else Budget(float("nan"), float("nan"))
        line = f"{name:<{width}} | {seconds:7.1f} | {limits.seconds:4.0f} | {memory:14.0f} | {limits.memory_mb:4.0f}"
        terminalreporter.line(line + ("  slower than declared" if seconds > limits.seconds else ""))
