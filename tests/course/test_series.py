"""Executing the series: parameters, failures, claims, memory, and pairs of files."""

import logging
import os
import re
import subprocess
import sys
import time

import demo
import nbformat
import pandas as pd
import pytest
from builders import files_of, write_folder

from maldinb.course.__main__ import main
from maldinb.course.claims import tally
from maldinb.course.execution import PeakMemory, Result, execute, is_news, merge_streams
from maldinb.course.pairs import (
    WIDGET_TEXT,
    WIDGET_VIEW,
    as_text,
    picture,
    read_pair,
    sources,
    strip_volatile,
    write_pair,
)
from maldinb.course.parameters import inject, parameters, parse_parameters
from maldinb.course.series import table


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Two notebooks, the second of which cannot run."""
    folder = tmp_path_factory.mktemp("course with a space") / "notebooks"
    demo.make(folder)
    broken = demo.GOOD.replace("fig, ax = plt.subplots(figsize=(3, 2))", "raise RuntimeError('planted')")
    demo.make(folder, broken, "02_broken", execute=False)
    demo.make(folder, demo.GOOD.replace("SHIFT = 1", "SHIFT = 1\nEPOCHS = 3"), "03_more", execute=False)
    return folder


@pytest.fixture(scope="module")
def executed(course, tmp_path_factory):
    """The course after a run with parameters: status, printed text, output folder, files of the course before."""
    out = tmp_path_factory.mktemp("out")
    before = {p.name: p.read_bytes() for p in course.iterdir()}
    with pytest.MonkeyPatch.context() as patch:
        lines = []
        patch.setattr("maldinb.course.series.say", lines.append)
        arguments = ["run", "-p", "SHIFT=2", "-p", "EPOCHS=7", "--notebooks", str(course), "--out", str(out)]
        status = main(arguments)
    return status, "\n".join(lines), out, before


def test_run_reports_what_failed_and_goes_on(executed):
    status, text, out, _ = executed
    assert status == 1
    assert "02_broken FAILED: RuntimeError: planted\n" in text
    assert f"the traceback is in {out / '02_broken.error.txt'}" in text
    assert "RuntimeError: planted" in (out / "02_broken.error.txt").read_text()
    assert "\x1b" not in (out / "02_broken.error.txt").read_text()
    assert [p.name for p in sorted(out.glob("*.error.txt"))] == ["02_broken.error.txt"]


def test_run_ends_with_the_table(executed):
    _, text, _, _ = executed
    assert re.search(r"^01_demo +\| +1/2 \| +\d+\.\d \| +\d\d+$", text, re.M)
    assert re.search(r"^02_broken \| +FAILED \| ", text, re.M)
    assert "✗ 01_demo: the parabola was shifted by 2" in text


def test_a_crossed_claim_is_no_failure(course, tmp_path):
    arguments = ["run", "01_demo", "-p", "SHIFT=2", "--notebooks", str(course), "--out", str(tmp_path)]
    assert main(arguments) == 0


def test_run_leaves_the_course_alone(executed, course):
    assert executed[3] == {p.name: p.read_bytes() for p in course.iterdir()}


def test_parameters_reach_the_notebooks_that_have_them(executed):
    first = nbformat.read(executed[2] / "01_demo.ipynb", 4)
    third = nbformat.read(executed[2] / "03_more.ipynb", 4)
    assert first.cells[2].source == "SHIFT = 2"
    assert third.cells[2].source == "SHIFT = 2\nEPOCHS = 7"
    assert third.cells[2].metadata.tags == ["injected-parameters"]


def test_html_fetches_nothing(executed):
    page = (executed[2] / "01_demo.html").read_text()
    assert "data:image/png;base64," in page
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//[^"']*\.(?:js|css)""", page)
    assert "<script src" not in page


