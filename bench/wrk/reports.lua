-- The reports of a fleet, bench-0000000 and so on in a scattered order, each with the time of its making, so that it is
-- newer than the one before. All have the same length.
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

-- `thread` is the number of wrk's thread: each begins elsewhere.
function reports.start(number_of_devices, thread)
  devices = number_of_devices
  at = thread * 104729 % devices
end

function reports.next()
  at = (at + stride) % devices
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
