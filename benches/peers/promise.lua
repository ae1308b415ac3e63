-- KEYS[1]: an account as in check.lua; ARGV: quantity in units, day. Takes what it promises and keeps the
-- promise in a list; answers the day, -1 for never.
local packed = redis.call('GET', KEYS[1])
local entries = packed and cmsgpack.unpack(packed) or {}
local quantity = (tonumber(ARGV[1]) - 1) % 40 * 1000000 + 1000000
local day = tonumber(ARGV[2]) % 60
local cum, low, n = {}, {}, #entries / 2
local balance = 0
for i = 1, n do
  balance = balance + entries[2 * i]
  cum[i] = balance
end
local least = math.huge
for i = n, 1, -1 do
  if cum[i] < least then least = cum[i] end
  low[i] = least
end
local available, earliest = 0, -1
for i = 1, n do
  if entries[2 * i - 1] <= day then
    available = math.max(low[i], 0)
  elseif earliest < 0 and low[i] >= quantity then
    earliest = entries[2 * i - 1]
  end
end
if available >= quantity then earliest = day end
if earliest < 0 then return -1 end
local at = 1
while at <= n and entries[2 * at - 1] < earliest do at = at + 1 end
if at <= n and entries[2 * at - 1] == earliest then
  entries[2 * at] = entries[2 * at] - quantity
else
  table.insert(entries, 2 * at - 1, earliest)
  table.insert(entries, 2 * at, -quantity)
end
redis.call('SET', KEYS[1], cmsgpack.pack(entries))
redis.call('XADD', 'promises', '*', 'account', KEYS[1], 'day', earliest, 'quantity', string.format('%.0f', quantity))
return earliest