def test_unknown_parameter_names_the_known(course, capsys):
    assert main(["run", "-p", "EPOCH=7", "--notebooks", str(course)]) == 2
    assert "no notebook has a parameter EPOCH; there are: EPOCHS, LABEL, SHIFT" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "-p", "EPOCHS"], "'EPOCHS' is not NAME=value"),
        (["run", "-p", "EPOCHS=abc"], "error: EPOCHS is a whole number above 0, such as 3, and not 'abc'"),
        (["run", "-p", "SHIFT=2", "04_none"], "no notebook 04_none in .*; there are: 01_demo, 02_broken, 03_more"),
    ],
)
def test_wrong_arguments(course, arguments, message, capsys):
    assert main([*arguments, "--notebooks", str(course)]) == 2
    assert re.search(message, capsys.readouterr().err)


def test_empty_folder(tmp_path):
    with pytest.raises(ValueError, match="there are no notebooks"):
        sources(tmp_path)


DEFAULTS = {
    "DATASET": None, "FOLDER": None, "ANTIBIOTIC": "Amikacin", "EPOCHS": 30, "LIMIT": 0.5, "LOUD": False,
    "N_JOBS": None, "SEED": 0, "DEVICE": "cpu", "BATCH": None, "ISOLATE": None, "SPECIES": None, "LABELS": None,
    "INTERMEDIATE": "drop", "ON_ERROR": "raise", "BIN_WIDTH": 3.0,
    "ALIGN": False, "N_SIMULATED": 743,
}  # fmt: skip


