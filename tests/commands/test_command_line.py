"""What is typed, and what becomes of it: help, errors, exit status."""

import inspect
import os
import re
import signal
import subprocess
import sys
import threading
import warnings

import numpy as np
import pytest

import maldinb
from maldinb import DatasetError, MaldiMLPClassifier, load_matrix, load_spectra
from maldinb.commands import main
from maldinb.commands.line import COMMANDS
from maldinb.commands.source import OPTIONS, as_options, mapping
from maldinb.commands.text import paragraph, table
from maldinb.course.parameters import LOADING
from maldinb.datasets import COLLECTIONS


@pytest.fixture
def does(monkeypatch):
    """Let `maldinb lab` do something else."""

    def put(action):
        monkeypatch.setattr(COMMANDS["lab"], "run", lambda args: action())

    return put


def fail(error):
    raise error


@pytest.mark.parametrize("argv", [[], ["--help"]])
def test_without_a_command_there_is_help(argv, capsys):
    assert main(argv) == 0
    said = capsys.readouterr().out
    assert all(re.search(rf"(?m)^    {name}\s+\w", said) for name in COMMANDS)
    assert "exit status:" in said and "nothing here is fit to decide on" in said


def test_version(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"maldinb {maldinb.__version__}\n"


@pytest.mark.parametrize(
    "argv",
    [
        ["chek", "x"],
        ["check"],
        ["check", "x", "--colour"],
        ["check", "x", "--lab", "Drug"],  # not an abbreviation, or a new option would change what it means
        ["check", "x", "--bin-width", "0"],
        ["check", "x", "--bin-width", "wide"],
        ["check", "x", "--labels", "resistant"],
        ["check", "x", "--on-error", "ignore"],
        ["check", "x", "--align", "Escherichia coli"],
        ["report"],
        ["report", "x", "--label", "Drug", "--epochs", "0"],
        ["report", "x", "--label", "Drug", "--prevalence", "5"],
        ["predict", "x"],
        ["predict", "x", "y", "--threshold", "1"],
        ["challenge"],
        ["challenge", "new", "x", "--spectra", "3"],
        ["challenge", "open", "x", "y"],
    ],
)
def test_wrong_usage(argv, capsys):
    assert main(argv) == 2
    said = capsys.readouterr()
    assert said.out == "" and re.search(r"(?m)^maldinb.*: error: .", said.err) and "usage: maldinb" in said.err


def test_options_are_arguments_of_loaders_and_those_of_the_notebooks_are_among_them():
    loaders = [load_spectra, load_matrix, *COLLECTIONS.values()]
    assert set(OPTIONS) <= {name for loader in loaders for name in inspect.signature(loader).parameters}
    assert {name.lower() for name in LOADING} <= set(OPTIONS)


@pytest.mark.parametrize("option", [["--batch", "Ward"], ["--sites", "A,B"]])
def test_an_option_that_does_not_apply(option, capsys):
    assert main(["check", "simulated", *option]) in (1, 2)  # a loader may say so itself
    said = capsys.readouterr()
    assert said.out == "" and "error: " in said.err and option[0] in said.err and "simulated" in said.err


@pytest.mark.parametrize("columns", ["80", "100"])
@pytest.mark.parametrize("argv", [[], *([name] for name in COMMANDS)])
def test_help_fits(argv, columns, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", columns)
    assert main([*argv, "--help"]) == 0
    said = capsys.readouterr().out
    assert max(map(len, said.splitlines())) <= int(columns)
    assert "exit status:" in said and (not argv or "\nexamples:\n  maldinb " in said)


@pytest.mark.parametrize(
    "error",
    [ValueError("no good"), DatasetError("no good"), FileNotFoundError(2, "no good"), PermissionError("no good")],
)
def test_an_error_is_one_line(error, does, capsys):
    does(lambda: fail(error))
    assert main(["lab"]) == 1
    said = capsys.readouterr()
    assert said.out == "" and re.fullmatch(r"error: .*no good\n", said.err)


def test_a_bug_is_not_hidden(does):
    does(lambda: fail(TypeError("a bug")))
    with pytest.raises(TypeError, match="a bug"):
        main(["lab"])


def test_a_warning_is_one_line(does, capsys):
    def warn():
        warnings.simplefilter("always")
        warnings.warn("be careful", stacklevel=1)

    does(warn)
    main(["lab"])
    assert capsys.readouterr().err == "warning: be careful\n"


def test_ctrl_c_ends_a_fit(does, capsys):
    """In a notebook, a fit that is interrupted goes on with the weights so far; a command would report on them."""
    clf = MaldiMLPClassifier(epochs=10**7, hidden_dim=4, head_dims=(), early_stopping=False, batch_size=64)
    before = signal.getsignal(signal.SIGINT)

    def fit():
        stop = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
        stop.start()
        clf.fit(np.random.default_rng(0).normal(size=(64, 8)), np.arange(64) % 2)

    does(fit)
    assert main(["lab"]) == 130
    assert capsys.readouterr().err == "\nStopped.\n"
    assert signal.getsignal(signal.SIGINT) is before and not hasattr(clf, "model_")


def test_a_command_may_run_in_any_thread(capsys):
    status = []
    thread = threading.Thread(target=lambda: status.append(main(["--version"])))
    thread.start()
    thread.join()
    assert status == [0]


def test_as_a_program(tmp_path):
    command = [sys.executable, "-m", "maldinb", "check", "nothing_here"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(r"error: unknown data set 'nothing_here'.*\n", done.stderr)


def test_a_reader_that_goes_away():
    """As `maldinb --help | true`: nobody is there any more to complain to."""
    read, write = os.pipe()
    os.close(read)
    environ = {
        name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"
    }  # argparse hides it then
    command = [sys.executable, "-m", "maldinb", "--help"]
    done = subprocess.run(command, env=environ, stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("resistant=R,0=S", {"resistant": "R", "0": "S"}),
        ("R(1), S(1)=,x = i", {"R(1), S(1)": None, "x": "I"}),
        ("<=2=S,>=8=R", {"<=2": "S", ">=8": "R"}),
        ("-=", {"-": None}),
        ("R?=None,n.d.=,x=none", {"R?": None, "n.d.": None, "x": None}),
    ],
)
def test_what_labels_mean(text, found):
    assert mapping(text) == found


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ('or pass on_error="skip" to load', "or pass --on-error skip to load"),
        (
            "preprocess=False takes peaks; preprocess='force' does not",
            "--preprocess no takes peaks; --preprocess force does not",
        ),
        ("name a table: metadata=...", "name a table: --metadata ..."),
        ("goes into metadata=", "goes into --metadata"),
        ('pass labels={"x": "R", "-": None}', "pass --labels x=R,-="),
        ("mean: labels={'not yet': ..., \"it's\": 'S'}.", """mean: --labels 'not yet=...,it'"'"'s=S'."""),
        ("unless labels={...} says so", "unless --labels FOUND=R,... says so"),
        ("align=True reads raw spectra", "--align yes reads raw spectra"),
        ("a sample=3 is no option", "a sample=3 is no option"),
    ],
)
def test_messages_name_options(said, meant):
    assert as_options(said) == meant


def test_a_table_fits(monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    text = table([["a", "word " * 30], ["b\nc", 12]], ["short", "what is said"])
    lines = text.splitlines()
    assert max(map(len, lines)) <= 60 and lines[0].split() == ["short", "what", "is", "said"]
    assert text.count("word") == 30 and re.search(r"(?m)^b +12\nc$", text)
    assert paragraph("one\ntwo", "- ") == "- one\n  two"
