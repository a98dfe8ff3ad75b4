-- GET /status/{device_id}/history?limit=50 of all devices in a scattered order: wrk … -- NUMBER_OF_DEVICES
require("report")

local stride = 7919 -- a prime: every device has its turn before one has its second
local devices, at

function init(arguments)
  devices = tonumber(arguments[1])
  at = 0
end

function request()
  at = (at + stride) % devices
  return string.format("GET /status/bench-%07d/history?limit=50 HTTP/1.1\r\nHost: localhost\r\n\r\n", at)
end
