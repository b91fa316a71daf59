"""What every Python that a test starts does first: refuse to leave this machine, and look for garbage less often.

Python imports a module of this name by itself when it starts. tests/conftest.py puts this folder on PYTHONPATH, so
that it is found in notebook kernels and joblib workers, too. An audit hook cannot be taken off again, and it sees the
calls below whichever library makes them.
"""

import atexit
import gc
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
        raise NetworkBlocked(f"the tests run offline: {event} to {host!r} was refused (tests/startup/sitecustomize.py)")


# Once in a process is enough, however often the file is run.
if not hasattr(sys, "_maldinb_offline"):
    sys._maldinb_offline = True
    sys.addaudithook(_guard)

# A process that imports PyTorch and scikit-learn makes a million objects, and none of them is garbage. To look for some
# among them, while they come and once more when the process ends, takes a third of what all these imports take.
gc.set_threshold(50_000, 20, 20)
atexit.register(gc.freeze)
