-- Keeps something, if what is there has the version that it has to have. Versions are
-- times in microseconds, so they grow also where Redis has lost the last one. The index of
-- a group lasts as long as what is in it, and each time some of it is looked at that may
-- be there no more.
-- KEYS: what is kept, the last version, the index of its group if it has one
-- ARGV: the value, for how long, the version that is there (0 for none, -1 for whatever)
local before = redis.call('HMGET', KEYS[1], 'version', 'group')
local there = before[1] or '0'
if before[2] and not redis.call('ZSCORE', before[2], KEYS[1]) then
	there = '0'
end
if ARGV[3] ~= '-1' and ARGV[3] ~= there then
	return { '0' }
end
local time = redis.call('TIME')
local last = tonumber(redis.call('GET', KEYS[2]) or '0')
local version = string.format('%.0f', math.max(last + 1, time[1] * 1000000 + time[2]))
redis.call('SET', KEYS[2], version)
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'value', ARGV[1], 'version', version)
redis.call('PEXPIRE', KEYS[1], ARGV[2])
local group = KEYS[3]
if group then
	redis.call('HSET', KEYS[1], 'group', group)
	for _, other in ipairs(redis.call('ZRANDMEMBER', group, 4)) do
		if redis.call('HGET', other, 'group') ~= group then
			redis.call('ZREM', group, other)
		end
	end
	redis.call('ZADD', group, string.format('%.0f', time[1] * 1000000 + time[2]), KEYS[1])
	if redis.call('PTTL', group) < tonumber(ARGV[2]) then
		redis.call('PEXPIRE', group, ARGV[2])
	end
end
return { version }
