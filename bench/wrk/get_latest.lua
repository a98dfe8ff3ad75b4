-- GET /status/{device_id} of all devices in a scattered order: wrk … -- NUMBER_OF_DEVICES
-- Against the reference, the same requests go to one path: wrk … -- NUMBER_OF_DEVICES /constant
require("report")

local stride = 7919 -- a prime: every device has its turn before one has its second
local devices, constant, at

local threads = 0
function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(arguments)
  devices = tonumber(arguments[1])
  constant = arguments[2]
  at = number * 104729 % devices
end

function request()
  at = (at + stride) % devices
  -- The path is made for the reference too, so that both cost wrk the same.
  local path = string.format("/status/bench-%07d", at)
  return "GET " .. (constant or path) .. " HTTP/1.1\r\nHost: localhost\r\n\r\n"
end
