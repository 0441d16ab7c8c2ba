"""Job scripts for Slurm: a Dask cluster for the length of a job, and one client of it."""

from daskcnn.jobscript.script import script
from daskcnn.jobscript.settings import FLAVOURS, Settings
from daskcnn.jobscript.site import default_site, site_choices

__all__ = ["FLAVOURS", "Settings", "default_site", "script", "site_choices"]
