-- Finds what is kept, and keeps it for longer if that is said. What the index of its group
-- does not have is not there: Redis may have let the index go to make room, and nobody
-- would find it who has to remove the group.
-- KEYS: what is kept
-- ARGV: for how long from now on (0 for as long as before)
local kept = redis.call('HMGET', KEYS[1], 'value', 'version', 'group')
local group = kept[3]
if group and not redis.call('ZSCORE', group, KEYS[1]) then
	redis.call('DEL', KEYS[1])
	return {}
end
if not kept[2] then
	return {}
end
if ARGV[1] ~= '0' then
	redis.call('PEXPIRE', KEYS[1], ARGV[1])
end
if group then
	local time = redis.call('TIME')
	redis.call('ZADD', group, string.format('%.0f', time[1] * 1000000 + time[2]), KEYS[1])
	if redis.call('PTTL', group) < tonumber(ARGV[1]) then
		redis.call('PEXPIRE', group, ARGV[1])
	end
end
return { kept[1], kept[2] }
