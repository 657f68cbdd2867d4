-- Tells what is in a group, what was used last first.
-- KEYS: the index of the group
-- ARGV: how many at most
local found = {}
repeat
	local some = redis.call('ZREVRANGE', KEYS[1], #found, ARGV[1] - 1)
	for _, kept in ipairs(some) do
		if redis.call('HGET', kept, 'group') == KEYS[1] then
			found[#found + 1] = kept
		else
			redis.call('ZREM', KEYS[1], kept)
		end
	end
until #some == 0
return found
