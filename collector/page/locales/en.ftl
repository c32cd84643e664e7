### The status page in English. kk.ftl is the first text; the three files hold the same messages.

## The frame

page-title = Dabyl: the internet in Kazakhstan now
brand = Dabyl
tagline = The internet in Kazakhstan, now
skip = Skip to the answer
languages-label = Language
refresh-is-on = This page reloads itself every minute.
refresh-stop = Stop reloading
refresh-is-off = This page does not reload itself.
refresh-start = Reload every minute

## The answer

answer-never = Nothing heard yet
answer-blind = We are blind: no probe has reported { $span }
answer-late = Nothing fresh comes from inside the country
answer-too-few =
    { $probes ->
        [1] Only one probe reports: too few to say
       *[other] Only two probes report: too few to say
    }
answer-undecided = Probes report, but none can judge yet
answer-ok = Everything that we watch is reachable
answer-almost = Almost everything that we watch is reachable
answer-degraded = Most of what we watch is reachable, but some of it fails
answer-services = Most is reachable, but there is trouble with { $names }
answer-silent =
    { $regions ->
        [one] { $regions } region has fallen silent
       *[other] { $regions } regions have fallen silent
    }
answer-trouble =
    { $regions ->
        [one] Trouble in { $regions } region
       *[other] Trouble in { $regions } regions
    }
answer-trouble-all = Trouble in all { $regions } regions that report
answer-trouble-nowhere = Some of what we watch cannot be reached
answer-cut-foreign = Almost no site abroad can be reached
answer-cut-domestic = Almost no site inside the country can be reached
answer-cut-both = Almost nothing that we watch can be reached
answer-few =
    { $probes ->
        [1] Our one probe says: { $answer }
       *[other] Our two probes say: { $answer }
    }

lede-never = No probe has sent us anything yet. Until one does, this page can say nothing about the network.
lede-blind = Silence may mean a cut, a power failure, or a fault of ours. Everything below is unknown, not reachable.
lede-late = What came was measured abroad, or not in { $window }: it says nothing about the country now.
lede-too-few = What fewer than 3 probes see is not shown: it would show a person's line.
lede-undecided = Their own line may be down, or there is no trusted measurement to compare with. What cannot be judged is never shown as reachable.
lede-calm = This holds for the places and services below, over { $window }. Where no probe reports, nothing is known.
lede-trouble = This is what probes measured over { $window }. It says what failed, not who did it or why.
lede-silent = Probes there reported within the last week and do not report now. It may be a cut, a power failure, or probes that were switched off.
note-few = So few probes cannot speak for a country.
note-thin =
    { $regions ->
        [one] In { $regions } region fewer than 3 probes say so.
       *[other] In { $regions } regions fewer than 3 probes say so.
    }
note-services = Services in trouble: { $names }.
note-blind = Nothing fresh comes from inside the country: what the figures below say is unknown, not reachable.
note-others =
    { $count ->
        [one] Besides, { $count } other incident lasts.
       *[other] Besides, { $count } other incidents last.
    }
note-silent =
    { $regions ->
        [one] Besides, { $regions } region that used to report is silent.
       *[other] Besides, { $regions } regions that used to report are silent.
    }

## The wallboard

wall-stale = This picture is more than a minute old: the collector does not answer. We are blind ourselves.
wall-lasting = What lasts now
wall-more = and { $count } more

## The five questions

questions-heading = Five questions
question-where = Where?
question-since = Since when?
question-sure = How sure are we?
question-works = What still works?
question-heard = Last heard
where-unknown = Not known
where-nowhere = No trouble where we look
where-spread = Not tied to one region
where-untold = No region was told
where-rest = No serious trouble seen elsewhere.
where-look =
    { $regions ->
        [one] We look from { $regions } region of 20.
       *[other] We look from { $regions } regions of 20.
    }
