"""How the Dask dashboard of a cluster elsewhere is seen from here."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

PORT = 8787
"""Of the browser's machine."""


def tunnel(dashboard: str, host: str, environment: Mapping[str, str]) -> str:
    """A line with the `ssh` command through which a browser on another machine reaches a dashboard.

    Parameters
    ----------
    dashboard : str
        Its address, where the scheduler is.
    host : str
        The machine of the scheduler, which alone reaches a dashboard on loopback.
    environment : mapping
        Slurm names the machine that a job was submitted on, which others log in to.

    Examples
    --------
    >>> tunnel("http://10.0.0.7:8787/status", "n7", {"SLURM_SUBMIT_HOST": "login1"})
    'from elsewhere: ssh -N -L 8787:10.0.0.7:8787 login1, then http://localhost:8787/status'
    >>> tunnel("http://127.0.0.1:36001/status", "n7", {})
    'from elsewhere: ssh -N -L 8787:127.0.0.1:36001 n7, then http://localhost:8787/status'
    """
    there, login = urlsplit(dashboard), environment.get("SLURM_SUBMIT_HOST", "")
    if (there.hostname or "").startswith("127."):
        through = f"-J {login} {host}" if login not in ("", host) else host
    else:
        through = login or "LOGIN"
    command = f"ssh -N -L {PORT}:{there.hostname}:{there.port} {through}"
    return f"from elsewhere: {command}, then http://localhost:{PORT}{there.path}"
