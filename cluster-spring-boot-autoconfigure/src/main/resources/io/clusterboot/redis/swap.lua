-- Replaces a number that nobody has changed.
-- KEYS: numbers
-- ARGV: its name, the old, the new
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then
	return { '0' }
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return { '1' }
