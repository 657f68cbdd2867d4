-- For wrk: reads or writes sessions, one client a thread, each with a cookie of its own.
--
--   wrk -t COUNT -c COUNT -s sessions.lua URL -- FILE_OF_COOKIES read|write

local clients = 0

function setup(thread)
	clients = clients + 1
	thread:set("client", clients)
end

function init(arguments)
	local line = 0
	for cookie in io.lines(arguments[1]) do
		line = line + 1
		if line == client then
			wrk.headers["Cookie"] = cookie
		end
	end
	writes = arguments[2] == "write"
	reading = wrk.format("GET", "/session")
	number = 0
end

function request()
	if not writes then
		return reading
	end
	number = number + 1
	return wrk.format("PUT", "/session?number=" .. number)
end
