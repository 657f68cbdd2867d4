-- Holds a lock for as long as its worker lives, and no shorter than it was said.
-- KEYS: the lock
-- ARGV: its number, for how long
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local most, least = string.match(redis.call('HGET', KEYS[1], ARGV[1]) or '', '^(%d+) (%d+)$')
if not most or tonumber(most) <= now then
	return { '0' }
end
local ends = math.max(now + ARGV[2], tonumber(least))
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f %s', ends, least))
if redis.call('PTTL', KEYS[1]) < ends - now then
	redis.call('PEXPIREAT', KEYS[1], string.format('%.0f', ends))
end
return { '1' }
