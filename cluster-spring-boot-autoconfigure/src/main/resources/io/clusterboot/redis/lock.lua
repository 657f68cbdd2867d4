-- Gets a lock (number 0), or holds it for longer.
-- KEYS: the lock, which has a field for each that holds it: until when at most, and at least; the last number
-- ARGV: its number, for how long at most, for how long at least, how many may hold it
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local held, last = 0, 0
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
	local most = tonumber(string.match(all[i + 1], '^%d+'))
	if most <= now then
		redis.call('HDEL', KEYS[1], all[i])
	else
		held = held + 1
		last = math.max(last, most)
	end
end
local number = ARGV[1]
if number == '0' then
	if held >= tonumber(ARGV[4]) then
		return { '0' }
	end
	number = string.format('%.0f', redis.call('INCR', KEYS[2]))
elseif redis.call('HEXISTS', KEYS[1], number) == 0 then
	return { '0' }
end
local most = now + ARGV[2]
redis.call('HSET', KEYS[1], number, string.format('%.0f %.0f', most, now + ARGV[3]))
redis.call('PEXPIREAT', KEYS[1], string.format('%.0f', math.max(last, most)))
return { number }
