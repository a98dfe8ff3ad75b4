-- POST /status of all devices in turn: wrk … -- NUMBER_OF_DEVICES [PATH]
require("report")

local reports = require("reports")
local head

function init(arguments)
  reports.start(tonumber(arguments[1]))
  head = "POST " .. (arguments[2] or "/status") .. " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    .. "Content-Length: " .. #reports.next() .. "\r\n\r\n"
end

function request()
  return head .. reports.next()
end
