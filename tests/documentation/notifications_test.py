"""What an operator hears of a fleet: from a real service, Prometheus and Alertmanager with the files of deploy/."""

import contextlib
import datetime
import json
import threading
import unittest

import monitoring
import service

GATEWAYS = 7
DEVICES = 200  # of a gateway
REPORTS_EVERY = 0.5  # seconds


class Devices:
    """All report at the same time, again and again, but for those that are dead."""

    def __init__(self, target):
        self.dead = set()
        self.low = set()  # those whose batteries are low
        self.refused = []  # answers
        self._target = target
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def report(self):
        now = datetime.datetime.now(datetime.timezone.utc).isoformat()
        lines = [json.dumps({"device_id": device, "timestamp": now, "battery_level": 10 if device in self.low else 80,
                             "rssi": -60, "online": True})
                 for gateway in range(GATEWAYS) for device in devices_of(f"gw{gateway}") if device not in self.dead]
        answer = self._target.send("POST", "/status/batch", {"Content-Type": "application/x-ndjson"}, "\n".join(lines))
        if answer.status != 200 or json.loads(answer.body)["rejected"] != 0:
            self.refused.append(answer.body)

    def _run(self):
        while not self._stop.wait(REPORTS_EVERY):
            with contextlib.suppress(OSError):  # while the service is down
                self.report()

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *exception):
        self._stop.set()
        self._thread.join()


def devices_of(gateway):
    return [f"{gateway}-{number}" for number in range(DEVICES)]