@pytest.mark.parametrize(
    ("pair", "value"),
    [
        ("DATASET=kleb-ai", "kleb-ai"),
        ("DATASET=simulated", "simulated"),
        ("ALIGN=True", True),
        ("ALIGN=False", False),
        ("ALIGN=klebsiella pneumoniae", "Klebsiella pneumoniae"),
        ("DATASET=my_spectra", "HERE/my_spectra"),
        ("DATASET=2026", "HERE/2026"),
        ("DATASET=../a b", "HERE/../a b"),
        ("DATASET=None", None),
        ("FOLDER=study", "HERE/study"),
        ("FOLDER=/tmp/study", "/tmp/study"),
        ("FOLDER=~", "~"),
        ("ANTIBIOTIC=Piperacillin/Tazobactam", "Piperacillin/Tazobactam"),
        ("ANTIBIOTIC=a=b", "a=b"),
        ("ANTIBIOTIC=7", "7"),
        ("EPOCHS=5", 5),
        ("LIMIT=1", 1),
        ("LIMIT=1e-3", 1e-3),
        ("LOUD=True", True),
        ("N_JOBS=2", 2),
        ("SEED=0", 0),
        ("DEVICE=auto", "auto"),
        ("BATCH=7", "7"),
        ("ISOLATE=Isolate no.", "Isolate no."),
        ("SPECIES=None", None),
        ('LABELS={"resistant": "R", 0: "S", "?": None}', {"resistant": "R", 0: "S", "?": None}),
        ("LABELS=None", None),
        ("INTERMEDIATE=S", "S"),
        ("ON_ERROR=skip", "skip"),
        ("BIN_WIDTH=6", 6),
        ("N_JOBS=None", None),
    ],
)
def test_what_a_parameter_means_decides_what_its_text_is(pair, value, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    if isinstance(value, str):
        value = os.path.expanduser(value.replace("HERE", str(tmp_path)))
    assert parse_parameters([pair], DEFAULTS) == {pair.partition("=")[0]: value}


def test_the_data_set_is_checked_once_before_anything_is_executed(tmp_path, capsys, monkeypatch):
    """Four notebooks used to find out one by one, each with a traceback in a file."""
    text = demo.GOOD.replace("SHIFT = 1", 'SHIFT = 1\nDATASET = None\nANTIBIOTIC = "Amikacin"')
    demo.make(tmp_path / "notebooks", text, execute=False)
    monkeypatch.setattr("maldinb.course.series.execute", lambda *_: pytest.fail("executed"))
    monkeypatch.chdir(tmp_path)
    for name in ("nonsense", "kleb"):
        assert main(["run", "-p", f"DATASET={name}"]) == 2
        said = capsys.readouterr().err
        assert said.startswith(f"error: unknown data set '{tmp_path / name}'; choose one of 'simulated', ")
    assert main(["run", "-p", "ANTIBIOTIC=Colistin"]) == 2
    assert "error: antibiotic is one of 'Amikacin', 'Meropenem', not 'Colistin'\n" in capsys.readouterr().err
    monkeypatch.setenv("MALDINB_DATASET", "my_spectra")
    assert main(["run"]) == 2
    assert str(tmp_path / "my_spectra") in capsys.readouterr().err
    assert not (tmp_path / "build").exists()


LOADS = """
DATASET = None
ANTIBIOTIC = "Amikacin"
BATCH = ISOLATE = SPECIES = None
LABELS = None
INTERMEDIATE = "drop"
ON_ERROR = "raise"
BIN_WIDTH = 3.0"""


def test_what_own_spectra_need_is_checked_first_and_reaches_the_notebooks(tmp_path, capsys, monkeypatch):
    demo.make(tmp_path / "notebooks", demo.GOOD.replace("SHIFT = 1", "SHIFT = 1" + LOADS), execute=False)
    folder = write_folder(tmp_path / "mine", files_of(3, "ID,Drug,Ward\na1,resistant,A\na2,0,B\na3,I,B\n"))
    executed = []

    def execute(nb, name, *_):
        executed.append(nb.cells[2].source)
        return Result(name, tally([]), 1.0, 1.0)

    def run(**values):
        status = main(["run", *(f"-p{name}={value}" for name, value in values.items())])
        return status, capsys.readouterr().err

    monkeypatch.setattr("maldinb.course.series.execute", execute)
    monkeypatch.chdir(tmp_path)
    asked = {"DATASET": folder, "ANTIBIOTIC": "drug", "BATCH": "ward", "LABELS": "{'Resistant': 'R', 0: 'S'}"}
    wrong = {
        "metadata.csv: no column 'wards'; found 'ID', 'Drug', 'Ward'; nearest: 'Ward'": {"BATCH": "wards"},
        "holds '0' (1) (first for ID 'a2'); labels are R, S, I or blank": {"LABELS": "{'resistant': 'R'}"},
        "metadata.csv: no column 'Patient'": {"ISOLATE": "Patient"},
        "batch='ward' is for your own spectra, and 'simulated' takes none": {"DATASET": "simulated"},
    }
    for message, values in wrong.items():
        status, said = run(**asked | values)
        assert status == 2 and message in said
    assert executed == []
    assert run(**asked, INTERMEDIATE="R", BIN_WIDTH=6) == (0, "")
    assert set(executed[0].splitlines()) == {
        f"DATASET = {str(folder)!r}", "ANTIBIOTIC = 'drug'", "BATCH = 'ward'", "LABELS = {'Resistant': 'R', 0: 'S'}",
        "INTERMEDIATE = 'R'", "BIN_WIDTH = 6",
    }  # fmt: skip


@pytest.mark.parametrize("text", ["True", "2.5", "0", "-3", "None", ""])
def test_a_number_that_cannot_be_is_refused(text):
    with pytest.raises(ValueError, match=f"^EPOCHS is a whole number above 0, such as 30, and not '{text}'.$"):
        parse_parameters([f"EPOCHS={text}"], DEFAULTS)


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        ("SEED=-1", "SEED is a whole number of 0 or more, such as 0, and not '-1'"),
        ("LIMIT=low", "LIMIT is a number above 0, such as 0.5, and not 'low'"),
        ("LOUD=1", "LOUD is True or False and not '1'"),
        ("N_JOBS=all", "N_JOBS is a whole number or None, and not 'all'"),
        ("DEVICE=gpu", "device is 'auto', 'cpu', .*'gpu'"),
        ("FOLDER=", "FOLDER is empty; name a folder"),
        ("BATCH=", "BATCH is empty; name a column"),
        ("LABELS=resistant=R", 'LABELS is a mapping such as {"resistant": "R", "0": "S"}, and not \'resistant=R\'.$'),
        ("LABELS=['R']", "LABELS is a mapping such as .*, and not"),
        ('LABELS={"x": "yes"}', "LABELS is a mapping .*: 'x' is 'R', 'S', 'I' or None, not 'yes'"),
        ("INTERMEDIATE=I", "INTERMEDIATE is one of 'drop', 'R', 'S', not 'I'"),
        ("ON_ERROR=ignore", "ON_ERROR is one of 'raise', 'skip', not 'ignore'"),
        ("BIN_WIDTH=wide", "BIN_WIDTH is a number above 0, such as 3.0, and not 'wide'"),
        ("BIN_WIDTH=20000", "bin_width is a width in Da from 0.01 to 18000, not 20000"),
        ("N_SIMULATED=120", "N_SIMULATED is a whole number of at least 200, not 120"),
        ("N_SIMULATED=few", "N_SIMULATED is a whole number of at least 200, not 'few'"),
        ("ALIGN=yes", "no housekeeping masses of 'yes' are known here, only of Klebsiella pneumoniae"),
    ],
)
def test_what_cannot_be_is_refused(pair, message):
    with pytest.raises(ValueError, match=message):
        parse_parameters([pair], DEFAULTS)


