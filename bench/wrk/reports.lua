-- The devices of a fleet, bench-0000000 and so on in a scattered order, and their reports, each with the time of its
-- making, so that it is newer than the one before. All reports have the same length.
local ffi = require("ffi")
ffi.cdef [[
  struct timespec { long seconds; long nanoseconds; };
  int clock_gettime(int clock, struct timespec* now);
]]

local stride = 7919 -- a prime: every device has its turn before one has its second
local now = ffi.new("struct timespec")
local devices, at
local second, date = 0, ""

local reports = {}

-- wrk calls it before the `init` of each of its threads, which then know their `number`.
local threads = 0
function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

-- Each thread begins elsewhere.
function reports.start(number_of_devices)
  devices = number_of_devices
  at = number * 104729 % devices
end

-- The number of the device whose turn it is.
function reports.next_device()
  at = (at + stride) % devices
  return at
end

function reports.next()
  reports.next_device()
  ffi.C.clock_gettime(0, now)
  local seconds = tonumber(now.seconds)
  if seconds ~= second then
    second = seconds
    date = os.date("!%Y-%m-%dT%H:%M:%S", seconds)
  end
  return string.format(
    '{"device_id":"bench-%07d","timestamp":"%s.%06dZ","battery_level":%2d,"rssi":-%2d,"online":true}',
    at, date, tonumber(now.nanoseconds) / 1000, 10 + at % 90, 40 + at % 50)
end

return reports
