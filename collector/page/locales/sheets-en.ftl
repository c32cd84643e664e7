### Result sheets: their pages and the report of a sample audit. sheets-kk.ftl is the first text.

## The match report of a sample audit

sampled-drawn = Drawn: { $drawn } of { $population }
sampled-same = the same on paper
sampled-differs = differs from the paper
sampled-no-paper = paper not read yet
sampled-no-sheet = never published
sampled-difference = sheet { $sheet }, { $label }: on paper { $paper }, published { $published }
sampled-nothing = nothing
sampled-holds = With a risk of at most { $risk }%, no more than { $most } of all { $population } are wrong: within the tolerated { $tolerated }%.
sampled-fails = Up to { $most } of all { $population } may be wrong (risk { $risk }%): more than the tolerated { $tolerated }%. Draw more, or count all again.