INTERRUPTED = """
import os, signal, sys, threading, time
from maldinb.course.__main__ import main

def press():  # Ctrl-C, as soon as the second notebook has begun to wait, and once more if it does not listen
    for sign in ("waiting", "deaf"):
        while not os.path.exists(sign):
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGINT)

signal.signal(signal.SIGINT, signal.default_int_handler)
threading.Thread(target=press, daemon=True).start()
sys.exit(main(["run", "-p", "FOLDER=study"]))
"""


HEARD = "time.sleep(600)\n"
DEAF = "try:\n    time.sleep(600)\nexcept KeyboardInterrupt:\n    Path('../deaf').touch()\n    time.sleep(600)\n"


@pytest.mark.parametrize("waits", [HEARD, DEAF])
def test_an_interruption_says_what_is_finished_and_what_was_kept(waits, tmp_path):
    notebooks = tmp_path / "notebooks"
    first = demo.HEADER + '\n# %% tags=["parameters"]\nFOLDER = None\n\n# %%\nprint(FOLDER)\n'
    wait = "\n# %%\nfrom pathlib import Path\nimport time\n\nPath('../waiting').touch()\n" + waits
    for name, text in {"01_a": first, "02_b": first + wait, "03_c": first}.items():
        demo.make(notebooks, text, name, execute=False)
    (tmp_path / "study").mkdir()
    command = [sys.executable, "-c", INTERRUPTED]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=200)
    assert done.returncode == 130
    assert "Traceback" not in done.stderr and "ZMQ" not in done.stderr
    assert done.stderr.count("Stopping (Ctrl-C once more does not wait for the kernel) ...\n") == 1
    assert "Stopped in 02_b. Finished and kept in build/run: 01_a.\nNot run: 03_c.\n" in done.stderr
    assert f"fits of the study are kept in {tmp_path / 'study'}; the same command goes on from there" in done.stderr
    assert sorted(p.name for p in (tmp_path / "build" / "run").iterdir()) == ["01_a.html", "01_a.ipynb", "index.html"]


def test_a_socket_that_closes_late_is_not_echoed(tmp_path):
    for late in ("Uncaught exception in ZMQStream callback", "Uncaught exception in zmqstream callback"):
        assert not is_news(logging.makeLogRecord({"msg": late}))
    assert is_news(logging.makeLogRecord({"msg": "something else"}))
    execute(nbformat.v4.new_notebook(), "01_a", tmp_path, timeout=60)
    assert is_news in logging.getLogger("tornado.general").filters


def test_no_parameters_no_cell(course):
    nb = read_pair(course / "01_demo.py")
    assert parameters(nb) == {"SHIFT": 1, "LABEL": "simulated"}
    assert len(inject(nb, {"OTHER": 1}).cells) == len(read_pair(course / "01_demo.py").cells)