where-more = { $names } and { $more } more
since-calm = No trouble now
since-unknown = Not known
since-window = Seen in { $window }
since-note = When it began is not worked out yet.
since-began = Began { $ago }
since-blind = Silent { $span }
sure-none = Not at all
sure-low = Not very
sure-medium = Fairly
sure-high = Very
sure-note =
    Reporting: { $probes } of { $expected } expected { $expected ->
        [one] probe
       *[other] probes
    }; { $regions ->
        [one] { $regions } region
       *[other] { $regions } regions
    }, { $operators ->
        [one] { $operators } operator
       *[other] { $operators } operators
    }.
works-home = Sites in Kazakhstan
works-abroad = Sites abroad
heard-never = Never

## Words for states; each has its own shape and colour

level-ok = reachable
level-degraded = minor trouble
level-warning = serious trouble
level-cut = cut off
level-unknown = no data
level-silent = silent
service-cut = unreachable

## Figures and times

window =
    { $count ->
        [one] the last minute
       *[other] the last { $count } minutes
    }
percent = { $value }%
figure-none = no data
figure-few = few probes
figure-withheld = not shown
probes =
    { $probes ->
        [0] no probes
        [one] { $probes } probe
       *[other] { $probes } probes
    }
probes-of = { $probes } of { $expected } probes
ago-now = just now
ago-seconds =
    { $count ->
        [one] { $count } second ago
       *[other] { $count } seconds ago
    }
ago-minutes =
    { $count ->
        [one] { $count } minute ago
       *[other] { $count } minutes ago
    }
ago-hours =
    { $count ->
        [one] { $count } hour ago
       *[other] { $count } hours ago
    }
ago-days =
    { $count ->
        [one] { $count } day ago
       *[other] { $count } days ago
    }
span-minutes =
    { $count ->
        [one] for { $count } minute
       *[other] for { $count } minutes
    }
span-hours =
    { $count ->
        [one] for { $count } hour
       *[other] for { $count } hours
    }
span-days =
    { $count ->
        [one] for { $count } day
       *[other] for { $count } days
    }
moment = { $local } in Kazakhstan (UTC+5), { $utc } UTC
moment-narrow = { $local } UTC+5, { $utc } UTC
moment-day = { DATETIME($day, dateStyle: "long") }
made-at = Made on { $day } at { $moment }

## Regions

regions-heading = Regions
regions-list-heading = Every region
regions-about = Each tile is one region, about where it lies on the map.
regions-legend = What the marks mean
regions-caption = Sites at home and abroad as each region's probes reach them, over { $window }
regions-untold =
    { $probes ->
        [one] { $probes } probe has not told its region and stands on no tile.
       *[other] { $probes } probes have not told their region and stand on no tile.
    }
column-region = Region
column-home = At home
column-abroad = Abroad
column-heard = Last heard

## Services

services-heading = What still works
services-caption = What all probes together reach, over { $window }
services-none = No service has been measured in { $window }.
services-quiet = Not measured now: { $names }.
column-service = Service
column-reach = Reachable
category-egov = E-government
category-election = Election sites
category-government = State bodies
category-bank = Banks
category-news = News
category-messenger = Messengers
category-social = Social networks
category-kz = Other Kazakh sites
category-circumvention = Circumvention tools
category-control = Reference sites abroad
category-camera = Cameras at stations
category-health = Health services
category-court = Courts

## Operators

operators-heading = Operators
operators-caption = Sites at home and abroad as each operator's probes reach them, over { $window }
operators-none = No probe has told its operator yet.
column-operator = Operator
operator-other = Other operators
operator-untold = Operator not told

## Polling stations

stations-heading = Polling stations
stations-about = What polling stations tell by text message. Stations that have never written are not counted.
stations-none = No polling station has written yet.
stations-tally = Stations by state
stations-caption = The newest reports of polling stations
column-station = Station
column-state = State
column-said = What they wrote
station-open = open
station-trouble = trouble
station-closed = closed
station-unknown = state not told
cameras-heading = Cameras of polling stations
cameras-caption = What probes see of the cameras' uplinks, the worst stations first; no picture is looked at
column-cameras = Each camera
column-seen = Last seen
camera-unknown = cannot be said
camera-fine = works
camera-thin = line too thin
camera-masked = masked
camera-frozen = frozen
camera-off = off
camera-dead = does not answer
camera-no-power = no power
said-power = no power
said-net = no network
said-nothing = nothing amiss
said-seal = seal broken
said-fault = equipment fault
said-urgent = urgent
said-disputed = contradicting reports
said-unproven = not proven

