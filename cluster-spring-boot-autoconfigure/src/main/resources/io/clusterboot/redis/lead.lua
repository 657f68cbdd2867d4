-- Who leads, for another while. Where nobody ever led, as far as this Redis knows, and
-- where it has just started, somebody may hold a lease that it has forgotten: nobody new
-- leads before that has run out, and whoever holds it may renew it.
-- KEYS: the leader, the last token
-- ARGV: who asks, its token (0 for a new one), the lease, a token that was seen, the token
-- of a leader who is known to be gone
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local leader = redis.call('HMGET', KEYS[1], 'who', 'token')
local last = redis.call('GET', KEYS[2])
if ARGV[2] ~= '0' then
	local mine = leader[2] == ARGV[2]
	local forgotten = not leader[2] and (not last or tonumber(last) <= tonumber(ARGV[2]))
	if not mine and not forgotten then
		return { 'no', leader[1] or '', leader[2] or '0' }
	end
	redis.call('SET', KEYS[2], ARGV[2])
	redis.call('HSET', KEYS[1], 'who', ARGV[1], 'token', ARGV[2])
	redis.call('PEXPIRE', KEYS[1], ARGV[3])
	return { 'yes', ARGV[1], ARGV[2] }
end
if not last then
	redis.call('SET', KEYS[2], '0')
	redis.call('HSET', KEYS[1], 'who', '')
	redis.call('PEXPIRE', KEYS[1], ARGV[3])
	return { 'no', '', '0' }
end
if leader[1] and not (leader[2] and leader[2] == ARGV[5]) then
	return { 'no', leader[1], leader[2] or '0' }
end
local server = redis.pcall('INFO', 'server')
local uptime = type(server) == 'string' and string.match(server, 'uptime_in_seconds:(%d+)')
if uptime and uptime * 1000 < ARGV[3] + 1000 and tonumber(last) > 0 then
	return { 'no', '', '0' }
end
local token = string.format('%.0f', math.max(tonumber(last) + 1, now, tonumber(ARGV[4]) + 1))
redis.call('SET', KEYS[2], token)
redis.call('HSET', KEYS[1], 'who', ARGV[1], 'token', token)
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return { 'yes', ARGV[1], token }
