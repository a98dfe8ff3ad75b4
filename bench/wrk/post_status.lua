-- POST /status of all devices in turn: wrk … -- NUMBER_OF_DEVICES [PATH]
require("report")

local reports = require("reports")
local head

local threads = 0
function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(arguments)
  reports.start(tonumber(arguments[1]), number)
  head = "POST " .. (arguments[2] or "/status") .. " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    .. "Content-Length: " .. #reports.next() .. "\r\n\r\n"
end

function request()
  return head .. reports.next()
end
