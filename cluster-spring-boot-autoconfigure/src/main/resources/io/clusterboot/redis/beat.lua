-- A worker lives: tells so, says a word to itself over the bus, and hears who else lives.
-- KEYS: members, readers, letters for this worker
-- ARGV: its address, whether it reads (1), how long a member lives, the word
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local known = redis.call('ZSCORE', KEYS[1], ARGV[1])
redis.call('ZADD', KEYS[1], now, ARGV[1])
if ARGV[2] == '1' then
	redis.call('ZADD', KEYS[2], now, ARGV[1])
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - ARGV[3])
redis.call('XADD', KEYS[3], '*', 'm', ARGV[4])
redis.call('PEXPIRE', KEYS[3], 60000)
local result = redis.call('ZRANGE', KEYS[1], 0, -1)
table.insert(result, 1, known and 'known' or 'unknown')
return result
