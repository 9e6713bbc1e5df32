# The product's own words in Russian. `en.ftl` holds the same keys with the same variables.

## Pages and tables
page-of = страница { $page } из { $pages }
continued = продолжение
total = Всего
no-value = (без значения)
first-of = первые { $shown } из { $all }
pdf-columns = столбцы { $first }–{ $last } из { $all }
pdf-missing = { $count ->
    [one] Шрифт этого файла не содержит { $count } символа, вместо него стоит значок: { $list }.
   *[other] Шрифт этого файла не содержит { $count } символов, вместо них стоит значок: { $list }.
}
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
year = { $year } г.

## Reports
no-calls = нет звонков
failed-short = ошибка
kpi-failed = { $kpi }: вычислить не удалось — { $reason }
period-empty = Нет данных за этот период.
data-ends-early = { $dataset }: данные заканчиваются { $instant }, раньше обычного; остальная часть периода отсутствует.
column-value = Значение
column-target = Цель
column-status = Состояние
column-change = Изменение
column-quarter-hour = Четверть часа
column-half-hour = Полчаса
column-hour = Час
column-day = День
column-week = Неделя
column-month = Месяц
column-weekday = День недели
chart-range = { $kpi }: в целом { $total }, минимум { $low } ({ $lowAt }), максимум { $high } ({ $highAt })
chart-empty = { $kpi }: нет данных
footnote-period = Период: { $period }, время { $zone }
footnote-compared = Сравнение с периодом: { $period }
footnote-data =
    { $rows ->
        [one] { $dataset }: { $rows } строка, данные до { $instant }
        [few] { $dataset }: { $rows } строки, данные до { $instant }
       *[many] { $dataset }: { $rows } строк, данные до { $instant }
    }
footnote-no-rows = { $dataset }: нет строк за этот период
footnote-made = Составлено { $instant }, правила { $hash }

## How numbers came about
explain-definition = Определение
explain-formula = Формула
explain-exactly = Точно
explain-target = Цель
explain-parts = Состав
explain-reason = Причина
explain-window = Границы
explain-from-to = { $from } – { $to }
explain-zone = { $window } ({ $zone })
explain-data = Данные
explain-rules = Правила
explain-rows-all =
    { $all ->
        [0] строк { $dataset } нет
        [1] единственная строка { $dataset }
       *[other] все строки { $dataset }: { $all }
    }
explain-rows-some = строк { $dataset }: { $entered } из { $all }
explain-outside = вне условия: { $rows }
explain-missing = без значения: { $rows }
explain-without-time =
    { $rows ->
        [one] { $dataset }: { $rows } строка без пригодного времени не входит ни в один период
        [few] { $dataset }: { $rows } строки без пригодного времени не входят ни в один период
       *[many] { $dataset }: { $rows } строк без пригодного времени не входят ни в один период
    }
explain-kpi = показатель «{ $title }»
explain-parameter = параметр
explain-interval = длина интервала в секундах
explain-first-groups = Объяснены первые строки: { $shown } из { $all }; --json объясняет все.
explain-attached = Формулы, их составляющие и число строк — в приложенном отчёте.

## Lengths of time
length-days = { $days } дн.
length-hours = { $hours } ч
length-minutes = { $minutes } мин
length-seconds = { $seconds } с

## Alerts
alert-mark-still-firing = ТРЕВОГА ДЛИТСЯ
alert-mark-resolved = ОТБОЙ
alert-critical = Критично
alert-warning = Предупреждение
alert-firing = Сработало ({ $count })
alert-still-firing = Тревога длится ({ $count })
alert-resolved = Отбой ({ $count })
alert-worst = Худшее
alert-since = Начало
alert-lasted = Длилась
alert-lasts = Длится
alert-condition = Условие тревоги:
alert-window = , за { $length }
alert-held = , не менее { $length } подряд
alert-recovers-when = Условие отбоя:
alert-fires-without-data = нет данных; по этому правилу это тоже тревога.
alert-state-unknown = новых данных нет; тревога не снимается, пока они не появятся.
alert-footnote = Правило { $rule }
alert-footnote-firing = Правило { $rule }. Когда тревога закончится, придёт отдельное письмо.

