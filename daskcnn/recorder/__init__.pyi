from .recording import Recording, record

__all__ = ["Recording", "record"]
