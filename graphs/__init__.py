"""Questions: one file each, `analyse(graph) -> xarray.Dataset`, asked before anything runs."""