def test_refresh_follows_the_source_and_keeps_cell_ids(tmp_path):
    path = demo.make(tmp_path)
    ids = [cell.id for cell in nbformat.read(path, 4).cells]
    py = path.with_suffix(".py")
    py.write_text(py.read_text(encoding="utf-8").replace("(3, 2)", "(4, 3)"), encoding="utf-8")
    assert main(["refresh", "--notebooks", str(tmp_path)]) == 0
    nb = nbformat.read(path, 4)
    assert any("(4, 3)" in cell.source for cell in nb.cells)
    assert len(set(ids) & {cell.id for cell in nb.cells}) >= len(ids) - 2
    assert as_text(nb, py) == py.read_text(encoding="utf-8")
    assert py.stat().st_mtime >= path.stat().st_mtime
    assert sorted(p.name for p in tmp_path.iterdir()) == ["01_demo.ipynb", "01_demo.py", "jupytext.toml"]


def test_refresh_shows_the_data_set_of_the_notebook(tmp_path, monkeypatch):
    """What is committed does not depend on how somebody's shell is set."""
    path = demo.make(tmp_path, demo.HEADER + "\n# %%\nimport os\n\nprint(os.environ.get('MALDINB_DATASET'))\n")
    monkeypatch.setenv("MALDINB_DATASET", "kleb-ai")
    assert main(["refresh", "--notebooks", str(tmp_path)]) == 0
    assert nbformat.read(path, 4).cells[-1].outputs[0].text == "None\n"


def test_refresh_twice_changes_nothing(tmp_path):
    path = demo.make(tmp_path)
    before = path.read_text(encoding="utf-8"), path.with_suffix(".py").read_text(encoding="utf-8")
    assert main(["refresh", "--notebooks", str(tmp_path)]) == 0
    assert before == (path.read_text(encoding="utf-8"), path.with_suffix(".py").read_text(encoding="utf-8"))


def test_failed_refresh_keeps_the_old_notebook(tmp_path, capsys):
    path = demo.make(tmp_path)
    before = path.read_bytes()
    py = path.with_suffix(".py")
    py.write_text(py.read_text(encoding="utf-8").replace("plt.show()", "1/0"), encoding="utf-8")
    assert main(["refresh", "--notebooks", str(tmp_path)]) == 1
    assert path.read_bytes() == before
    assert "ZeroDivisionError" in capsys.readouterr().out


def test_stored_widgets_are_a_line_of_text_and_a_picture(course):
    cell = next(c for c in read_pair(course / "01_demo.py").cells if "interactive" in c.source)
    texts = [out.data["text/plain"] for out in cell.outputs if "data" in out]
    assert WIDGET_TEXT in texts
    assert any("image/png" in out.get("data", {}) for out in cell.outputs)


def test_timeout_and_dead_kernel_are_failures(tmp_path):
    # Nothing is imported that could take as long as the limit on a busy machine.
    slow = demo.HEADER + "\n# %%\nimport time\n\ntime.sleep(60)\n"
    dead = demo.HEADER + "\n# %%\nimport os\n\nos._exit(1)\n"
    demo.make(tmp_path, slow, "01_slow", execute=False)
    demo.make(tmp_path, dead, "02_dead", execute=False)
    out = tmp_path / "out"
    assert main(["run", "--notebooks", str(tmp_path), "--out", str(out), "--timeout", "4"]) == 1
    assert "timed out" in (out / "01_slow.error.txt").read_text()
    assert "died" in (out / "02_dead.error.txt").read_text()


def test_peak_memory_includes_children():
    child = "x = bytearray(200_000_000); print('held', flush=True); input()"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    memory = PeakMemory(every=0.02)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", parent], **pipes) as process:
        with memory.watching(process.pid):
            assert process.stdout.readline() == "held\n"
            time.sleep(0.2)  # ten looks
        process.communicate("\n")
    assert 200 < memory.peak < 600