## What a report says by itself
week-earlier = неделей раньше
year-earlier = годом раньше
column-change-of = { $kpi }, изменение
table-few = * { $kpi }: меньше { $enough }, слишком мало для оценки
chart-met = цель достигнута: { $met } из { $all }
chart-grid = { $kpi }: максимум { $high } ({ $highAt }), минимум { $low } ({ $lowAt })
chart-unknown = нет данных в { $count } ячейках из { $all }
chart-parts = { $kpi } по частям: { $parts }
chart-others = прочие ({ $count })
before-day = днём раньше
before-week = неделей раньше
before-month = месяцем раньше
before-quarter = кварталом раньше
before-year = годом раньше
before-same-week = неделей раньше
before-period = в предыдущем периоде
headline-fell = { $kpi } теперь ниже цели: { $value } при цели { $target }, { $before } было { $previous }
headline-rose = { $kpi } теперь выше цели: { $value } при цели { $target }, { $before } было { $previous }
headline-worse = { $kpi }: { $value } при цели { $target }, на { $by } хуже, чем { $before }
headline-better = { $kpi }: { $value } при цели { $target }; цель пока не достигнута, но уже на { $by } лучше, чем { $before }
headline-same = { $kpi }: { $value } при цели { $target }, почти как { $before }
headline-missed = { $kpi }: { $value }, цель { $target } не достигнута
headline-worst = ; хуже всего { $place }: { $value }
headline-place =
    { $column ->
        [queue] в очереди «{ $group }»
        [agent] у оператора { $group }
        [team] в команде «{ $group }»
        [group] в группе «{ $group }»
        [department] в отделе «{ $group }»
        [campaign] в кампании «{ $group }»
        [channel] в канале «{ $group }»
        [line] на линии «{ $group }»
        [region] в регионе «{ $group }»
        [city] в городе { $group }
        [branch] в филиале «{ $group }»
        [site] на площадке «{ $group }»
        [skill] по навыку «{ $group }»
        [project] в проекте «{ $group }»
        [direction] по направлению «{ $group }»
       *[other] — { $dimension } «{ $group }»
    }
headline-all-met =
    { $all ->
        [1] Цель достигнута
        [2] Обе цели достигнуты
        [one] Достигнута { $all } цель
        [few] Достигнуты все { $all } цели
       *[many] Достигнуты все { $all } целей
    }
headline-exception = , но не везде: { $name } { $place } — { $value }
headline-good-news = Хорошая новость: { $name } — { $value } ({ $change }).
headline-improved = { $kpi }: { $value }, это лучше, чем { $before } ({ $previous }).
headline-worsened = { $kpi }: { $value }, это хуже, чем { $before } ({ $previous }).
headline-more = { $kpi }: { $value }, на { $by } больше, чем { $before }.
headline-less =
    { $unit ->
        [count] { $kpi }: { $value }, на { $by } меньше, чем { $before }.
       *[other] { $kpi }: { $value }, на { $by } меньше, чем { $before }.
    }
headline-unchanged = { $kpi }: { $value }, почти как { $before }.
headline-targets = Достигнуто целей: { $met } из { $all }.
headline-value = { $kpi }: { $value }.
headline-small-sample = Выборка мала ({ $calls }): отставание от цели может быть случайным.
headline-failed =
    { $count ->
        [one] Не удалось вычислить { $count } показатель.
        [few] Не удалось вычислить { $count } показателя.
       *[many] Не удалось вычислить { $count } показателей.
    }
hole = { $dataset }: { $stretch } нет ни одной строки, хотя прежде в эти часы их было { $expected }; центр не работал или данные не поступили.
hole-more =
    { $count ->
        [one] { $dataset }: ещё { $count } промежуток без строк.
        [few] { $dataset }: ещё { $count } промежутка без строк.
       *[many] { $dataset }: ещё { $count } промежутков без строк.
    }
data-complete = Пропусков в данных не найдено, все показатели вычислены.
incidents =
    { $count ->
        [one] Сработала { $count } тревога
        [few] Сработали { $count } тревоги
       *[many] Сработало { $count } тревог
    }
