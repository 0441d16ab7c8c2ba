"""How blocks become tasks: read, send, gather, compute."""
