-- A letter, for all or for one worker.
-- KEYS: the stream it goes to, how many bytes that takes, members, readers, topics, how
-- many bytes they take
-- ARGV: the letter, for whom (empty for all), whether it asks (1), its topic or empty, how
-- long a member lives, how many bytes may wait in the stream, topics and their bytes
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local bytes = #ARGV[1]
if ARGV[2] ~= '' then
	local seen = redis.call('ZSCORE', KEYS[3], ARGV[2])
	if not seen or tonumber(seen) < now - ARGV[5] then
		return { 'absent' }
	end
	if tonumber(redis.call('GET', KEYS[2]) or '0') + bytes > tonumber(ARGV[6]) then
		return { 'full' }
	end
end
if ARGV[4] ~= '' then
	local before = redis.call('HSTRLEN', KEYS[5], ARGV[4])
	if before == 0 and redis.call('HLEN', KEYS[5]) >= tonumber(ARGV[7]) then
		return { 'topics' }
	end
	local others = tonumber(redis.call('GET', KEYS[6]) or '0') - before
	if others + bytes > tonumber(ARGV[8]) then
		return { 'kept', tostring(others) }
	end
end
local total = redis.call('INCRBY', KEYS[2], bytes)
if ARGV[2] == '' and total > tonumber(ARGV[6]) then
	redis.call('XTRIM', KEYS[1], 'MAXLEN', math.floor(redis.call('XLEN', KEYS[1]) / 2))
	redis.call('SET', KEYS[2], math.floor(total / 2))
end
local id = redis.call('XADD', KEYS[1], '*', 'm', ARGV[1])
redis.call('PEXPIRE', KEYS[1], 60000)
redis.call('PEXPIRE', KEYS[2], 60000)
if ARGV[4] ~= '' then
	local word = id .. '\n' .. ARGV[1]
	redis.call('INCRBY', KEYS[6], #word - redis.call('HSTRLEN', KEYS[5], ARGV[4]))
	redis.call('HSET', KEYS[5], ARGV[4], word)
end
local result = { 'sent' }
if ARGV[2] == '' and ARGV[3] == '1' then
	for _, reader in ipairs(redis.call('ZRANGEBYSCORE', KEYS[4], now - ARGV[5], '+inf')) do
		result[#result + 1] = reader
	end
end
return result
