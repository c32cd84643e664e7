# Answers in English. A text of these letters holds 160 characters.
word-open = OPEN
word-status = STATUS
word-closed = CLOSED
word-power = POWER
word-net = NET
word-on = ON
word-off = OFF

accepted = { $station } { $said }: received
understood = Understood: { $understood }. { $wanted }

wanted-empty = The message is empty. Example: KZ-71-0379 OPEN
wanted-too-long = The message is too long. Example: KZ-71-0379 OPEN
wanted-undecodable = The message cannot be read. Example: KZ-71-0379 OPEN
wanted-unknown-word = There is a word too many. Example: KZ-71-0379 OPEN
wanted-no-station = The station's number is missing, for example KZ-71-0379
wanted-no-region = The region's code is missing, for example KZ-71-0379
wanted-bad-station = The station's number is wrong. Example: KZ-71-0379
wanted-unknown-region = There is no such region
wanted-two-stations = One station in a message
wanted-extra-numbers = There are numbers too many. Example: KZ-71-0379 OPEN
wanted-no-word = Add one: OPEN, CLOSED, STATUS, POWER or NET
wanted-two-words = One word in a message
wanted-no-value = Add ON or OFF
wanted-two-values = One of the two: ON or OFF
wanted-stray-value = ON and OFF go with POWER and NET only
