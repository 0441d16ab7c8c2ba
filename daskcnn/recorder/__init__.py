"""Record all that the work of a Dask client does: every task, every transfer, every worker's memory.

What of it runs on schedulers and workers is imported there without the rest.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
