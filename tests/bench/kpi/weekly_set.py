"""The weekly set in DuckDB: reads the calls' CSV into a table, times the two periods by four groupings, prints the median."""

import statistics
import sys
import time

import duckdb

SELECT = """
SELECT queue, agent, day, count(*), count(*) FILTER (answered), count(*) FILTER (abandoned),
  100.0 * count(*) FILTER (answered) / count(*), 100.0 * count(*) FILTER (abandoned) / count(*),
  100.0 * count(*) FILTER (repeat_within_7d) / count(*), 100.0 * count(*) FILTER (answered AND wait_s <= 20) / count(*),
  avg(wait_s) FILTER (answered), max(wait_s), quantile_disc(wait_s, 0.9) FILTER (answered),
  avg(wait_s) FILTER (abandoned), avg(talk_s + hold_s + wrap_s) FILTER (answered), avg(talk_s) FILTER (answered),
  avg(hold_s) FILTER (answered), avg(wrap_s) FILTER (answered),
  100.0 * count(*) FILTER (transferred) / nullif(count(*) FILTER (answered), 0),
  100.0 * count(*) FILTER (resolved AND NOT repeat_within_7d)
    / nullif(count(*) FILTER (answered AND NOT repeat_within_7d), 0),
  100.0 * count(*) FILTER (csat >= 4) / nullif(count(csat), 0), avg(csat),
  100.0 * (count(*) FILTER (nps >= 9) - count(*) FILTER (nps <= 6)) / nullif(count(nps), 0)
FROM (SELECT *, CAST(started_at + INTERVAL 3 HOUR AS DATE) AS day FROM calls WHERE started_at >= ? AND started_at < ?)
GROUP BY GROUPING SETS ((), (queue), (agent), (day))
"""
WINDOWS = [("2026-11-15 21:00:00", "2026-11-22 21:00:00"), ("2026-11-08 21:00:00", "2026-11-15 21:00:00")]

connection = duckdb.connect()
connection.execute(
    "CREATE TABLE calls AS SELECT * REPLACE (answered::BOOL AS answered, abandoned::BOOL AS abandoned,"
    " transferred::BOOL AS transferred, resolved::BOOL AS resolved, repeat_within_7d::BOOL AS repeat_within_7d)"
    " FROM read_csv(?)",
    [sys.argv[1]],
)
times = []
for _ in range(5):
    start = time.perf_counter()
    groups = sum(len(connection.execute(SELECT, window).fetchall()) for window in WINDOWS)
    times.append(time.perf_counter() - start)
print(f"DuckDB {duckdb.__version__}, from its own columns: {statistics.median(times):.2f} s ({groups} groups)")
