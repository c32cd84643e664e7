"""The sub-commands, one file each: `add(subparsers)` registers, `run(options)` returns the exit status."""
