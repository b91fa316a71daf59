"""Refuse every network connection that leaves this machine.

Python imports a module of this name by itself when it starts. tests/conftest.py puts this folder on PYTHONPATH, so
the guard is also in notebook kernels, joblib workers and every other Python that a test starts. An audit hook cannot
be taken off again, and it sees the calls below whichever library makes them.
"""

import ipaddress
import sys


class NetworkBlocked(OSError):
    """Raised in place of a connection; an OSError, as a machine without a network would raise."""


def _is_local(host):
    if host in (None, "", b"", "localhost", b"localhost"):
        return True
    host = host.decode() if isinstance(host, bytes) else host
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return False


def _guard(event, args):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = args[1]
        # Unix sockets have a path for an address, and a connected socket sends to None.
        host = address[0] if isinstance(address, tuple) else None
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        host = args[0]
    else:
        return
    if not _is_local(host):
        raise NetworkBlocked(f"the tests run offline: {event} to {host!r} was refused (tests/offline/sitecustomize.py)")


# Once in a process is enough, however often the file is run.
if not hasattr(sys, "_maldinb_offline"):
    sys._maldinb_offline = True
    sys.addaudithook(_guard)
