# The product's own words in English. `ru.ftl` holds the same keys with the same variables.

## Pages and tables
page-of = page { $page } of { $pages }
continued = continued
total = Total
no-value = (no value)
first-of = first { $shown } of { $all }
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
chart-range = { $kpi }: { $total } in total, lowest { $low } ({ $lowAt }), highest { $high } ({ $highAt })
chart-empty = { $kpi }: no data
headline-missed = { $kpi } { $value } missed the { $target } target
headline-worst = worst { $dimension }: { $group } at { $value }
headline-targets = { $met } of { $all } targets met.
headline-all-met =
    { $all ->
        [one] The target was met.
       *[other] All { $all } targets were met.
    }
headline-value = { $kpi }: { $value }.
headline-failed =
    { $count ->
        [one] One KPI could not be computed.
       *[other] { $count } KPIs could not be computed.
    }
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
alert-mark-firing = FIRING
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
alert-condition = Fires when
alert-window = , over the last { $length }
alert-held = , for at least { $length }
alert-recovers-when = Ends when
alert-fires-without-data = there is no data, which counts as firing here.
alert-state-unknown = there is no new data; the alert stays until there is.
alert-footnote = Alert rule { $rule }
alert-footnote-firing = Alert rule { $rule }. Another mail follows when it is over.

## What a run knows and its numbers do not tell
notice-limited = This report covers only part of the data. { $scope }
notice-incomplete = { $dataset }: data up to { $instant } only; sent at the deadline without waiting for the rest.
notice-nothing-yet = { $dataset }: no data of this period yet; sent at the deadline without waiting for them.
