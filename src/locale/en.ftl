# The product's own words in English. `ru.ftl` holds the same keys with the same variables.

## Pages and tables
page-of = page { $page } of { $pages }
continued = continued
total = Total
no-value = (no value)
first-of = first { $shown } of { $all }
pdf-columns = columns { $first }–{ $last } of { $all }
pdf-missing = { $count ->
    [one] One character is not in this file’s font and is shown as a sign in its place: { $list }.
   *[other] { $count } characters are not in this file’s font and are shown as a sign in their place: { $list }.
}
more-rows-attached =
    { $rows ->
        [one] and { $rows } more row in the attachment
       *[other] and { $rows } more rows in the attachment
    }
mail-shortened = This mail was shortened; the whole report is in the attachment.
rows =
    { $rows ->
        [one] { $rows } row
       *[other] { $rows } rows
    }

## Values
target = target
target-value = target { $value }
previous-period = previous period
no-data = no data
no-change = no change
percentage-points = pp
failed = failed: { $reason }
status-good = on target
status-near = near target
status-bad = off target
calls =
    { $calls ->
        [one] { $calls } call
       *[other] { $calls } calls
    }

## Footnotes
data-up-to = data up to { $instant }
rules = rules { $hash }

## Dates
week = week { $number }
quarter = Q{ $number } { $year }
year = { $year }

## Reports
no-calls = no calls
failed-short = failed
kpi-failed = { $kpi } could not be computed: { $reason }
period-empty = No data for this period.
data-ends-early = { $dataset }: data ends on { $instant }, earlier than usual; the rest of the period is missing.
column-value = Value
column-target = Target
column-status = Status
column-change = Change
column-quarter-hour = Quarter hour
column-half-hour = Half hour
column-hour = Hour
column-day = Day
column-week = Week
column-month = Month
column-weekday = Weekday
chart-range = { $kpi }: { $total } overall, lowest { $low } ({ $lowAt }), highest { $high } ({ $highAt })
chart-empty = { $kpi }: no data
footnote-period = Period: { $period }, { $zone } time
footnote-compared = Compared with { $period }
footnote-data =
    { $rows ->
        [one] { $dataset }: { $rows } row, data up to { $instant }
       *[other] { $dataset }: { $rows } rows, data up to { $instant }
    }
footnote-no-rows = { $dataset }: no rows in this period
footnote-made = Made on { $instant }, rules { $hash }

## How numbers came about
explain-definition = Definition
explain-formula = Formula
explain-exactly = Exactly
explain-target = Target
explain-parts = Made of
explain-reason = Reason
explain-window = Window
explain-from-to = { $from } to { $to }
explain-zone = { $window } ({ $zone })
explain-data = Data
explain-rules = Rules
explain-rows-all =
    { $all ->
        [0] no rows of { $dataset }
        [one] the only row of { $dataset }
       *[other] all { $all } rows of { $dataset }
    }
explain-rows-some =
    { $all ->
        [one] { $entered } of { $all } row of { $dataset }
       *[other] { $entered } of { $all } rows of { $dataset }
    }
explain-outside = { $rows } outside the condition
explain-missing = { $rows } without a value
explain-without-time =
    { $rows ->
        [one] { $dataset }: { $rows } row without a usable time is in no period
       *[other] { $dataset }: { $rows } rows without a usable time are in no period
    }
explain-kpi = KPI “{ $title }”
explain-parameter = parameter
explain-interval = length of the interval in seconds
explain-first-groups = The first { $shown } of { $all } rows are explained; --json explains all of them.
explain-attached = Formulas, their parts and the rows counted are in the attached report.

## Lengths of time
length-days = { $days } d
length-hours = { $hours } h
length-minutes = { $minutes } min
length-seconds = { $seconds } s

## Alerts
alert-mark-still-firing = STILL FIRING
alert-mark-resolved = RESOLVED
alert-critical = Critical
alert-warning = Warning
alert-firing = Now firing ({ $count })
alert-still-firing = Still firing ({ $count })
alert-resolved = Over ({ $count })
alert-worst = Worst
alert-since = Since
alert-lasted = Lasted
alert-lasts = So far
alert-condition = Fires when
alert-window = , over the last { $length }
alert-held = , for at least { $length }
alert-recovers-when = Ends when
alert-fires-without-data = there is no data, which counts as firing here.
alert-state-unknown = there is no new data; the alert stays until there is.
alert-footnote = Alert rule { $rule }
alert-footnote-firing = Alert rule { $rule }. Another mail follows when it is over.

