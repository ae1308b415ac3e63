-- KEYS[i]: accounts, packed as day, net, day, net, .. by day; ARGV: quantity in units and day, each account.
-- Answers "available,earliest" for each, in millionths and days; -1 for never.
local answers = {}
for at = 1, #KEYS do
  local packed = redis.call('GET', KEYS[at])
  local entries = packed and cmsgpack.unpack(packed) or {}
  local quantity = (tonumber(ARGV[2 * at - 1]) - 1) % 40 * 1000000 + 1000000
  local day = tonumber(ARGV[2 * at]) % 60
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
  answers[at] = string.format('%.0f,%d', available, earliest)
end
return answers