def test_the_tagged_figure_is_written_beside_the_pair(tmp_path):
    png = nbformat.v4.new_output("display_data", data={"image/png": "iVBORw0K", "text/plain": "<Figure>"})
    figure = nbformat.v4.new_code_cell("plot()", outputs=[png], metadata={"tags": ["picture"]})
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("plot()", outputs=[png]), figure])
    write_pair(nb, tmp_path / "01_a.py")
    assert (tmp_path / "pictures" / "01_a.png").read_bytes() == b"\x89PNG\r\n"
    nb.cells[1].outputs = []
    with pytest.raises(ValueError, match="tagged `picture` and shows none: plot()"):
        write_pair(nb, tmp_path / "01_a.py")
    assert picture(nbformat.v4.new_notebook(cells=nb.cells[:1])) is None


def test_a_full_progress_bar_is_no_widget_to_use():
    bar, slider = (
        nbformat.v4.new_output("display_data", data={WIDGET_VIEW: {"model_id": "1f"}, "text/plain": text})
        for text in ("networks:  40%|####  | 4/10 [00:01<?, ?/s]", "IntSlider(value=0)")
    )
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("train()", outputs=[bar, slider])])
    assert [out.data for out in strip_volatile(nb).cells[0].outputs] == [{"text/plain": WIDGET_TEXT}]


def test_styled_tables_look_the_same_after_each_run():
    def stored():
        table = pd.DataFrame({"a": [1]}).style
        plain = f"<pandas.io.formats.style.Styler at {id(table):#x}>"
        data = {"text/html": table.to_html(), "text/plain": plain}
        outputs = [nbformat.v4.new_output("execute_result", data=dict(data)) for _ in range(2)]
        nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("table", outputs=outputs)])
        return [out.data for out in strip_volatile(nb).cells[0].outputs]

    first, second = stored(), stored()
    assert first == second
    for number, data in enumerate(first, 1):
        assert f'<table id="T_{number}">' in data["text/html"] and f'id="T_{number}_row0_col0"' in data["text/html"]
        assert data["text/plain"] == "<pandas.io.formats.style.Styler>"


def test_strip_volatile():
    cell = nbformat.v4.new_code_cell("1", metadata={"execution": {"a": "1"}, "tags": ["x"], "papermill": {}})
    metadata = {"widgets": {}, "language_info": {"name": "python", "version": "3"}}
    nb = nbformat.v4.new_notebook(cells=[cell], metadata=metadata)
    assert strip_volatile(nb).metadata == {"language_info": {"name": "python"}}
    assert nb.cells[0].metadata == {"tags": ["x"]}


def test_text_that_arrived_in_pieces_is_one_text():
    def text(part, name="stdout"):
        return nbformat.v4.new_output("stream", name=name, text=part)

    pieces = [text("✓"), text(" a claim\n✓ another\n"), text("!", "stderr"), text("x\n")]
    cell = nbformat.v4.new_code_cell(outputs=pieces)
    merge_streams(cell)
    assert [out.text for out in cell.outputs] == ["✓ a claim\n✓ another\n", "!", "x\n"]
    assert tally(cell.outputs).held == 2


def test_table_fits_its_names():
    rows = table([Result("a_long_name_of_a_notebook", tally([]), 1.25, 512.4)]).splitlines()
    assert rows[-1] == "a_long_name_of_a_notebook |         0/0 |     1.2 |            512"


def test_a_cross_that_is_there_on_purpose_is_no_finding(tmp_path):
    cells = [
        nbformat.v4.new_code_cell("print('✗ shut (0 > 0.5)')", metadata={"tags": ["fails-on-purpose"]}),
        nbformat.v4.new_code_cell("print('✓ open (1 > 0.5)')"),
    ]
    found = execute(nbformat.v4.new_notebook(cells=cells), "01_a", tmp_path, timeout=60).claims
    assert (found.held, found.broken) == (1, ())
