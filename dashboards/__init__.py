"""Pages: one file each, a `TITLE` and `page(store)`, which draws from the store as Bokeh models."""
