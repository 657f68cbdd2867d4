-- Removes some of a group, so that others need not wait for all of it, and tells whether
-- there is more.
-- KEYS: the index of the group
-- ARGV: how many at most
local some = redis.call('ZPOPMIN', KEYS[1], ARGV[1])
for i = 1, #some, 2 do
	if redis.call('HGET', some[i], 'group') == KEYS[1] then
		redis.call('DEL', some[i])
	end
end
return { tostring(redis.call('EXISTS', KEYS[1])) }
