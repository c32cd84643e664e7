"""Take in, store, aggregate, serve."""
