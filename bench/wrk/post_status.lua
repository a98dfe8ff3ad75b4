-- POST /status of all devices in a scattered order, each report with the time of its sending, so that it is newer than the
-- one before: wrk … -- NUMBER_OF_DEVICES [PATH]
require("report")

local ffi = require("ffi")
ffi.cdef [[
  struct timespec { long seconds; long nanoseconds; };
  int clock_gettime(int clock, struct timespec* now);
]]

local stride = 7919 -- a prime: every device has its turn before one has its second
local now = ffi.new("struct timespec")
local devices, head, at
local second, date = 0, ""

local threads = 0
function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

local function body(device)
  ffi.C.clock_gettime(0, now)
  local seconds = tonumber(now.seconds)
  if seconds ~= second then
    second = seconds
    date = os.date("!%Y-%m-%dT%H:%M:%S", seconds)
  end
  return string.format(
    '{"device_id":"bench-%07d","timestamp":"%s.%06dZ","battery_level":%2d,"rssi":-%2d,"online":true}',
    device, date, tonumber(now.nanoseconds) / 1000, 10 + device % 90, 40 + device % 50)
end

function init(arguments)
  devices = tonumber(arguments[1])
  at = number * 104729 % devices
  -- Every body has the same length.
  head = "POST " .. (arguments[2] or "/status") .. " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    .. "Content-Length: " .. #body(0) .. "\r\n\r\n"
end

function request()
  at = (at + stride) % devices
  return head .. body(at)
end
