"""The guard that keeps the tests offline, tried where it has to hold."""

import os
import socket
import subprocess
import sys

import nbformat
import pytest
from joblib import Parallel, delayed
from nbclient import NotebookClient

# An address of the block that is reserved for documentation: nobody answers there, should the guard ever fail.
OUTSIDE = ("192.0.2.1", 80)
TRY = f"import socket; socket.create_connection({OUTSIDE}, timeout=1)"


def _connect(address):
    try:
        socket.create_connection(address, timeout=1).close()
    except OSError as error:
        return str(error)
    return "connected"


def test_this_process_is_offline():
    assert "refused" in _connect(OUTSIDE)
    with pytest.raises(OSError, match="refused"):
        socket.getaddrinfo("example.org", 80)
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagram,
        pytest.raises(OSError, match="refused"),
    ):
        datagram.sendto(b"", OUTSIDE)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_loopback_is_open(host):
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert _connect((host, server.getsockname()[1])) == "connected"


def test_subprocesses_are_offline():
    done = subprocess.run([sys.executable, "-c", TRY], capture_output=True, text=True)
    assert done.returncode == 1
    assert "NetworkBlocked" in done.stderr


def test_joblib_workers_are_offline():
    answers = Parallel(n_jobs=2)(delayed(_connect)(OUTSIDE) for _ in range(2))
    assert all("refused" in answer for answer in answers)


def test_kernels_are_offline_and_share_the_cache():
    source = f"import os\nprint(os.environ['MALDINB_CACHE_DIR'])\ntry:\n    {TRY}\nexcept OSError as e:\n    print(e)"
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    NotebookClient(nb, kernel_name="python3").execute()
    printed = "".join(out["text"] for out in nb.cells[0].outputs if out.get("name") == "stdout")
    assert "refused" in printed
    assert os.environ["MALDINB_CACHE_DIR"] in printed
