-- The script that the blueprint's line names and does not give:
-- wrk -t12 -c400 -d30s --script=tests/load_test.lua http://localhost:8000/status/summary
-- It has the mix of load_test.py: of six requests three are for the URL of that line, two for the latest status of
-- sensor-abc-123, and one is a report. Each thread begins with a report of sensor-abc-123.
local report = [[{"device_id": "%s", "timestamp": "2025-06-09T14:00:00Z", "battery_level": 85, "rssi": -65, "online": true}]]
local turn = 0

local function post(device)
  return wrk.format("POST", "/status", { ["Content-Type"] = "application/json" }, report:format(device))
end

function init()
  local get_url = wrk.format("GET")
  local get_device = wrk.format("GET", "/status/sensor-abc-123")
  first = post("sensor-abc-123")
  requests = { get_url, get_device, get_url, post("sensor-load-test"), get_url, get_device }
end

function request()
  turn = turn + 1
  if turn == 1 then return first end
  return requests[turn % #requests + 1]
end

function done(summary)
  io.write(string.format("answers other than 2xx and 3xx: %d (404s, until the first report of sensor-abc-123 is committed)\n",
    summary.errors.status))
end
