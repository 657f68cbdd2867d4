-- A worker ends.
-- KEYS: members, readers, letters for this worker, how many bytes they take
-- ARGV: its address
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('DEL', KEYS[3], KEYS[4])
return { '1' }
