"""What this machine can do: rates that the numbers of runs are read against, measured and kept."""

from daskcnn.calibration.kept import UNKNOWN, Peaks, keep, latest, peaks
from daskcnn.calibration.measure import calibrate
from daskcnn.calibration.quantities import QUANTITIES, Quantity

__all__ = ["QUANTITIES", "UNKNOWN", "Peaks", "Quantity", "calibrate", "keep", "latest", "peaks"]
