"""What keeps a stranger's code from doing harm, as far as the system offers it.

Each part is tried, and the name of what is in force is told: on Linux a network, processes and files of its own; on
other systems limits where there are any, and a hook that refuses connections within Python.
"""

from __future__ import annotations

import ctypes
import os
import signal
import struct
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

#: How each part is told to the teacher.
NETWORK = "no network"
NETWORK_IN_PYTHON = "no network from Python (another program could still reach it)"
FILES = "no file written outside of a temporary folder, none read but those of the system and of Python"
LIMITS = "limits for memory and the size of files"

_NEWUSER, _NEWNET, _NEWPID = 0x10000000, 0x40000000, 0x20000000
_RULESET, _ADD, _RESTRICT = 444, 445, 446  # Landlock's calls, the same on all machines
_NO_NEW_PRIVILEGES, _DIE_WITH_PARENT = 38, 1
_EXECUTE_READ = 0b1101  # execute, read a file, list a folder
_ABI_1 = (1 << 13) - 1
_SYSTEM = ("/usr", "/bin", "/lib", "/lib32", "/lib64", "/etc", "/opt", "/proc", "/sys", "/dev")
MOST_WRITTEN = 200_000_000  # bytes in a file


def raise_fence(folder: Path, memory: int, readable: Sequence[str] = ()) -> list[str]:
    """Put everything in force that there is; call it before the process has a second thread.

    Parameters
    ----------
    folder : Path
        The only one that may be written to.
    memory : int
        In MB, beyond what is taken now.
    readable : sequence of str
        Folders with packages, beside those of Python itself.

    Returns
    -------
    list of str
        What is in force.
    """
    done = []
    alone = sys.platform == "linux" and _own_network()
    done.append(NETWORK if alone else NETWORK_IN_PYTHON)
    sys.addaudithook(_refuse)
    if sys.platform == "linux" and _own_files(folder, readable):
        done.append(FILES)
    if _limits(memory):
        done.append(LIMITS)
    return done


def _own_network() -> bool:
    """Go on as the first process of a group that has no network and sees no others."""
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.getuid(), os.getgid()
    if libc.unshare(_NEWUSER | _NEWNET | _NEWPID):
        return False
    for name, line in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        try:
            Path("/proc/self", name).write_text(line)
        except OSError:
            pass  # then it goes on as nobody
    child = os.fork()
    if child:  # wait outside, and end as it ends
        _, status = os.waitpid(child, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    libc.prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    return True


def _own_files(folder: Path, readable: Sequence[str]) -> bool:
    """Landlock: from now on other files are neither read nor written, by this process and all that it starts."""
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_RULESET, None, 0, 1)
    if version < 1:
        return False
    everything = _ABI_1 | (1 << 13 if version >= 2 else 0) | (1 << 14 if version >= 3 else 0)
    attributes = struct.pack("Q", everything)
    ruleset = libc.syscall(_RULESET, attributes, len(attributes), 0)
    if ruleset < 0:
        return False
    allowed = {str(folder): everything}
    allowed |= {path: _EXECUTE_READ for path in (*_SYSTEM, sys.prefix, sys.base_prefix, *readable)}
    allowed["/dev/null"] = allowed["/dev/shm"] = _EXECUTE_READ | 0b10
    for path, rights in allowed.items():
        if not os.path.exists(path):
            continue
        opened = os.open(path, os.O_PATH)
        if not os.path.isdir(path):
            rights &= 0b111 | (1 << 14 if version >= 3 else 0)  # what a file has
        rule = struct.pack("=Qi", rights, opened)
        libc.syscall(_ADD, ruleset, 1, rule, 0)
        os.close(opened)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    done = libc.syscall(_RESTRICT, ruleset, 0) == 0
    os.close(ruleset)
    return done


def _limits(memory: int) -> bool:
    try:
        import resource
    except ImportError:  # Windows
        return False
    limits = {"RLIMIT_CORE": 0, "RLIMIT_FSIZE": MOST_WRITTEN, "RLIMIT_DATA": _taken() + memory * 1_000_000}
    for name, most in limits.items():
        try:
            resource.setrlimit(getattr(resource, name), (most, most))
        except (ValueError, OSError):
            return False
    return True


def _taken() -> int:
    """Bytes of data that this process has by now, where the system tells."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmData"))
    except (OSError, StopIteration):
        return 0


def _refuse(event: str, args: tuple) -> None:
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.bind"):
        raise OSError(f"answers are marked without a network; {event} was refused")


def temporary_home() -> tempfile.TemporaryDirectory:
    """A folder to work in, which vanishes with what was written into it."""
    return tempfile.TemporaryDirectory(prefix="maldinb-marks-", ignore_cleanup_errors=True)
