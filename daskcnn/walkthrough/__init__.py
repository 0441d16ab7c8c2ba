"""The walk through a plan: who has what, computes what, sends what, how it lies in memory, and which cut pays."""

from daskcnn.walkthrough.favours import Machine
from daskcnn.walkthrough.walk import explain

__all__ = ["Machine", "explain"]
