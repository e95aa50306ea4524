-- Cluster: which replicas live, and who is connected to them. All times are the database's, no replica's clock counts.

create table replicas (
    -- One lease: a replica that loses its lease comes back under a new id, so an ended lease never lives again.
    id uuid primary key,
    name text not null,
    url text not null,
    version text not null,
    started_at timestamptz not null,
    lease_until timestamptz not null,
    -- It is stopping: its connections still count, but nobody should choose it any more.
    is_leaving boolean not null default false
);

create table connections (
    connection_id text primary key,
    -- Without cascade: no connection may vanish without somebody being told of it.
    replica_id uuid not null references replicas,
    hub text not null,
    user_id uuid not null,
    since timestamptz not null default now()
);

create index connections_replica on connections (replica_id);
create index connections_user on connections (user_id);

-- The connections of replicas that are alive.
create view live_connections as
select c.connection_id, c.replica_id, c.hub, c.user_id, c.since
from connections c
join replicas r on r.id = c.replica_id
where r.lease_until > now();

-- Where pages may have come from. A page outlives the replica that served it and then calls another one.
create table replica_origins (
    origin text primary key,
    last_seen timestamptz not null default now()
);
