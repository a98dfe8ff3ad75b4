"""Fleets and histories that a store has before the service starts: written by SQL, since a million devices by HTTP take
long."""

from . import service
from .bench import Bench, Binary

LATEST = {
    "postgres": """
      INSERT INTO device_latest (device_id, timestamp, battery_level, rssi, online, received_at)
      SELECT 'bench-' || lpad(n::text, 7, '0'), now() - interval '1 hour' + n * interval '1 microsecond',
             10 + n % 90, -40 - n % 50, n % 10 <> 0, now() - interval '1 hour' + n * interval '1 microsecond'
      FROM generate_series(0, {devices} - 1) AS n;
      INSERT INTO checkpoint (watermark) VALUES (now())
      ON CONFLICT (the_only_row) DO UPDATE SET watermark = excluded.watermark;
      ANALYZE device_latest;
    """,
    "sqlite": """
      WITH RECURSIVE
        number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n + 1 < {devices}),
        clock(now) AS (SELECT CAST(strftime('%s', 'now') AS INTEGER) * 1000000)
      INSERT INTO device_latest (device_id, timestamp, battery_level, rssi, online, received_at)
      SELECT printf('bench-%07d', n), now - 3600000000 + n, 10 + n % 90, -40 - n % 50, n % 10 <> 0,
             now - 3600000000 + n
      FROM number, clock;
      INSERT OR REPLACE INTO checkpoint (the_only_row, watermark)
      VALUES (1, CAST(strftime('%s', 'now') AS INTEGER) * 1000000);
    """,
}

PARTITIONS = """
  SELECT count(*) FROM generate_series(0, {days} - 1) AS day,
    make_device_status_partition('device_status_' || to_char(current_date - day, 'YYYYMMDD'),
                                 current_date::timestamp AT TIME ZONE 'UTC' - day * interval '1 day',
                                 current_date::timestamp AT TIME ZONE 'UTC' - (day - 1) * interval '1 day');
"""

# `rows` of each device within the last hours, and one on each of the days before.
HISTORY = """
  INSERT INTO device_status (device_id, timestamp, battery_level, rssi, online, created_at)
  SELECT 'bench-' || lpad(device::text, 7, '0'), time, 10 + device % 90, -40 - device % 50, true, time
  FROM generate_series(0, {devices} - 1) AS device,
       LATERAL (SELECT greatest(now() - n * interval '{seconds} seconds', current_date::timestamptz)
                       + n * interval '1 microsecond'
                FROM generate_series(1, {rows}) AS n
                UNION ALL
                SELECT current_date - day + interval '12 hours' FROM generate_series(1, {days} - 1) AS day
               ) AS times(time);
  VACUUM ANALYZE device_status;
"""


def stored(bench: Bench, binary: Binary, store: str, devices: int) -> str:
    """The URL of a new database that has the latest status of bench-0000000 and so on."""
    database_url = bench.database(store)
    service.migrate(binary.path, database_url)
    bench.execute(database_url, LATEST[store].format(devices=devices))
    return database_url


def with_history(bench: Bench, binary: Binary, devices: int, rows: int, days: int = 1) -> str:
    """The same on PostgreSQL, with a history of `rows` today and one on each day before, in partitions of a day."""
    database_url = stored(bench, binary, "postgres", devices)
    bench.execute(database_url, "SET timezone = 'UTC';" + PARTITIONS.format(days=days))
    seconds = 0.01 if rows > 1000 else 1
    bench.execute(database_url, "SET timezone = 'UTC';" + HISTORY.format(devices=devices, rows=rows, days=days,
                                                                         seconds=seconds))  # fmt: skip
    return database_url


def with_long_history(bench: Bench, binary: Binary, store: str, rows: int) -> str:
    """One device, bench-0000000, with `rows` rows."""
    if store == "postgres":
        return with_history(bench, binary, 1, rows)
    database_url = stored(bench, binary, "sqlite", 1)
    bench.execute(database_url, LONG_HISTORY_SQLITE.format(rows=rows))
    return database_url


LONG_HISTORY_SQLITE = """
  WITH RECURSIVE
    number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n + 1 < {rows}),
    clock(now) AS (SELECT CAST(strftime('%s', 'now') AS INTEGER) * 1000000)
  INSERT INTO device_status (device_id, timestamp, battery_level, rssi, online, created_at)
  SELECT 'bench-0000000', now - 86400000000 + n * 10000, 50, -60, 1, now - 86400000000 + n FROM number, clock;
  ANALYZE;
"""
