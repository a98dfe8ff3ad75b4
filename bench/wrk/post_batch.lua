-- POST /status/batch of one object a line, each with the time of its making: wrk … -- NUMBER_OF_DEVICES LINES [PATH]
require("report")

local reports = require("reports")

local lines, path

function init(arguments)
  reports.start(tonumber(arguments[1]))
  lines = tonumber(arguments[2])
  path = arguments[3] or "/status/batch"
end

function request()
  local objects = {}
  for i = 1, lines do objects[i] = reports.next() end
  local body = table.concat(objects, "\n")
  return "POST " .. path .. " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nContent-Length: "
    .. #body .. "\r\n\r\n" .. body
end