incidents-no-rules = Правила тревог не заданы.
incidents-none = За этот период тревог не было.
incident-alert = Тревога
incident-place = Где
incident-since = Начало
incident-lasted = Длительность
incident-worst = Худшее значение
incident-critical = критично
incident-warning = предупреждение
incident-still = { $length }, ещё длится

## Workbooks and CSV
sheet-summary = Сводка
sheet-charts = Диаграммы
sheet-definitions = Определения
sheet-table = Таблица
xlsx-kpi = Показатель
xlsx-value = Значение
xlsx-status = Оценка
xlsx-target = Цель
xlsx-change = Изменение
xlsx-course = Динамика
xlsx-part = Составляющая
xlsx-origin = Откуда
csv-seconds = с

## What a run knows and its numbers do not tell
notice-limited = Отчёт охватывает только часть данных. { $scope }
notice-incomplete = { $dataset }: данные есть только по { $instant }. Отчёт отправлен в установленный срок, не дожидаясь остальных.
notice-nothing-yet = { $dataset }: данных за этот период ещё нет. Отчёт отправлен в установленный срок, не дожидаясь их.
# Тревоги: важность, часы наблюдения, пороги, что делать, тишина.
alert-mark-critical = КРИТИЧНО
alert-mark-warning = ВНИМАНИЕ
alert-mark-eased = УЛУЧШЕНИЕ
alert-mark-hours-ended = НАБЛЮДЕНИЕ ОКОНЧЕНО
alert-subject-since = {", с "}{ $time }
alert-worse = Стало критично ({ $count })
alert-eased = Уже не критично, но предупреждение остаётся ({ $count })
alert-hours-ended = Длилось до конца часов наблюдения ({ $count })
alert-not-watched-until = закончилась ли тревога, неизвестно; наблюдение возобновится { $opening }.
alert-not-watched = закончилась ли тревога, неизвестно.
alert-severity = Важность
alert-threshold = Порог
alert-threshold-value = порог { $value }
alert-chart = { $what } за { $length }
alert-chart-range = Минимум { $low } ({ $lowAt }), максимум { $high } ({ $highAt })
alert-what-to-do = Что делать:
alert-condition-warning = Предупреждение, если
alert-condition-critical = критично, если
alert-eases-when = Перестаёт быть критичным, если
alert-minimum = Оценивается, только если
alert-window-today = , с начала дня
alert-window-yesterday = , за вчерашний день
alert-window-this-week = , с начала недели
alert-window-previous-week = , за прошлую неделю
alert-window-this-month = , с начала месяца
alert-window-previous-month = , за прошлый месяц
alert-silence = Чтобы два часа не получать писем об этом, выполните

# Правила тревог, которые не могут дать ответ, — для того, кто за ними следит.
trouble-subject = [НЕТ НАБЛЮДЕНИЯ] { $rules }
trouble-title = Правила тревог не работают
trouble-meaning = По этим правилам сейчас нельзя сказать, всё ли в порядке. Пока так, их тревоги остаются как есть: новые не срабатывают, отбоя по старым нет.
trouble-rule = Правило
trouble-what = Состояние
trouble-why = Причина
trouble-error = ошибка
trouble-no-data = нет данных
trouble-look = Текущее состояние показывает команда
trouble-once = Это письмо приходит один раз. Повторно — только если неполадка вернётся через час или позже.

# Что правило тревоги сделало бы в прошлом.
backtest-heading = { $title } ({ $rule }), { $from } – { $to }
backtest-evaluations = Проверок: { $count }, каждые { $every }, окно { $window }.
backtest-closed = Вне часов наблюдения: { $count }.
backtest-held = Проверок, при которых тревога длилась лишь потому, что новых данных не было: { $count }.
backtest-failed = Проверок с ошибкой: { $count }, первая: { $reason }.
backtest-replayed =
    { $count ->
        [0] Прошлое прочитано один раз.
        [one] Прошлое прочитано один раз; в { $count } момент результат сверен с источником и совпал.
       *[other] Прошлое прочитано один раз; в { $count } моментов результат сверен с источником и совпал.
    }