## Incidents

incidents-heading = Newest incidents
incidents-none = No incident has been found
incidents-note = An incident is found when many probes together see the same thing begin. Where no probe reports, nothing can be found.
incident-lasts = lasts
incident-over = over
incident-withdrawn = withdrawn: later data did not bear it out
incident-began = Began
incident-ended = Ended
incident-said = First told
incident-silent = Nothing is heard from there. A failure of power cannot be told from a cut.
incident-revisions = What was told, and when
incident-revisions-caption = Each revision of this incident, the newest first
incident-witnesses = Witnesses
incident-witnesses-about = The ids of measurements that this rests on.
incident-cap = This incident as a CAP alert
incident-json = This incident as JSON
incident-back = Back to the answer
column-told = Told
column-probes = Probes
incidents-feed = Feed of incidents (Atom)
kind-connectivity-loss = Nothing answers
kind-international-loss = Sites abroad do not answer
kind-allowlist-only = Only some sites in Kazakhstan answer
kind-service-block = A service is blocked
kind-throttling = Traffic is throttled
kind-tls-interception = Encrypted connections are intercepted
kind-dark-from-abroad = Sites in Kazakhstan do not answer from abroad
scope-country = The whole country
access-mobile = mobile networks
access-fixed = fixed networks
access-unknown = networks of unknown kind
timeline-heading = The last 90 days
timeline-caption = Incidents of the last 90 days, by what was measured; today is on the right
timeline-strip = From 90 days ago to now
column-kind = What
column-incidents = Incidents

## The past, and what witnesses saw

past-any = The map at any moment
past-heading = The map on { $day }, { $moment }
past-about = What was published then, with today's knowledge of what lasted then laid over it: late measurements change incidents, never what was seen.
past-none = No picture was kept of that moment: only incidents can be told.
past-blind = We were blind: nothing had been heard for 15 minutes.
past-steps = Other moments
past-day-before = A day earlier
past-hour-before = An hour earlier
past-hour-after = An hour later
past-day-after = A day later
past-label = Moment (time of Kazakhstan, UTC+5)
past-show = Show
past-caption = Every region at that moment
past-incidents = What lasted then
past-no-incidents = No incident is known to have lasted then
incident-map = The map two minutes after it began
incident-witnesses-caption = What the witnesses saw
incident-check = Everybody can check this: the collector writes the evidence with
column-measurement = Measurement
column-when = When
column-target = Target
column-saw = What it saw
column-probe = Probe
saw-nothing = cannot say
saw-works = works
saw-fails = does not work
saw-forged = forged certificate
saw-slow = slow
saw-down = the site itself is down
saw-line = its line is down

## An address that leads nowhere

missing-heading = Nothing is at this address
missing-incident = No incident of this name is known here.
missing-station = No sheet of this station is known here yet.
missing-moment = This is no moment of the past. Choose one that has been.

## About

about-heading = About this page
about-what = Volunteers' computers across Kazakhstan try to reach public sites and services. Dabyl compares what they see with trusted measurements and shows the result here.
about-sure-heading = How sure?
about-sure = “Very”: 10 or more probes in at least 3 regions and with at least 3 operators. “Fairly”: 3 or more probes with at least 2 operators. Otherwise “not very”. A figure is shown only with 3 or more probes behind it, so that no person can be singled out.
about-levels-heading = What the words mean
about-levels = “Reachable”: at least 95% of what we watch answers. “Minor trouble”: at least 80%. “Serious trouble”: at least 20%. “Cut off”: less. The worse of sites in Kazakhstan and sites abroad counts. A site's own fault is left out. “Silent”: probes there used to report and do not now.
about-privacy-heading = Privacy
about-privacy = No address of a probe or of a reader is kept. This page loads nothing from elsewhere and runs no scripts.
about-data-heading = For machines
data-status = This page as JSON
data-incidents = Incidents as JSON
data-control = Control measurements
data-metrics = Metrics for Prometheus
data-openapi = Description of the interface
