-- A worker is there: claims a number for its machine, and tells where the stream of
-- letters for all ends and what is retained, both of the same moment.
-- KEYS: machines, counter of machines, members, letters for all, topics
-- ARGV: the machine's name, the number that it had (0 if none), how long a member lives
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local machines = redis.call('HGETALL', KEYS[1])
local machine
for i = 1, #machines, 2 do
	if machines[i + 1] == ARGV[1] then
		machine = machines[i]
	end
end
if not machine and ARGV[2] ~= '0' and redis.call('HEXISTS', KEYS[1], ARGV[2]) == 0 then
	machine = ARGV[2]
end
if not machine then
	local taken = {}
	for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], now - ARGV[3], '+inf')) do
		taken[string.match(member, '^%d+')] = true
	end
	repeat
		machine = string.format('%d', (redis.call('INCR', KEYS[2]) - 1) % 2000 + 1)
	until not taken[machine]
end
redis.call('HSET', KEYS[1], machine, ARGV[1])
local entries = redis.call('XREVRANGE', KEYS[4], '+', '-', 'COUNT', 1)
local result = { machine, entries[1] and entries[1][1] or '0-0' }
local topics = redis.call('HGETALL', KEYS[5])
for i = 2, #topics, 2 do
	result[#result + 1] = topics[i]
end
return result
