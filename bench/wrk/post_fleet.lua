-- POST of the reports of a fleet, one a minute of each device, LINES in a request. The same minute has the same reports in
-- either FORMAT, "ndjson" or "line_protocol": wrk … -- FORMAT PATH NUMBER_OF_DEVICES LINES START MINUTE
-- START is a whole minute in seconds since 1970, and MINUTE the number of minutes after it at which the reports begin.
require("report")

local reports = require("reports")

local format, path, devices, lines, start, minute
local place = 0 -- of the next report within its minute
local random
local head
local pieces = {}

-- Bodies are put together from pieces made beforehand, since formatting each report would make wrk the slowest.
local function texts(pattern, from, to)
  local made = {}
  for number = from, to do made[number] = string.format(pattern, number) end
  return made
end

local ndjson = { media_type = "application/x-ndjson", pieces = 5 }

function ndjson.prepare()
  ndjson.names = texts('{"device_id":"bench-%07d","timestamp":"', 0, devices - 1)
  ndjson.seconds = {}
  for ms = 0, 59999 do ndjson.seconds[ms] = string.format("%02d.%03d", ms / 1000, ms % 1000) end
  ndjson.batteries = texts('Z","battery_level":%d,"rssi":', 10, 99)
  ndjson.rssis = texts('-%d,"online":true}\n', 40, 89)
end

function ndjson.begin_minute(seconds)
  ndjson.minute = os.date("!%Y-%m-%dT%H:%M:", seconds)
end

function ndjson.put(at, device, ms, battery, rssi)
  pieces[at] = ndjson.names[device]
  pieces[at + 1] = ndjson.minute
  pieces[at + 2] = ndjson.seconds[ms]
  pieces[at + 3] = ndjson.batteries[battery]
  pieces[at + 4] = ndjson.rssis[rssi]
end

local line_protocol = { media_type = "text/plain", pieces = 5 }

function line_protocol.prepare()
  line_protocol.names = texts("status,device_id=bench-%07d battery_level=", 0, devices - 1)
  line_protocol.batteries = texts("%di,rssi=", 10, 99)
  line_protocol.rssis = texts("-%di,online=true ", 40, 89)
  line_protocol.last_digits = texts("%05d\n", 0, 99999)
end

-- A time in milliseconds is its first digits and its last five; within a minute, the first become one more at most once.
function line_protocol.begin_minute(seconds)
  local first = math.floor(seconds / 100)
  line_protocol.first_digits, line_protocol.next_digits = string.format("%d", first), string.format("%d", first + 1)
  line_protocol.offset = seconds % 100 * 1000
end

function line_protocol.put(at, device, ms, battery, rssi)
  local last, first = line_protocol.offset + ms, line_protocol.first_digits
  if last >= 100000 then last, first = last - 100000, line_protocol.next_digits end
  pieces[at] = line_protocol.names[device]
  pieces[at + 1] = line_protocol.batteries[battery]
  pieces[at + 2] = line_protocol.rssis[rssi]
  pieces[at + 3] = first
  pieces[at + 4] = line_protocol.last_digits[last]
end

local function begin_minute()
  random = minute + 1
  format.begin_minute(start + minute * 60)
end

function init(arguments)
  format = ({ ndjson = ndjson, line_protocol = line_protocol })[arguments[1]]
  path = arguments[2]
  devices, lines, start, minute = unpack(arguments, 3)
  devices, lines, start, minute = tonumber(devices), tonumber(lines), tonumber(start), tonumber(minute)
  reports.start(devices)
  format.prepare()
  begin_minute()
end

-- A device reports up to a second late; its battery loses a percent in eight hours; its signal varies by six.
local function put_next(at)
  if place == devices then
    place, minute = 0, minute + 1
    begin_minute()
  end
  local device = reports.next_device()
  random = random * 16807 % 2147483647
  local ms = math.floor(place * 59000 / devices) + random % 1000
  local battery = 10 + (device - math.floor((minute + device * 7) / 480)) % 90
  local rssi = 40 + device % 44 + math.floor(random / 1000) % 7
  format.put(at, device, ms, battery, rssi)
  place = place + 1
end

function request()
  for line = 0, lines - 1 do put_next(2 + line * format.pieces) end
  -- All lines have the same length, so all requests have the same head.
  head = head or "POST " .. path .. " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " .. format.media_type
    .. "\r\nContent-Length: " .. #table.concat(pieces, "", 2) .. "\r\n\r\n"
  pieces[1] = head
  return table.concat(pieces)
end
