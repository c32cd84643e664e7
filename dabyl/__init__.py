"""The command `dabyl`: reads settings and puts the parts together."""
