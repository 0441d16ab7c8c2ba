"""How should this network be cut across these workers, and why?"""

from daskcnn import networks

__all__ = ["networks"]
