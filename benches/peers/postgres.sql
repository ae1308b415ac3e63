-- What a team would write that keeps its stock in PostgreSQL: one row an entry, one index, two functions.
-- Quantities are millionths, days count from the snapshot's as_of, as in the engine.

CREATE TABLE account (
  item text NOT NULL,
  location text NOT NULL,
  PRIMARY KEY (item, location)
);

CREATE TABLE entry (
  item text NOT NULL,
  location text NOT NULL,
  day int NOT NULL,
  quantity bigint NOT NULL
);

CREATE TABLE promise (
  promise bigserial PRIMARY KEY,
  item text NOT NULL,
  location text NOT NULL,
  day int NOT NULL,
  quantity bigint NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Available on a day: the least balance from that day on. Earliest: the first day at or after it with enough.
CREATE FUNCTION check_atp(p_item text, p_location text, p_quantity bigint, p_day int,
                          OUT available bigint, OUT earliest int)
LANGUAGE plpgsql STABLE AS $$
BEGIN
  WITH balance AS (
    SELECT e.day, sum(sum(e.quantity)) OVER (ORDER BY e.day) AS cum
    FROM entry e WHERE e.item = p_item AND e.location = p_location GROUP BY e.day
  ), ahead AS (
    SELECT b.day, greatest(min(b.cum) OVER (ORDER BY b.day DESC), 0)::bigint AS low FROM balance b
  )
  SELECT coalesce(max(a.low) FILTER (WHERE a.day <= p_day), 0),
         min(a.day) FILTER (WHERE a.day > p_day AND a.low >= p_quantity)
  INTO available, earliest FROM ahead a;
  IF available >= p_quantity THEN
    earliest := p_day;
  END IF;
END $$;

-- Check and commit under a lock on the account's row; the day promised, or nothing.
CREATE FUNCTION promise_atp(p_item text, p_location text, p_quantity bigint, p_day int) RETURNS int
LANGUAGE plpgsql AS $$
DECLARE
  promised int;
BEGIN
  PERFORM 1 FROM account a WHERE a.item = p_item AND a.location = p_location FOR UPDATE;
  SELECT c.earliest INTO promised FROM check_atp(p_item, p_location, p_quantity, p_day) c;
  IF promised IS NOT NULL THEN
    INSERT INTO promise (item, location, day, quantity) VALUES (p_item, p_location, promised, p_quantity);
    INSERT INTO entry VALUES (p_item, p_location, promised, -p_quantity);
  END IF;
  RETURN promised;
END $$;
