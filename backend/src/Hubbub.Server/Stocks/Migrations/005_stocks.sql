-- Stocks: one market for all replicas, its ticks, what people told it, and its past as bars of five seconds.

create table market (
    -- There is one row.
    is_only boolean primary key default true check (is_only),
    -- Tells this market from that of another database in what is published: both count from 1.
    id uuid not null default gen_random_uuid(),
    seed bigint not null,
    state text not null check (state in ('Open', 'Closed')),
    -- The last tick, and when it was. Times never fall while the sequence rises.
    sequence bigint not null default 0,
    ticked_at timestamptz not null,
    -- Ticks and commands share one order, in which they are published; those up to "published" are.
    position bigint not null default 0,
    published bigint not null default 0,
    -- The bar that the last tick belongs to; the ticks up to "barred" are in stock_bars.
    bar_started_at timestamptz not null,
    barred bigint not null default 0
) with (fillfactor = 20);

create table stocks (
    symbol text primary key,
    name text not null,
    sector text not null,
    -- Where the company stands in the list.
    rank integer not null,
    -- What a new day begins with.
    first_price numeric(12, 2) not null,
    -- The largest step of a tick, in hundredths of a percent.
    volatility integer not null,
    price numeric(12, 2) not null check (price >= 0.01),
    day_open numeric(12, 2) not null,
    day_high numeric(12, 2) not null,
    day_low numeric(12, 2) not null,
    sequence bigint not null,
    ticked_at timestamptz not null
) with (fillfactor = 30);

create table market_ticks (
    sequence bigint primary key,
    position bigint not null unique,
    -- The leader's; 0 for ticks that no leader made: listing companies, and a reset before there was one.
    term bigint not null,
    ticked_at timestamptz not null,
    -- [{symbol,price,dayOpen,dayHigh,dayLow}, …] of the stocks that changed.
    prices jsonb not null
);

create table market_audit (
    position bigint primary key,
    command text not null,
    user_id uuid references users on delete set null,
    by text not null,
    at timestamptz not null default clock_timestamp(),
    replica text not null,
    -- The market's last tick when the command took effect, and its state afterwards.
    sequence bigint not null,
    state text not null
);

create table stock_bars (
    symbol text not null,
    started_at timestamptz not null,
    open numeric(12, 2) not null,
    high numeric(12, 2) not null,
    low numeric(12, 2) not null,
    close numeric(12, 2) not null,
    -- The last tick in it.
    sequence bigint not null,
    primary key (symbol, started_at)
);

create index stock_bars_started on stock_bars (started_at);

create function bar_of(p_time timestamptz) returns timestamptz language sql immutable as $$
    select date_bin(interval '5 seconds', p_time, timestamptz '2000-01-01 00:00:00+00')
$$;

-- The bars of the ticks after one.
create function tick_bars(p_after bigint)
returns table (symbol text, started_at timestamptz, open numeric, high numeric, low numeric, close numeric, sequence bigint)
language sql stable as $$
    select p.symbol, bar_of(t.ticked_at), (array_agg(p.price order by t.sequence))[1], max(p.price), min(p.price),
        (array_agg(p.price order by t.sequence desc))[1], max(t.sequence)
    from market_ticks t
    cross join lateral jsonb_to_recordset(t.prices) as p (symbol text, price numeric)
    where t.sequence > p_after
    group by p.symbol, bar_of(t.ticked_at)
$$;

-- All bars, with the one that is not complete yet.
create view all_bars as
select symbol, started_at, open, high, low, close, sequence from stock_bars
union all
select b.symbol, b.started_at, b.open, b.high, b.low, b.close, b.sequence from market m cross join lateral tick_bars(m.barred) b;

-- Counts one tick on, and stores the bars of the last five seconds if they are over. The caller holds the market's row and inserts the tick.
create function market_advance(p_at timestamptz) returns market language plpgsql as $$
declare
    v_market market;
begin
    update market set sequence = sequence + 1, position = position + 1, ticked_at = greatest(p_at, ticked_at) returning * into v_market;
    if bar_of(v_market.ticked_at) > v_market.bar_started_at then
        insert into stock_bars (symbol, started_at, open, high, low, close, sequence)
        select b.symbol, b.started_at, b.open, b.high, b.low, b.close, b.sequence from tick_bars(v_market.barred) b;
        update market set bar_started_at = bar_of(v_market.ticked_at), barred = v_market.sequence - 1;
    end if;
    return v_market;
end $$;

-- A tick of the leader. outcome: 'ticked'; 'deposed', there is a later term; 'closed'; 'moved', the tick before is not the one that the
-- leader went on from. Only 'ticked' changes anything.
create function market_tick(p_term bigint, p_sequence bigint, p_at timestamptz, p_prices jsonb)
returns table (outcome text, ticked_at timestamptz, "position" bigint, published bigint) language plpgsql as $$
#variable_conflict use_column
declare
    v_market market;
begin
    -- First of all: from here to the commit no other term can begin.
    if not holds_office('market', p_term) then
        outcome := 'deposed';
        return next;
        return;
    end if;

    select * into v_market from market for update;
    if v_market.state <> 'Open' then
        outcome := 'closed';
    elsif v_market.sequence <> p_sequence - 1 then
        outcome := 'moved';
    else
        v_market := market_advance(p_at);
        insert into market_ticks (sequence, position, term, ticked_at, prices)
        values (v_market.sequence, v_market.position, p_term, v_market.ticked_at, p_prices);
        update stocks s
        set price = p.price, day_high = p."dayHigh", day_low = p."dayLow", sequence = v_market.sequence, ticked_at = v_market.ticked_at
        from jsonb_to_recordset(p_prices) as p (symbol text, price numeric, "dayHigh" numeric, "dayLow" numeric)
        where s.symbol = p.symbol;
        perform pg_notify('hubbub_market', '');
        outcome := 'ticked';
        ticked_at := v_market.ticked_at;
        position := v_market.position;
        published := v_market.published;
    end if;

    return next;
