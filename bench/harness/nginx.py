"""nginx, the reference: what a web server does that stores nothing."""

import os
import pathlib
import socket

from . import processes

# One worker: with the load generator on the other of two cores, two workers answered no more, and less evenly.
CONFIGURATION = """
{user}
daemon off;
pid nginx.pid;
error_log stderr crit;
worker_processes 1;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000000;
  client_max_body_size 16m;
  client_body_buffer_size 256k;
  default_type application/json;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location = /constant {{ return 200 '{constant}'; }}
    location / {{ root {root}; }}
  }}
}}
"""


class Nginx(processes.Process):
    """Answers /constant with `constant`, whatever the method, and any other path with the file of that name."""

    def __init__(self, folder: pathlib.Path, constant: str = "ok") -> None:
        self.port = processes.free_port()
        own = folder / f"nginx-{self.port}"
        self.files = own / "files"
        self.files.mkdir(parents=True)
        configuration = own / "nginx.conf"
        configuration.write_text(
            CONFIGURATION.format(
                user="user root;" if os.geteuid() == 0 else "", port=self.port, constant=constant, root=self.files
            )
        )
        program = processes.find_program("nginx")
        super().__init__([program, "-p", str(own), "-c", str(configuration), "-e", "stderr"], own, "nginx")
        self.wait_until_ready(lambda: is_listening(self.port))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