backtest-measured = Источник опрашивался при каждой проверке: { $reason }.
backtest-never = Правило не сработало бы ни разу.
backtest-fired =
    { $count ->
        [one] Правило сработало бы { $count } раз, всего на { $total }, самое долгое срабатывание — { $longest }.
        [few] Правило сработало бы { $count } раза, всего на { $total }, самое долгое срабатывание — { $longest }.
       *[many] Правило сработало бы { $count } раз, всего на { $total }, самое долгое срабатывание — { $longest }.
    }
backtest-fired-in-groups =
    { $count ->
        [few] Правило сработало бы { $count } раза (групп: { $groups }), всего на { $total }, самое долгое срабатывание — { $longest }.
       *[many] Правило сработало бы { $count } раз (групп: { $groups }), всего на { $total }, самое долгое срабатывание — { $longest }.
    }
backtest-flaps =
    { $count ->
        [0] Ложных отбоев нет.
       *[many] Ложных отбоев (снова сработало не позже чем через { $within } после отбоя): { $count }.
    }
backtest-mails = Писем каждому получателю: { $count }.
backtest-legend = Каждый знак — { $length }: · спокойно, ▁ тревога была недолго, █ длилась всё время
backtest-group = Группа
backtest-times = Сработало
backtest-flaps-title = Ложных отбоев
backtest-total = Всего
backtest-longest = Самое долгое
backtest-mails-title = Писем

# Недоставленные письма: так об этом узнаёт ответственный за отчёт.
undelivered-subject = [НЕ ДОСТАВЛЕНО] { $names }
undelivered-title = Недоставленные сообщения
undelivered-gone = Этих адресов больше не существует. Отправка на них прекращена:
undelivered-lift = Когда адрес снова заработает, верните его командой
undelivered-given-up = Эти сообщения доставить не удалось, новых попыток не будет. Следующие будут отправлены как обычно:
undelivered-held = Неизвестно, дошли ли эти сообщения. Сами они повторно не отправляются:
undelivered-again = Отправить сообщение ещё раз можно командой
undelivered-item = { $title }, запуск { $run }: { $error }
undelivered-once = Об этом мы пишем один раз.
unsubscribed-subject = [ОТКАЗ ОТ РАССЫЛКИ] { $names }
unsubscribed-title = Отказ от рассылки
unsubscribed-meaning = Эти получатели отписались, и письма им больше не отправляются:
unsubscribed-lift = Если кто-то захочет получать письма снова, верните его командой

# Адреса, на которые больше ничего не отправляется, в командной строке.
suppressions-none = Исключённых адресов нет.
suppressions-line = { $address }: с { $since } { $extent ->
        [all] ничего не отправляется
       *[one] не отправляется { $scope }
    }
suppressions-mail-server = почтовый сервер
suppressions-unsubscribed = отказ от рассылки
suppressions-added = На { $address } больше { $extent ->
        [all] ничего не отправляется
       *[one] не отправляется { $scope }
    }
suppressions-there = На { $address } и раньше { $extent ->
        [all] ничего не отправлялось
       *[one] не отправлялось { $scope }
    }
suppressions-removed = На { $address } снова { $extent ->
        [all] отправляются письма
       *[one] отправляется { $scope }
    }

# Ссылка в письме, по которой отказываются от таких писем.
unsubscribe = Отписаться
# Trouble with reports and with the workspace's files, for whoever looks after them.
run-trouble-failed = [НЕ ОТПРАВЛЕН] { $report }: { $period }
run-trouble-late = [ЗАДЕРЖКА] { $report }: { $period }
run-trouble-missed = [ПРОПУЩЕН] { $report }: { $period }
run-trouble-over = [ОТПРАВЛЕН] { $report }: { $period }
run-trouble-failed-meaning = Отчёт не удалось подготовить, и новых попыток не будет. Получателям ничего не отправлено.
run-trouble-late-meaning = Отчёт уже должен был уйти, но ещё не отправлен. Попытки продолжаются.
run-trouble-missed-meaning = Когда подошло время отчёта, служба не работала, а по настройкам расписания навёрстывать его уже поздно. Получателям ничего не отправлено.
run-trouble-period = Период
run-trouble-due = Срок
run-trouble-why = Причина
run-trouble-working = отчёт ещё готовится
run-trouble-messages =
    { $count ->
        [one] не доставлено { $count } письмо
        [few] не доставлено { $count } письма
       *[many] не доставлено { $count } писем
    }
