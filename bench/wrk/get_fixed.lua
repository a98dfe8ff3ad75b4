-- GET of the URL's own path, again and again. With a second word, such as "gzip", as Accept-Encoding.
require("report")

function init(arguments)
  if arguments[1] then wrk.headers["Accept-Encoding"] = arguments[1] end
end
