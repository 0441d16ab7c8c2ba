"""Ways of cutting and numbers of workers, measured side by side."""
