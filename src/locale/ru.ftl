# The product's own words in Russian. `en.ftl` holds the same keys with the same variables.

## Pages and tables
page-of = страница { $page } из { $pages }
continued = продолжение
total = Всего
no-value = (без значения)
first-of = первые { $shown } из { $all }
more-rows-attached =
    { $rows ->
        [one] и ещё { $rows } строка во вложении
        [few] и ещё { $rows } строки во вложении
       *[many] и ещё { $rows } строк во вложении
    }
mail-shortened = Письмо сокращено; полный отчёт — во вложении.
rows =
    { $rows ->
        [one] { $rows } строка
        [few] { $rows } строки
       *[many] { $rows } строк
    }

## Values
target = цель
target-value = цель { $value }
previous-period = предыдущий период
no-data = нет данных
no-change = без изменений
percentage-points = п. п.
failed = ошибка: { $reason }
status-good = цель достигнута
status-near = близко к цели
status-bad = цель не достигнута
calls =
    { $calls ->
        [one] { $calls } звонок
        [few] { $calls } звонка
       *[many] { $calls } звонков
    }

## Footnotes
data-up-to = данные до { $instant }
rules = правила { $hash }

## Dates
week = неделя { $number }
quarter = { $number }-й квартал { $year } г.