## What a report says by itself
week-earlier = a week earlier
year-earlier = a year earlier
column-change-of = { $kpi }, change
table-few = * { $kpi } below { $enough }: too few to judge
chart-met = { $met } of { $all } on target
chart-grid = { $kpi }: highest { $high } ({ $highAt }), lowest { $low } ({ $lowAt })
chart-unknown = no data in { $count } of { $all } fields
chart-parts = { $kpi } by part: { $parts }
chart-others = others ({ $count })
before-day = the day before
before-week = the week before
before-month = the month before
before-quarter = the quarter before
before-year = a year earlier
before-same-week = a week earlier
before-period = in the period before
headline-fell = { $kpi } fell short of its target: { $value } against { $target }, after { $previous } { $before }
headline-rose = { $kpi } rose above its target: { $value } against { $target }, after { $previous } { $before }
headline-worse = { $kpi } at { $value } missed the { $target } target, { $by } worse than { $before }
headline-better = { $kpi } at { $value } still missed the { $target } target, but { $by } better than { $before }
headline-same = { $kpi } at { $value } missed the { $target } target, much as { $before }
headline-missed = { $kpi } at { $value } missed the { $target } target
headline-worst = ; worst { $place }: { $value }
headline-place =
    { $column ->
        [queue] in the queue “{ $group }”
        [agent] with { $group }
        [team] in the team “{ $group }”
        [group] in the group “{ $group }”
        [department] in the department “{ $group }”
        [campaign] in the campaign “{ $group }”
        [channel] on the channel “{ $group }”
        [line] on the line “{ $group }”
        [region] in the region “{ $group }”
        [city] in { $group }
        [branch] in the branch “{ $group }”
        [site] at the site “{ $group }”
        [skill] in the skill “{ $group }”
        [project] in the project “{ $group }”
        [direction] for “{ $group }” calls
       *[other] for { $dimension } “{ $group }”
    }
headline-all-met =
    { $all ->
        [1] The target was met
        [2] Both targets were met
       *[other] All { $all } targets were met
    }
headline-exception = , but not everywhere: { $name } { $place } was { $value }
headline-good-news = Good news: { $name } improved to { $value } ({ $change }).
headline-improved = { $kpi } improved to { $value }, from { $previous } { $before }.
headline-worsened = { $kpi } worsened to { $value }, from { $previous } { $before }.
headline-more = { $kpi }: { $value }, { $by } more than { $before }.
headline-less =
    { $unit ->
        [count] { $kpi }: { $value }, { $by } fewer than { $before }.
       *[other] { $kpi }: { $value }, { $by } less than { $before }.
    }
headline-unchanged = { $kpi }: { $value }, much as { $before }.
headline-targets = { $met } of { $all } targets met.
headline-value = { $kpi }: { $value }.
headline-small-sample = The sample is small ({ $calls }): chance may explain the missed target.
headline-failed =
    { $count ->
        [one] One KPI could not be computed.
       *[other] { $count } KPIs could not be computed.
    }
hole = { $dataset }: no rows on { $stretch }, although the same hours had { $expected } before; either the centre was closed or data is missing.
hole-more =
    { $count ->
        [one] { $dataset }: { $count } more stretch without rows.
       *[other] { $dataset }: { $count } more stretches without rows.
    }
data-complete = No gaps were found in the data, and every KPI could be computed.
incidents =
    { $count ->
        [one] { $count } alert fired
       *[other] { $count } alerts fired
    }
incidents-no-rules = No alert rules are set up.
incidents-none = No alert fired in this period.
incident-alert = Alert
incident-place = Where
incident-since = Since
incident-lasted = Lasted
incident-worst = Worst
incident-critical = critical
incident-warning = warning
incident-still = { $length }, still firing

## Workbooks and CSV
sheet-summary = Summary
sheet-charts = Charts
sheet-definitions = Definitions
sheet-table = Table
xlsx-kpi = KPI
xlsx-value = Value
xlsx-status = Status
xlsx-target = Target
xlsx-change = Change
xlsx-course = Course
xlsx-part = Made of
xlsx-origin = Where from
csv-seconds = s

