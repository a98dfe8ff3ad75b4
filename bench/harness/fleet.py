"""Fleets that a store has before the service starts: written by SQL, since a million devices by HTTP take long."""

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


def stored(bench: Bench, binary: Binary, store: str, devices: int) -> str:
    """The URL of a new database that has the latest status of bench-0000000 and so on."""
    database_url = bench.database(store)
    service.migrate(binary.path, database_url)
    bench.execute(database_url, LATEST[store].format(devices=devices))
    return database_url
