-- A worker has read its letters: they make room for others.
-- KEYS: letters for this worker, how many bytes they take
-- ARGV: the last that was read
redis.call('XTRIM', KEYS[1], 'MINID', ARGV[1])
local bytes = 0
for _, entry in ipairs(redis.call('XRANGE', KEYS[1], '(' .. ARGV[1], '+')) do
	bytes = bytes + #entry[2][2]
end
redis.call('SET', KEYS[2], bytes, 'PX', 60000)
return { tostring(bytes) }
