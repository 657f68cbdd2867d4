-- Gives a lock back.
-- KEYS: the lock
-- ARGV: its number
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local most, least = string.match(redis.call('HGET', KEYS[1], ARGV[1]) or '', '^(%d+) (%d+)$')
if not most or tonumber(most) <= now then
	return { '0' }
end
redis.call('HDEL', KEYS[1], ARGV[1])
if tonumber(least) > now then
	-- Nobody's any more, and nobody else's yet
	redis.call('HSET', KEYS[1], '-' .. ARGV[1], least .. ' ' .. least)
	if redis.call('PTTL', KEYS[1]) < 0 then
		redis.call('PEXPIREAT', KEYS[1], least)
	end
end
return { '1' }