## What a run knows and its numbers do not tell
notice-limited = This report covers only part of the data. { $scope }
notice-incomplete = { $dataset }: data up to { $instant } only; sent at the deadline without waiting for the rest.
notice-nothing-yet = { $dataset }: no data of this period yet; sent at the deadline without waiting for them.
# Alerts: severities, hours, thresholds, what to do, silence.
alert-mark-critical = CRITICAL
alert-mark-warning = WARNING
alert-mark-eased = EASED
alert-mark-hours-ended = HOURS OVER
alert-subject-since = {", since "}{ $time }
alert-worse = Now critical ({ $count })
alert-eased = No longer critical, still a warning ({ $count })
alert-hours-ended = Fired until the rule's hours were over ({ $count })
alert-not-watched-until = whether it has ended since is not known; it is watched again from { $opening }.
alert-not-watched = whether it has ended since is not known.
alert-severity = Severity
alert-threshold = Limit
alert-threshold-value = limit { $value }
alert-chart = { $what }, the last { $length }
alert-chart-range = Lowest { $low } ({ $lowAt }), highest { $high } ({ $highAt })
alert-what-to-do = What to do:
alert-condition-warning = Warning when
alert-condition-critical = critical when
alert-eases-when = No longer critical when
alert-minimum = Judged only while
alert-window-today = , over today so far
alert-window-yesterday = , over yesterday
alert-window-this-week = , over this week so far
alert-window-previous-week = , over the previous week
alert-window-this-month = , over this month so far
alert-window-previous-month = , over the previous month
alert-silence = To hear nothing of it for two hours, run

# Alert rules that give no answer, for whoever looks after them.
trouble-subject = [NOT WATCHED] { $rules }
trouble-title = Alert rules without an answer
trouble-meaning = These rules cannot say whether all is well. Until they can, their alerts stay as they are: nothing new fires, and nothing is reported as over.
trouble-rule = Rule
trouble-what = State
trouble-why = Why
trouble-error = failed
trouble-no-data = no data
trouble-look = How they stand now is shown by
trouble-once = This is told once. It is told again only if it comes back after an hour or more.

# What an alert rule would have done in the past.
backtest-heading = { $title } ({ $rule }), { $from } – { $to }
backtest-evaluations = Evaluated { $count } times, every { $every }, over { $window } each.
backtest-closed = Outside of the rule's hours { $count } times.
backtest-held = At { $count } evaluations it fired on because nothing new was known.
backtest-failed = It failed { $count } times, first because { $reason }.
backtest-replayed =
    { $count ->
        [0] The past was read once.
        [one] The past was read once; at one instant the source was asked as well and said the same.
       *[other] The past was read once; at { $count } instants the source was asked as well and said the same.
    }
backtest-measured = The source was asked at each evaluation: { $reason }.
backtest-never = It would not have fired.
backtest-fired =
    { $count ->
        [one] It would have fired once, for { $total }.
       *[other] It would have fired { $count } times, for { $total } together, the longest time { $longest }.
    }
backtest-fired-in-groups = It would have fired { $count } times in { $groups } groups, for { $total } together, the longest time { $longest }.
backtest-flaps =
    { $count ->
        [0] No flaps.
        [one] One flap: fired again within { $within } of its end.
       *[other] { $count } flaps: fired again within { $within } of its end.
    }
backtest-mails =
    { $count ->
        [one] Each recipient would have got one mail.
       *[other] Each recipient would have got { $count } mails.
    }
backtest-legend = Each mark is { $length }: · quiet, ▁ fired for a little of it, █ fired all the time
backtest-group = Group
backtest-times = Fired
backtest-flaps-title = Flaps
backtest-total = Together
backtest-longest = Longest
backtest-mails-title = Mails

# Messages that did not arrive, as whoever looks after a report is told.
undelivered-subject = [NOT DELIVERED] { $names }
undelivered-title = Messages that did not arrive
undelivered-gone = These addresses do not exist any more. Nothing is sent there from now on:
undelivered-lift = When one of them is right again, let it have mail with
undelivered-given-up = These messages are given up. The next ones will be sent as usual:
undelivered-held = Nobody knows whether these messages arrived. They are not sent again by themselves:
undelivered-again = To send one of them again, use
undelivered-item = { $title }, run { $run }: { $error }
undelivered-once = This is told once.
unsubscribed-subject = [UNSUBSCRIBED] { $names }
unsubscribed-title = Someone has unsubscribed
unsubscribed-meaning = These recipients do not want it any more, and it is not sent to them:
unsubscribed-lift = If somebody wants it again, use

# Addresses that get nothing any more, as the command line shows them.
suppressions-none = Nobody is suppressed.
suppressions-line = { $address } does not get { $extent ->
        [all] anything
       *[one] { $scope }
    } since { $since }
suppressions-mail-server = the mail server
suppressions-unsubscribed = unsubscribed
suppressions-added = { $address } does not get { $extent ->
        [all] anything
       *[one] { $scope }
    } any more
suppressions-there = { $address } did not get { $extent ->
        [all] anything
       *[one] { $scope }
    } before either
