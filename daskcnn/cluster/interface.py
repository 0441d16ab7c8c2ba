"""Network interfaces of this machine, and the one that a cluster is to use."""

from __future__ import annotations

import socket

import psutil  # type: ignore[import-untyped, unused-ignore]
from distributed.utils import get_ip

from daskcnn.errors import UsageError

LOOPBACK = "127.0.0.1"


def interfaces() -> dict[str, str]:
    """IPv4 addresses by the names of their interfaces.

    Examples
    --------
    >>> "127.0.0.1" in interfaces().values()
    True
    """
    each = psutil.net_if_addrs().items()
    found = {name: [at.address for at in known if at.family == socket.AF_INET] for name, known in each}
    return {name: addresses[0] for name, addresses in found.items() if addresses}


def address_of(interface: str) -> str:
    """The IPv4 address of an interface.

    Raises
    ------
    UsageError
        There is no such interface, or it has no such address.

    Examples
    --------
    >>> address_of("no0")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    daskcnn.errors.UsageError: interface 'no0': ...
    """
    there = interfaces()
    if interface not in there:
        known = ", ".join(f"{name} ({address})" for name, address in there.items())
        raise UsageError(f"interface {interface!r}: this machine ({socket.gethostname()}) has {known}")
    return there[interface]


def default_interface(*, within: bool) -> str:
    """The interface that a cluster uses if nobody says: loopback within one machine, else the way to other machines.

    Parameters
    ----------
    within : bool
        Whether the whole cluster is on this machine.
    """
    towards = LOOPBACK if within else get_ip()
    # Without a route to other networks Dask takes what the host's name stands for, which may be loopback.
    fit = {name: address for name, address in interfaces().items() if within == address.startswith("127.")}
    if not fit:
        raise UsageError(f"no network interface of {socket.gethostname()} has an IPv4 address that others reach")
    return min(fit, key=lambda name: fit[name] != towards)
