"""The way to a dashboard elsewhere."""

import pytest

from daskcnn.cluster.tunnel import tunnel

SLURM = {"SLURM_SUBMIT_HOST": "login1"}


@pytest.mark.parametrize(
    ("dashboard", "environment", "command"),
    [
        ("http://10.0.0.7:8787/status", SLURM, "ssh -N -L 8787:10.0.0.7:8787 login1"),
        ("http://10.0.0.7:8787/status", {}, "ssh -N -L 8787:10.0.0.7:8787 LOGIN"),
        # On loopback only the node itself reaches it, and the node is reached by the login node.
        ("http://127.0.0.1:8787/status", SLURM, "ssh -N -L 8787:127.0.0.1:8787 -J login1 n7"),
        ("http://127.0.0.1:40123/status", {}, "ssh -N -L 8787:127.0.0.1:40123 n7"),
        ("http://127.0.0.1:8787/status", {"SLURM_SUBMIT_HOST": "n7"}, "ssh -N -L 8787:127.0.0.1:8787 n7"),
    ],
)
def test_the_command_leads_there(dashboard: str, environment: dict[str, str], command: str) -> None:
    assert tunnel(dashboard, "n7", environment) == f"from elsewhere: {command}, then http://localhost:8787/status"
