"""How should this network be cut across these workers, and why?"""

from daskcnn import networks
from daskcnn.experiment import Watch, run
from daskcnn.plan import Plan
from daskcnn.run import Run
from daskcnn.store import Store

__all__ = ["Plan", "Run", "Store", "Watch", "networks", "run"]