run-trouble-unknown = причина неизвестна
run-trouble-more = и ещё { $count }
run-trouble-look = Подробности показывает команда
run-trouble-send = Когда причина устранена, отправьте отчёт командой
run-trouble-once = О каждом случае сообщается один раз.
run-trouble-over-line = Отчёт снова отправляется: { $period } ушёл { $at }.
workspace-trouble-subject = [НЕ ПРИМЕНЕНО] В изменённых файлах есть ошибки
workspace-trouble-title = Изменения в файлах не применены
workspace-trouble-meaning = В изменённых файлах рабочей папки есть ошибки. Служба продолжает работать с прежней версией файлов.
workspace-trouble-look = Ошибки с номерами строк показывает команда
workspace-trouble-once = Об одних и тех же ошибках сообщается один раз.

# Whether everything the service needs is there.
doctor-well = в порядке
doctor-doubtful = внимание
doctor-ill = ОШИБКА
doctor-reason = { $reason }
doctor-workspace = файлы
doctor-workspace-well = ошибок нет
doctor-workspace-warnings = предупреждений: { $warnings }
doctor-workspace-ill = ошибок: { $errors }, предупреждений: { $warnings }
doctor-workspace-advice = команда `callbrief check` покажет их с номерами строк
doctor-clock = часы
doctor-clock-well = { $at }
doctor-clock-ill = { $at } — такого времени быть не может
doctor-clock-advice = настройте часы машины, лучше всего через NTP
doctor-zones = часовые пояса
doctor-zones-well = версия { $own }, встроены в программу
doctor-zones-old = версия { $own }, встроены в программу; в системе { $system }
doctor-zones-advice = если правила вашего пояса менялись, обновите callbrief: с ним обновятся и пояса
doctor-fonts = шрифты
doctor-fonts-own = свои, из оформления
doctor-fonts-shipped = Roboto, встроен в программу
doctor-disk = диск
doctor-disk-well = свободно { $free } МБ там, где лежит журнал
doctor-disk-unknown = не удалось узнать, сколько места свободно там, где лежит журнал
doctor-disk-advice = освободите место или храните отправленное меньше: `journal: keep`
doctor-journal = журнал
doctor-journal-new = ещё нет; появится при первом запуске
doctor-journal-well = схема { $version }, запись возможна, писем в очереди: { $waiting }
doctor-journal-advice = проверьте, что папка есть, место есть и писать в неё можно тому пользователю, под которым работает callbrief
doctor-source = источник
doctor-source-file = файл, отвечает за { $took } мс, открыт только для чтения
doctor-source-well = отвечает за { $took } мс, прав только на чтение; часовой пояс сервера — { $zone }
doctor-source-writes = отвечает, но пользователь `{ $user }` может менять в нём данные
doctor-source-writes-advice = сам callbrief ничего не пишет, но утёкшим паролем можно: заведите пользователя только с правом SELECT
doctor-source-clock = отвечает, но его часы расходятся с часами этой машины на { $apart } с
doctor-source-clock-advice = настройте те и другие часы через NTP: последние звонки попадают не в свою минуту
doctor-source-advice = проверьте адрес, пароль и сеть; `url` или `url_file` в разделе `sources` файла callbrief.yaml
doctor-mail = почта
doctor-mail-well = { $host }:{ $port } отвечает, вход не требуется
doctor-mail-login = { $host }:{ $port } отвечает и принимает логин с паролем
doctor-mail-folder = письма складываются в папку `{ $folder }` и никому не уходят
doctor-mail-folder-advice = для настоящей почты укажите `mail: transport: smtp`
doctor-mail-advice = проверьте раздел `mail` в callbrief.yaml: host, port, tls, user, password
doctor-webhook = вебхук
doctor-webhook-well = сервер отвечает
doctor-webhook-advice = проверьте `url` в callbrief.yaml и не мешает ли межсетевой экран
doctor-people = кому сообщать
doctor-people-well = о сбоях есть кому сообщить
doctor-people-nobody = о сбое отчёта или правила тревоги никто не узнает
doctor-people-advice = укажите `operator` в callbrief.yaml или `owner` у каждого отчёта
