-- GET /status/{device_id}/history?limit=50 of all devices in a scattered order: wrk … -- NUMBER_OF_DEVICES
require("report")

local reports = require("reports")

function init(arguments)
  reports.start(tonumber(arguments[1]))
end

function request()
  return string.format("GET /status/bench-%07d/history?limit=50 HTTP/1.1\r\nHost: localhost\r\n\r\n", reports.next_device())
end
