"""Hosts of their own on one machine: network namespaces, joined by pairs of virtual interfaces on bridges."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import pytest

NAME = f"daskcnn{os.getpid()}"
"""What namespaces and the machine's own interface are called, apart from those of other processes."""
PLAIN, FAST = "eth0", "ib0"
"""Interfaces of every host; the machine itself is on the first network alone."""
NETWORKS = {PLAIN: f"198.18.{os.getpid() % 256}", FAST: f"198.19.{os.getpid() % 256}"}
"""First three numbers of the addresses, in what RFC 2544 keeps for tests of networks."""


@dataclass(frozen=True)
class Host:
    """A network namespace with two interfaces."""

    namespace: str
    number: int

    def address(self, interface: str) -> str:
        """Of one of its interfaces."""
        return f"{NETWORKS[interface]}.{self.number + 2}"

    def command(self, *arguments: object) -> list[str]:
        """A command line that runs there."""
        return ["ip", "netns", "exec", self.namespace, *map(str, arguments)]

    def received(self, interface: str) -> int:
        """Bytes that the kernel has counted on an interface."""
        counter = f"/sys/class/net/{interface}/statistics/rx_bytes"
        return int(subprocess.run(self.command("cat", counter), capture_output=True, check=True).stdout)

    @contextmanager
    def shaped(self, interface: str, *discipline: str) -> Iterator[None]:
        """What leaves an interface is held back, as `tc` says; skips where the kernel cannot."""
        _run("tc", "-n", self.namespace, "qdisc", "add", "dev", interface, "root", *discipline)
        try:
            yield
        finally:
            _run("tc", "-n", self.namespace, "qdisc", "del", "dev", interface, "root")


@contextmanager
def network(hosts: int) -> Iterator[list[Host]]:
    """Hosts that reach each other on both networks, and this process on the first; skips where it may not be."""
    switch = f"{NAME}-switch"
    with ExitStack() as stack:
        _space(stack, switch)
        for interface in NETWORKS:
            _run("ip", "-n", switch, "link", "add", interface, "up", "type", "bridge")
        found = [Host(f"{NAME}-{number}", number) for number in range(hosts)]
        for host in found:
            _space(stack, host.namespace)
            for interface in NETWORKS:
                _wire(("-n", host.namespace), interface, host.address(interface), switch, f"{interface}-{host.number}")
        # Removed by hand: with a namespace that is deleted, its end goes only after a while.
        stack.callback(subprocess.run, ["ip", "link", "del", NAME], capture_output=True)
        _wire((), NAME, f"{NETWORKS[PLAIN]}.1", switch, f"{PLAIN}-machine")
        yield found


def _space(stack: ExitStack, name: str) -> None:
    _run("ip", "netns", "add", name)
    stack.callback(subprocess.run, ["ip", "netns", "del", name], capture_output=True)
    _run("ip", "-n", name, "link", "set", "lo", "up")


def _wire(where: tuple[str, ...], interface: str, address: str, switch: str, port: str) -> None:
    """An interface with an address, whose other end is a port of the bridge of its network."""
    bridge = port.partition("-")[0]
    _run("ip", *where, "link", "add", interface, "type", "veth", "peer", "name", port, "netns", switch)
    _run("ip", "-n", switch, "link", "set", port, "master", bridge, "up")
    _run("ip", *where, "address", "add", f"{address}/24", "dev", interface)
    _run("ip", *where, "link", "set", interface, "up")


def _run(*command: str) -> None:
    """Run a command; skip with what it says where it fails, as without the right to."""
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        told = str(getattr(error, "stderr", "") or error).strip()
        pytest.skip(f"{' '.join(command[:4])} …: {told}")
