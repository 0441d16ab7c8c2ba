"""What one block does: NumPy arrays in and out, by one of two engines."""

from daskcnn.kernels.engine import ENGINES, Engine, Step, Steps, Weights, engine

__all__ = ["ENGINES", "Engine", "Step", "Steps", "Weights", "engine"]