suppressions-removed = { $address } gets { $extent ->
        [all] mail
       *[one] { $scope }
    } again

# The link in a mail that ends mails of its kind.
unsubscribe = Unsubscribe
# Trouble with reports and with the workspace's files, for whoever looks after them.
run-trouble-failed = [NOT SENT] { $report }: { $period }
run-trouble-late = [LATE] { $report }: { $period }
run-trouble-missed = [LEFT OUT] { $report }: { $period }
run-trouble-over = [SENT] { $report }: { $period }
run-trouble-failed-meaning = The report was not made and will not be tried again by itself. Its recipients got nothing.
run-trouble-late-meaning = The report should have been sent by now and is not. It is still being worked on.
run-trouble-missed-meaning = The service was not running when the report was due, and its schedule does not make up for that any more. Its recipients got nothing.
run-trouble-period = Period
run-trouble-due = Due
run-trouble-why = Why
run-trouble-working = it is being made
run-trouble-messages =
    { $count ->
        [one] one message is not delivered
       *[other] { $count } messages are not delivered
    }
run-trouble-unknown = for an unknown reason
run-trouble-more = and { $count } more
run-trouble-look = What happened in detail is shown by
run-trouble-send = When the cause is mended, send it with
run-trouble-once = This is told once for each run.
run-trouble-over-line = The report is sent again: { $period } went out { $at }.
workspace-trouble-subject = [NOT IN USE] The changed files have mistakes
workspace-trouble-title = The changed files are not in use
workspace-trouble-meaning = Files of the workspace were changed and have mistakes. The service goes on with the files as they were before.
workspace-trouble-look = The mistakes with their lines are shown by
workspace-trouble-once = This is told once for the same mistakes.

# Whether everything the service needs is there.
doctor-well = ok
doctor-doubtful = look
doctor-ill = FAILS
doctor-reason = { $reason }
doctor-workspace = files
doctor-workspace-well = no mistakes
doctor-workspace-warnings = warnings: { $warnings }
doctor-workspace-ill = mistakes: { $errors }, warnings: { $warnings }
doctor-workspace-advice = `callbrief check` shows them with their lines
doctor-clock = clock
doctor-clock-well = { $at }
doctor-clock-ill = { $at } cannot be right
doctor-clock-advice = set the machine's clock, best by NTP
doctor-zones = time zones
doctor-zones-well = version { $own }, part of the program
doctor-zones-old = version { $own }, part of the program; the system has { $system }
doctor-zones-advice = a newer callbrief brings newer zone data; needed if your zone's rules have changed
doctor-fonts = fonts
doctor-fonts-own = the theme's own
doctor-fonts-shipped = Roboto, part of the program
doctor-disk = disk
doctor-disk-well = { $free } MB are free where the journal is
doctor-disk-unknown = how much is free where the journal is cannot be found out
doctor-disk-advice = make room, or keep sent messages for less long with `journal: keep`
doctor-journal = journal
doctor-journal-new = not there yet; it is made at the first start
doctor-journal-well = schema { $version }, can be written to, messages waiting: { $waiting }
doctor-journal-advice = see that its folder exists, has room and belongs to the user callbrief runs as
doctor-source = source
doctor-source-file = a file that answers in { $took } ms, opened for reading only
doctor-source-well = answers in { $took } ms, its user can only read; the server's own zone is { $zone }
doctor-source-writes = answers, but the user `{ $user }` may change data there
doctor-source-writes-advice = callbrief never writes, but a leaked password could be used to: give it a user that may only SELECT
doctor-source-clock = answers, but its clock differs from this machine's by { $apart } s
doctor-source-clock-advice = set both clocks by NTP: calls of the last minutes are counted in the wrong minute
doctor-source-advice = check address, password and network; `url` or `url_file` under `sources` in callbrief.yaml
doctor-mail = mail
doctor-mail-well = { $host }:{ $port } answers; there is no login
doctor-mail-login = { $host }:{ $port } answers and takes the login
doctor-mail-folder = mails are written into the folder `{ $folder }` and go to nobody
doctor-mail-folder-advice = for real mail set `mail: transport: smtp`
doctor-mail-advice = check `mail` in callbrief.yaml: host, port, tls, user, password
doctor-webhook = webhook
doctor-webhook-well = its host answers
doctor-webhook-advice = check its `url` in callbrief.yaml, and whether a firewall is in between
doctor-people = who is told
doctor-people-well = failures have somebody who is told
doctor-people-nobody = when a report or an alert rule fails, nobody is told
doctor-people-advice = set `operator` in callbrief.yaml, or `owner` in each report
