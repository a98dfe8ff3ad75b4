-- The script that the blueprint's line names and does not give:
-- wrk -t12 -c400 -d30s --script=bench/wrk/load_test.lua http://localhost:8000/status/summary
-- It asks for what the line's URL says, with the mix of the blueprint's locust file: of six requests three are for that,
-- two for the latest status of sensor-abc-123, one is a report.
local report = [[{"device_id": "sensor-load-test", "timestamp": "2025-06-09T14:00:00Z", "battery_level": 85, "rssi": -65, "online": true}]]
local turn = 0

function init()
  local get_url = wrk.format("GET")
  local get_device = wrk.format("GET", "/status/sensor-abc-123")
  local post = wrk.format("POST", "/status", { ["Content-Type"] = "application/json" }, report)
  requests = { get_url, get_device, get_url, post, get_url, get_device }
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end

function done(summary)
  io.write(string.format("answers other than 2xx and 3xx: %d (of sensor-abc-123 there are none before it has reported)\n",
    summary.errors.status))
end
