"""docs/POSTGRESQL.md: with the rights that it grants, and no others, the service migrates, serves and expires. It works
behind a pooler in session mode."""

import datetime
import json
import re
import subprocess
import time
import unittest

import service
from postgres import Pooler, Postgres

PAGE = service.REPOSITORY / "docs" / "POSTGRESQL.md"
DATABASE = "ubiety_iot"
REPORT = {"device_id": "d1", "battery_level": 76, "rssi": -60, "online": True}
INSUFFICIENT_PRIVILEGE = "42501"
OLD_PARTITION = """
    SELECT make_device_history_partition('device_history_of_old', '2020-01-01Z', '2020-01-02Z');
    INSERT INTO device_history (last_timestamp, first_timestamp, merge, count, unit, closed, device_id, offsets, delays,
                                battery_levels, rssis, onlines)
    VALUES ('2020-01-01T12:00Z', '2020-01-01T12:00Z', 0, 1, 1000000, true, 'd1', '{0}', '{0}', '{76}', '{-60}', '{true}')
"""


def ago(**span):
    time_of_it = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(**span)
    return time_of_it.strftime("%Y-%m-%dT%H:%M:%SZ")


class Roles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        administrators, owners = re.findall(r"^```sql\n(.*?)^```$", PAGE.read_text(encoding="utf-8"),
                                            re.DOTALL | re.MULTILINE)
        cls.postgres = cls.enterClassContext(Postgres())
        cls.postgres.execute("postgres", "postgres", administrators)
        subprocess.run([service.UBIETYD, "migrate", "up"], check=True, timeout=service.PATIENCE,
                       env={"DATABASE_URL": cls.postgres.url("ubiety_owner", DATABASE)})
        cls.postgres.execute("ubiety_owner", DATABASE, owners)

    def serving(self, **settings):
        url = self.postgres.url("ubiety_service", DATABASE)
        return service.KeyedService("admin", DATABASE_URL=url, AUTO_MIGRATE="false", TAIL_MEMORY="0", **settings)

    def send(self, running, method, target, value=None):
        return running.send(method, target, {"X-API-Key": running.keys["admin"], "Content-Type": "application/json"},
                            None if value is None else json.dumps(value).encode())

    def post(self, running, timestamp):
        self.assertEqual(self.send(running, "POST", "/status", {**REPORT, "timestamp": timestamp}).status, 200)

    def sql(self, text, role="ubiety_owner"):
        return self.postgres.execute(role, DATABASE, text)

    def wait_for(self, condition):
        give_up = time.monotonic() + service.PATIENCE
        while not condition():
            self.assertLess(time.monotonic(), give_up)
            time.sleep(0.05)

    def test_the_service_lacks_no_right(self):
        old = ago(days=60)
        before = len(self.postgres.log())
        with self.serving() as running:
            for timestamp in (old, old, ago(days=2), ago(hours=1), ago(hours=1)):
                self.post(running, timestamp)
            history = json.loads(self.send(running, "GET", "/status/d1/history").body)
            self.assertEqual(history["total_records"], 3)
            made = json.loads(self.send(running, "POST", "/admin/keys", {"name": "hall", "scopes": ["ingest"]}).body)
            rotated = self.send(running, "POST", f"/admin/keys/{made['id']}/rotate", {})
            self.assertEqual(rotated.status, 201)
            self.assertEqual(self.send(running, "DELETE", f"/admin/keys/{made['id']}").status, 204)
            self.wait_for(lambda: self.sql("SELECT count(*) FROM update_log") == "0")
            self.assertEqual(self.sql("SELECT count(*) FROM device_latest"), "1")
            self.assertEqual(running.run(service.UBIETYD, "verify").returncode, 0)
            mute = {"until": ago(days=-1)}
            self.assertEqual(self.send(running, "PUT", "/fleet/mutes/device/d1", mute).status, 200)
            self.assertEqual(self.send(running, "DELETE", "/fleet/mutes/device/d1").status, 204)
            self.assertEqual(self.send(running, "DELETE", "/status/d1").status, 204)
            self.wait_for(lambda: self.sql("SELECT count(*) FROM device_latest") == "0")
        self.sql(OLD_PARTITION)
        self.sql("INSERT INTO listening VALUES (true, 0, now() - interval '1 minute') "
                 "ON CONFLICT (only_row) DO UPDATE SET at = EXCLUDED.at")  # a downtime that is worth a record
        with self.serving(RETENTION_DAYS="30") as running:
            # Not a query of the view, which could meet the service's locks while it drops the partition.
            expired = "SELECT count(*) FROM device_history_default WHERE last_timestamp < now() - interval '31 days'"
            self.wait_for(lambda: self.sql("SELECT to_regclass('device_history_of_old') IS NULL") == "t")
            self.wait_for(lambda: self.sql(expired) == "0")
            self.post(running, ago(minutes=1))
            self.wait_for(lambda: self.sql("SELECT count(*) FROM downtime") != "0")
        for complaint in ("permission denied", "must be owner"):
            self.assertNotIn(complaint, self.postgres.log()[before:])

    def refused(self, role, sql):
        with self.assertRaises(subprocess.CalledProcessError, msg=sql) as raised:
            self.postgres.execute(role, DATABASE, sql)
        self.assertIn(INSUFFICIENT_PRIVILEGE, raised.exception.stderr, sql)

    def test_the_service_has_no_other_right(self):
        for sql in ("TRUNCATE device_history", "UPDATE device_history SET rssis = '{}'", "UPDATE update_log SET sequence = 1",
                    "DELETE FROM node_stream", "DELETE FROM listening", "DELETE FROM api_keys",
                    "DROP TABLE device_latest", "CREATE TABLE another ()", "CREATE TEMPORARY TABLE another ()",
                    "INSERT INTO schema_migrations VALUES (99, 'another', '')"):
            self.refused("ubiety_service", sql)

    def test_the_reader_reads_and_does_nothing_else(self):
        for rows in ("device_status", "device_status_between(now() - interval '1 day', now())", "device_latest"):
            self.sql(f"SELECT count(*) FROM {rows}", "ubiety_reader")
        for table in ("device_history", "update_log", "device_latest"):
            self.refused("ubiety_reader", f"DELETE FROM {table}")
        for sql in ("SELECT * FROM api_keys", "CREATE TEMPORARY TABLE another ()", "CREATE TABLE another ()",
                    "SELECT drop_expired_device_history_partition(now())"):
            self.refused("ubiety_reader", sql)