class Notifications(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        enter = cls.enterClassContext
        cls.sink = enter(monitoring.Sink())
        cls.alertmanager = enter(monitoring.Alertmanager(cls.sink))
        cls.service = enter(service.Service(STALE_AFTER="2", LEARNING_PATIENCE="4", GROUP_BY="prefix:-"))
        cls.prometheus = enter(monitoring.Prometheus(cls.service.port, cls.alertmanager.port))
        cls.devices = enter(Devices(cls.service))
        cls.wait_for("ubiety_devices", GATEWAYS * DEVICES)

    @classmethod
    def wait_for(cls, expression, value):
        monitoring.wait_until(lambda: cls.prometheus.value_of(expression) == value, f"{expression} is {value}")

    def tearDown(self):
        self.assertEqual(self.devices.refused, [])

    def heard(self, gateway):
        """What was said about the gateway and about the fleet: receiver, alert, state, and how many such alerts.

        Alerts about the service itself are no matter here: on a slow machine there are some.
        """
        return [(path, body["groupLabels"]["alertname"], body["status"], len(body["alerts"]))
                for path, body in list(self.sink.received)
                if "list" in body["commonAnnotations"] and body["groupLabels"].get("group", gateway) == gateway]

    def wait_to_hear(self, gateway, *notification):
        monitoring.wait_until(lambda: notification in self.heard(gateway), lambda: f"{notification} in {self.heard(gateway)}")

    def annotations(self, gateway, alert):
        return next(body["alerts"][0]["annotations"] for _, body in self.sink.received
                    if body["groupLabels"] == {"alertname": alert, "group": gateway, "job": "ubiety"})

    def test_dead_gateway_is_one_notification_and_so_is_its_return(self):
        self.devices.dead.update(devices_of("gw1"))
        self.wait_to_hear("gw1", "/tickets", "UbietyGroupOut", "firing", 1)
        self.assertEqual(self.annotations("gw1", "UbietyGroupOut")["list"], "/?problem=outage&group=gw1")
        self.wait_for('ubiety_group_devices{group="gw1",state="silent"}', DEVICES)
        self.devices.dead.clear()
        self.wait_to_hear("gw1", "/tickets", "UbietyGroupOut", "resolved", 1)
        self.assertEqual(self.heard("gw1"), [("/tickets", "UbietyGroupOut", "firing", 1),
                                             ("/tickets", "UbietyGroupOut", "resolved", 1)])

    def test_outage_holds_back_what_else_is_wrong_with_its_devices(self):
        self.devices.low = {"gw2-1", "gw2-2"}
        self.devices.report()
        self.devices.dead.update(devices_of("gw2"))
        monitoring.wait_until(lambda: len(self.alertmanager.suppressed()) == 2,
                              lambda: f"both are suppressed: {self.alertmanager.suppressed()}")
        self.assertEqual(self.heard("gw2"), [("/tickets", "UbietyGroupOut", "firing", 1)])
        self.devices.dead.clear()
        self.wait_to_hear("gw2", "/tickets", "UbietyBatteryLow", "firing", 2)
        self.wait_to_hear("gw2", "/tickets", "UbietyGroupOut", "resolved", 1)

    def test_who_stays_away_is_silent_once_the_others_are_back(self):
        self.devices.dead.update(devices_of("gw3"))
        self.wait_to_hear("gw3", "/tickets", "UbietyGroupOut", "firing", 1)
        self.devices.dead = {"gw3-0", "gw3-1", "gw3-2"}
        self.wait_to_hear("gw3", "/tickets", "UbietyDevicesSilent", "firing", 1)
        self.assertEqual(self.annotations("gw3", "UbietyDevicesSilent"),
                         {"summary": "Silent devices of the group gw3: 3", "list": "/?problem=silent&group=gw3",
                          "runbook": "docs/OPERATIONS.md#ubietydevicessilent"})
        self.assertEqual([alert for _, alert, state, _ in self.heard("gw3") if state == "firing"],
                         ["UbietyGroupOut", "UbietyDevicesSilent"])
        self.devices.dead = set()

    def test_restart_is_silent_and_a_death_is_one_notification(self):
        self.devices.dead.update(devices_of("gw4"))
        self.wait_to_hear("gw4", "/tickets", "UbietyGroupOut", "firing", 1)
        starts = self.prometheus.value_of("process_start_time_seconds")
        self.service.restart()
        monitoring.wait_until(lambda: (self.prometheus.value_of("process_start_time_seconds") or starts) > starts,
                              "the new process is scraped")
        self.wait_for("ALERTS{alertstate='firing',alertname='UbietyGroupOut',group='gw4'}", 1)
        self.assertEqual(self.heard_of_the_service(), [])

        self.service.kill()
        monitoring.wait_until(self.heard_of_the_service, "the death is heard of")
        self.service.start()
        monitoring.wait_until(lambda: len(self.heard_of_the_service()) == 2, "the return is heard of")
        self.assertEqual(self.heard_of_the_service(), [("/pages", "UbietyDown", "firing"),
                                                       ("/pages", "UbietyDown", "resolved")])
        self.wait_for('ubiety_group_devices{group="gw4",state="silent"}', DEVICES)
        self.assertEqual(self.heard("gw4"), [("/tickets", "UbietyGroupOut", "firing", 1)])

        self.devices.dead.clear()
        self.wait_to_hear("gw4", "/tickets", "UbietyGroupOut", "resolved", 1)
        self.assertEqual(len(self.heard("gw4")), 2)

    def heard_of_the_service(self):
        return [(path, body["groupLabels"]["alertname"], body["status"]) for path, body in list(self.sink.received)
                if body["groupLabels"]["alertname"] == "UbietyDown"]


RULES = {rule["alert"]: rule for group in monitoring.read_shortened("prometheus", "alerts.yml")["groups"]
         for rule in group["rules"]}


def alert(name, **labels):
    """As Prometheus sends it."""
    return {"alertname": name, **RULES[name]["labels"], "job": "ubiety", **labels}


class Inhibition(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sink = cls.enterClassContext(monitoring.Sink())

    def assert_suppresses(self, source, suppressed, others):
        with monitoring.Alertmanager(self.sink) as alertmanager:
            alertmanager.send([source, *suppressed, *others])
            self.assertCountEqual(alertmanager.suppressed(), suppressed)

    def test_group_that_is_out_explains_its_devices(self):
        about_devices = [name for name, rule in RULES.items() if "device_problem{" in rule["expr"]]
        self.assertEqual(len(about_devices), 6)
        self.assert_suppresses(
            alert("UbietyGroupOut", group="gw1"),
            [alert(name, group="gw1", device_id="gw1-a") for name in about_devices],
            [alert("UbietyDevicesSilent", group="gw2"), alert("UbietyDevicesSilent"),
             alert("UbietyDevicesSilent", group="gw1", job="another"), alert("UbietyGroupOut", group="gw3"),
             alert("UbietyFleetSilent"), alert("UbietyStoreAway")])

    def test_fleet_that_is_out_explains_groups_and_devices(self):
        self.assert_suppresses(
            alert("UbietyFleetOut"),
            [alert("UbietyGroupOut", group="gw1"), alert("UbietyFleetSilent", instance="a"),
             alert("UbietyDevicesSilent", group="gw1"), alert("UbietyBatteryLow", device_id="lonely")],
            [alert("UbietyGroupOut", group="gw1", job="another"), alert("UbietyFlapping", device_id="a", job="another"),
             alert("UbietyDown"), alert("UbietyStoreAway")])

    def test_low_battery_explains_that_it_fell(self):
        self.assert_suppresses(
            alert("UbietyBatteryLow", device_id="gw1-a", group="gw1"),
            [alert("UbietyBatteryFalling", device_id="gw1-a", group="gw1")],
            [alert("UbietyBatteryFalling", device_id="gw1-b", group="gw1"),
             alert("UbietyWeakSignal", device_id="gw1-a", group="gw1")])

    def test_pages_go_another_way(self):
        self.sink.received.clear()
        with monitoring.Alertmanager(self.sink) as alertmanager:
            alertmanager.send([alert("UbietyFleetOut"), alert("UbietyRestarts")])
            monitoring.wait_until(lambda: len(self.sink.received) == 2, "both are sent")
        self.assertCountEqual([(path, body["groupLabels"]["alertname"]) for path, body in self.sink.received],
                              [("/pages", "UbietyFleetOut"), ("/tickets", "UbietyRestarts")])


if __name__ == "__main__":
    unittest.main()
