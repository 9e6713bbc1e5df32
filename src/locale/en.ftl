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