class Poolers(unittest.TestCase):
    def test_session_mode_works(self):
        with Postgres() as postgres, Pooler(postgres, "session") as pooler:
            for _ in range(2):  # the second start finds pooled connections
                with service.Service(DATABASE_URL=pooler.url("postgres", "postgres"), TAIL_MEMORY="0") as running:
                    self.check(running)
                    give_up = time.monotonic() + service.PATIENCE
                    while postgres.execute("postgres", "postgres", "SELECT count(*) FROM update_log") != "0":
                        self.assertLess(time.monotonic(), give_up)
                        time.sleep(0.05)
            self.assertEqual(postgres.execute("postgres", "postgres", "SELECT count(*) FROM device_latest"), "1")
            self.assertNotIn("ERROR:", postgres.log())

    def test_transaction_mode_is_refused(self):
        with Postgres() as postgres, Pooler(postgres, "transaction") as pooler:
            refused = subprocess.run([service.UBIETYD, "migrate", "up"], capture_output=True, text=True,
                                     timeout=service.PATIENCE,
                                     env={"DATABASE_URL": pooler.url("postgres", "postgres")})
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("use a pool in session mode", refused.stdout + refused.stderr)

    def check(self, running):
        for timestamp in ("2025-06-09T14:00:00Z", "2025-06-09T14:00:00Z", "2025-06-09T13:00:00Z"):
            body = json.dumps({**REPORT, "timestamp": timestamp}).encode()
            self.assertEqual(running.send("POST", "/status", {"Content-Type": "application/json"}, body).status, 200)
        for _ in range(2):
            history = running.send("GET", "/status/d1/history?before=2025-06-09T14:30:00Z")
            self.assertEqual(json.loads(history.body)["total_records"], 2)


if __name__ == "__main__":
    unittest.main()