end $$;

-- What an administrator tells the market: 'Open', 'Close' or 'Reset'. outcome: 'done'; 'unchanged', it is so already; 'market_open', which
-- a reset does not go with. The audit line is of the same transaction.
create function market_command(p_command text, p_user_id uuid, p_by text, p_replica text, p_at timestamptz)
returns table (outcome text, "position" bigint) language plpgsql as $$
#variable_conflict use_column
declare
    v_market market;
    v_state text;
begin
    select * into strict v_market from market for update;
    position := v_market.position;
    v_state := case p_command when 'Open' then 'Open' else 'Closed' end;
    if p_command = 'Reset' then
        if v_market.state = 'Open' then
            outcome := 'market_open';
            return next;
            return;
        end if;

        -- A new day, as a tick of all stocks: whoever follows the ticks follows this as well.
        v_market := market_advance(p_at);
        update stocks set price = first_price, day_open = first_price, day_high = first_price, day_low = first_price,
            sequence = v_market.sequence, ticked_at = v_market.ticked_at;
        insert into market_ticks (sequence, position, term, ticked_at, prices)
        select v_market.sequence, v_market.position, coalesce((select term from leaderships where office = 'market'), 0), v_market.ticked_at,
            jsonb_agg(jsonb_build_object('symbol', s.symbol, 'price', s.price, 'dayOpen', s.day_open, 'dayHigh', s.day_high, 'dayLow', s.day_low)
                order by s.rank, s.symbol)
        from stocks s;
    elsif v_market.state = v_state then
        outcome := 'unchanged';
        return next;
        return;
    end if;

    update market m set position = m.position + 1, state = v_state returning m.position into position;
    insert into market_audit (position, command, user_id, by, replica, sequence, state)
    values (position, p_command, p_user_id, p_by, p_replica, v_market.sequence, v_state);
    perform pg_notify('hubbub_market', '');
    outcome := 'done';
    return next;
end $$;

-- Lists the companies that are not listed yet, as a tick of theirs, and makes the market when there is none: open, so that a new board lives.
create function market_list(p_companies jsonb, p_seed bigint, p_at timestamptz) returns void language plpgsql as $$
declare
    v_market market;
    v_prices jsonb;
begin
    insert into market (seed, state, ticked_at, bar_started_at) values (p_seed, 'Open', p_at, bar_of(p_at)) on conflict do nothing;
    if not exists (
        select from jsonb_to_recordset(p_companies) as c (symbol text) where not exists (select from stocks s where s.symbol = c.symbol)) then
        return;
    end if;

    -- Of several replicas that start at once one lists them, the others find them listed.
    perform from market for update;
    with listed as (
        insert into stocks (symbol, name, sector, rank, first_price, volatility, price, day_open, day_high, day_low, sequence, ticked_at)
        select c.symbol, c.name, c.sector, c.rank, c."firstPrice", c.volatility, c."firstPrice", c."firstPrice", c."firstPrice", c."firstPrice", 0, p_at
        from jsonb_to_recordset(p_companies)
            as c (symbol text, name text, sector text, rank integer, "firstPrice" numeric, volatility integer)
        on conflict do nothing
        returning symbol, price, rank)
    select jsonb_agg(jsonb_build_object('symbol', symbol, 'price', price, 'dayOpen', price, 'dayHigh', price, 'dayLow', price) order by rank)
    into v_prices
    from listed;
    if v_prices is null then
        return;
    end if;

    v_market := market_advance(p_at);
    update stocks set sequence = v_market.sequence, ticked_at = v_market.ticked_at where sequence = 0;
    insert into market_ticks (sequence, position, term, ticked_at, prices)
    values (v_market.sequence, v_market.position, 0, v_market.ticked_at, v_prices);
    perform pg_notify('hubbub_market', '');
end $$;

-- Notes how far ticks and commands are published. Losing this commit in a crash is harmless: the backplane drops a second publication.
create function market_published(p_position bigint) returns void language plpgsql as $$
begin
    perform set_config('synchronous_commit', 'off', true);
    update market set published = p_position where published < p_position;
end $$;

-- Removes some of what is older than a time: at most so many rows of each kind, and no tick that is not published. How many rows it were.
create function market_trim(p_term bigint, p_before timestamptz, p_rows integer, p_max_ticks bigint) returns bigint language plpgsql as $$
declare
    v_ticks bigint;
    v_bars bigint;
begin
    if not holds_office('market', p_term) then
        return 0;
    end if;

    delete from market_ticks t
    using market m
    where t.sequence in (select sequence from market_ticks order by sequence limit p_rows)
        and (t.ticked_at < p_before or t.sequence <= m.sequence - p_max_ticks) and t.position <= m.published and t.sequence <= m.barred;
    get diagnostics v_ticks = row_count;
    delete from stock_bars where (symbol, started_at) in (
        select symbol, started_at from stock_bars where started_at < p_before order by started_at limit p_rows);
    get diagnostics v_bars = row_count;
    return v_ticks + v_bars;
end $$;
