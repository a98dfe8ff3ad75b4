-- GET /status/{device_id} of all devices in a scattered order: wrk … -- NUMBER_OF_DEVICES
-- Against the reference, the same requests go to one path: wrk … -- NUMBER_OF_DEVICES /constant
require("report")

local reports = require("reports")
local constant

function init(arguments)
  reports.start(tonumber(arguments[1]))
  constant = arguments[2]
end

function request()
  -- The path is made for the reference too, so that both cost wrk the same.
  local path = string.format("/status/bench-%07d", reports.next_device())
  return "GET " .. (constant or path) .. " HTTP/1.1\r\nHost: localhost\r\n\r\n"
end
