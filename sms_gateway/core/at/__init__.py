"""How modems are spoken to: 3GPP TS 27.005 and 27.007 without a port, a clock or chance.

`lines` cuts what a port gives, `talk` follows one command at a time, `replies` reads what it answered,
`life` is the table of a modem's states, `faults` says what errors mean for a text.
"""
