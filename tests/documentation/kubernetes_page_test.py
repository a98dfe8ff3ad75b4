"""deploy/kubernetes/ubiety.yaml and the service agree: the pod's environment, port, probes and time to stop."""

import unittest

import yaml

import service
from defaults_test import defaults

MANIFEST = service.REPOSITORY / "deploy" / "kubernetes" / "ubiety.yaml"
# What Kubernetes adds by itself; without enableServiceLinks: false, also for every Service of the namespace.
SERVICE_LINKS = {"KUBERNETES_PORT": "tcp://10.0.0.1:443", "KUBERNETES_SERVICE_HOST": "10.0.0.1",
                 "KUBERNETES_SERVICE_PORT": "443", "UBIETY_PORT": "tcp://10.0.0.7:80", "UBIETY_SERVICE_PORT": "80",
                 "UBIETY_SERVICE_HOST": "10.0.0.7"}


class Manifest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        objects = {found["kind"]: found for found in yaml.safe_load_all(MANIFEST.read_text(encoding="utf-8"))}
        cls.pod = objects["Deployment"]["spec"]["template"]["spec"]
        cls.container, = cls.pod["containers"]
        cls.environment = {entry["name"]: entry["value"] for entry in cls.container["env"]}
        cls.secret = objects["Secret"]["stringData"]

    def test_its_variables_are_settings(self):
        self.assertLessEqual({*self.environment, *self.secret}, {*defaults()})

    def test_its_port_is_the_default(self):
        port, = self.container["ports"]
        self.assertEqual(str(port["containerPort"]), defaults()["PORT"])

    def test_it_has_time_to_stop(self):
        self.assertGreater(self.pod["terminationGracePeriodSeconds"], float(defaults()["SHUTDOWN_TIMEOUT"]) + 2)

    def test_the_service_starts_in_its_environment_and_answers_the_probes(self):
        settings = {**SERVICE_LINKS, **self.environment, **self.secret, "SPOOL_PATH": "spool.db",
                    "DATABASE_URL": "postgresql://ubiety@127.0.0.1:1/ubiety"}
        with service.Service(ready=False, **settings) as running:
            expected = {"startupProbe": 200, "livenessProbe": 200, "readinessProbe": 503}  # its database is away
            for probe, status in expected.items():
                self.assertEqual(running.send("GET", self.container[probe]["httpGet"]["path"]).status, status, probe)


if __name__ == "__main__":
    unittest.main()
