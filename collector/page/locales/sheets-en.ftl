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

## The list of sheets

sheets-title = Result sheets
sheets-about = What stations, commissions and observers sent, as they sent it. Nothing is corrected and nothing is removed.
sheets-hidden = Until the polls close ({ $moment }) only the hashes of sheets are shown, never numbers.
sheets-total =
    { $count ->
        [one] { $count } sheet is known
       *[other] { $count } sheets are known
    }
sheets-search = Search
sheets-region = Region
sheets-district = District
sheets-station = Station
sheets-station-hint = KZ-71-0379, or 379 with its region
sheets-number = Sheet
sheets-status = Status
sheets-any = any
sheets-find = Find
sheets-found = Sheets found
sheets-none = No sheet was found.
sheets-no-station = This is no station. Write KZ-71-0379, or choose a region and write 379.
sheets-more = More sheets
sheets-all = All result sheets
sheets-bulk = All sheets as files
sheets-bulk-about = Every copy and every claim, one a line.
sheets-status-heading = What the words mean
sheets-made = As of { $moment }
sheet-claimed = claimed by text
sheet-in = sheet is in
sheet-scan-in = sheet and scan are in
sheet-matches = matches
sheet-disputed = disputed
sheet-void = taken back
about-claimed = a text message gave the sheet's hash; the sheet itself is not here yet
about-in = a copy of the sheet is here
about-scan-in = a copy and a photograph of the paper are here
about-matches = two independent ways brought the very same sheet
about-disputed = two copies, or a copy and a proven text, are not the same
about-void = whoever sent it took it back; it stays to be seen
column-brought = Brought
brought-copies = copies: { $count }
brought-claims = texts: { $count }
brought-scans = scans: { $count }

## A station's sheets

station-title = Sheets of { $station }
station-sheet = Sheet { $number }
station-copies-caption = Every copy beside the others; ≠ marks a number that is not the first copy's
column-number = Number
by-station = station
by-commission = commission
by-observer = observer
copy-name = { $who }, entry { $entry }
copy-at = entry
copy-void = taken back
copy-hidden = not to be seen yet
copy-altered = The stored bytes do not have the published hash: they were changed.
number-differs = the copies differ here
number-other = not the first copy's number
number-missing = left out
copies-one = One copy is here; no other stands beside it yet.
copies-agree = All { $count } copies say the same.
copies-differ =
    { $count ->
        [one] The copies differ in { $count } number.
       *[other] The copies differ in { $count } numbers.
    }
form-uncertain = The fields are those of the law and of common forms; the commission's own form was not at hand.
broken-heading = Relations that do not hold
broken-about = Named as they are, never corrected.
broken-line = { $relation } does not hold: { $left } and { $right }
claims-heading = Text messages
claims-none = No text message told of this sheet.
claim-same = the same as the station's sheet
claim-differs = not the station's sheet
claim-waits = nothing to compare with yet
proof-seal = signed with the station's key
proof-code = with a one-time code
proof-none = unproven
link-sms = by SMS
link-https = over the internet
scans-heading = Scans of the paper
scans-none = No scan has come in.
scan-open = Open the scan
compared-heading = Comparisons in the ledger
compared-same = the same
compared-differs = not the same
compared-of = entries { $first } and { $second }
copy-heading = Proof: { $name }
copy-signer = Signed by
copy-came = Came in
copy-hash = SHA-256
copy-entry = Entry of the ledger
copy-bytes = The published bytes
copy-download = Download the sheet

## Verifying in the page

verify-heading = Do not trust this page
verify-about = Your browser can check everything itself: it hashes the text that stands here, fetches the ledger, and follows the proof to the signed checkpoint. It believes nothing that the server says about it.
verify-do = Verify in this page
verify-file = A file that you have: a sheet, or a photograph of the paper
verify-file-hint = It is compared here and goes nowhere.
verify-more = Another key, witnesses, an older checkpoint
verify-key = Key of the ledger (from a newspaper, a party, a friend)
verify-witnesses = Keys of witnesses whom you trust, one a line
verify-witnesses-hint = Each must have cosigned what is shown to you: then everybody is shown the same.
verify-checkpoint = A checkpoint that you kept, or got from a witness
verify-checkpoint-hint = Empty: the newest that this browser has verified before.
verify-noscript = Scripts are off. The same can be checked with the command
verify-working = Checking …
step-text = The sheet.
step-shown = The numbers.
step-head = The checkpoint.
step-seen = The past.
step-entry = The entry.
step-path = The proof.
step-claim = The text message.
step-scan = The photograph.
step-witness = The witnesses.
text-ok = This text, hashed here, gives { $hash }.
text-fault = This text, hashed here, gives { $hash }, but it is listed as { $listed }: the text was changed.
shown-ok = All { $count } numbers of the table are those of the text.
shown-fault = The table shows { $shown } for { $name }, the text says { $right }: the page was changed.
head-ok = The ledger of { $name } with { $size } entries is signed by the key.
key-bad = This is no key of a ledger: name+id+key.
key-changed = The page names another key than the one that held here before, { $usual }: put in the one that you trust.
note-bad = The checkpoint is not written as a checkpoint: it was changed.
note-other-key = The checkpoint carries no signature of the key of { $name }.
note-other-log = This is a checkpoint of { $name }, of another ledger.
note-forged = The signature of the checkpoint does not fit: it was changed.
witness-ok = This very checkpoint was cosigned by { $name }.
witness-missing = { $name } has not cosigned this checkpoint: others may be shown another.
witness-forged = The cosignature of { $name } does not fit: it was changed.
seen-first = Nothing was kept from before. From now on this browser remembers the { $size } entries.
seen-ok = The ledger has only grown since the checkpoint of { $old } entries that was kept.
seen-smaller = The ledger has { $size } entries, but { $old } were verified before: entries are missing.
seen-fork = The { $size } entries do not begin with the { $old } that were verified before: the past was changed. Keep the older checkpoint, it proves this.
entry-ok = Entry { $entry } of { $at } names this station, this sheet and this hash.
entry-missing = There is no entry { $entry }; the ledger has { $size }.
entry-other = Entry { $entry } is not about this sheet.
entry-fault = Entry { $entry } has another hash, { $hash }: the sheet or the entry was changed.
leaf-fault = Entry { $entry } does not have the hash that the tiles hold: the entry or its tile was changed.
path-ok = The way from the entry to the signed root over { $size } entries holds (hashes on it: { $count }).
path-fault = The hashes do not lead to the signed root over { $size } entries: an entry or a tile was changed.
tile-bad = { $path } is not what a tile is: it was changed.
tile-fault = { $path } is not the tile that the ledger's upper tile names: it was changed.
claim-ok = The station's text (entry { $entry }) gave this very hash before.
claim-none = No proven text message gave a hash to compare with.
claim-fault = The station's text (entry { $entry }) gave another hash, { $hash }.
scan-ok = Entry { $entry } of the ledger names the photograph's hash. Choose the photograph's file above to compare it.
scan-fault = Entry { $entry } has another hash of the photograph, { $hash }.
file-same = is { $what }. Its hash is { $hash }.
file-other = is nothing on this page. Its hash is { $hash }.
not-fetched = { $path } could not be fetched: this cannot be said now.
not-checked = Cannot be said: an earlier step did not come so far.
not-readable = What the server gave cannot be read: it was changed.
whole-ok = Everything holds.
whole-unknown = What could be checked holds; not everything could be.
whole-fault = Something does not hold.
all-ok = Checked: everything on this page holds.
all-unknown = Checked: not everything could be.
all-fault = Checked: something on this page does not hold. It is named below.
