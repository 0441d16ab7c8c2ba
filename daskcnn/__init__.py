"""How should this network be cut across these workers, and why?"""

import sys
from collections.abc import Callable
from types import ModuleType

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


class _Package(ModuleType):
    """Two functions bear the names of their packages, and win over them, whoever imports those when."""

    @property
    def blame(self) -> Callable[..., object]:
        from daskcnn.blame.seconds import blame

        return blame

    @blame.setter
    def blame(self, package: ModuleType) -> None:
        """Where Python puts a package that is imported."""

    @property
    def metrics(self) -> Callable[..., object]:
        from daskcnn.metrics.run import metrics

        return metrics

    @metrics.setter
    def metrics(self, package: ModuleType) -> None:
        """Likewise."""


sys.modules[__name__].__class__ = _Package
