-- Accounts: people, their roles, and where they are signed in.

create table users (
    id uuid primary key,
    user_name text not null check (user_name ~ '^[A-Za-z0-9._-]{3,32}$'),
    password_hash text,
    security_stamp text not null,
    concurrency_stamp text not null,
    failed_sign_ins integer not null default 0,
    locked_until timestamptz,
    created_at timestamptz not null default now()
);

-- Collation "C": the letters are ASCII, and no database's locale shall have an opinion on i and I.
create unique index users_name on users (lower(user_name collate "C"));

create table user_roles (
    user_id uuid not null references users on delete cascade,
    role text not null,
    primary key (user_id, role)
);

-- A session is what refresh tokens call a family: everything that came from signing in once. A token is the family's secret, which
-- stays, and the turn's secret, which is replaced; only their SHA-256 is here.
create table sessions (
    id uuid primary key,
    user_id uuid not null references users on delete cascade,
    family_hash bytea not null unique,
    turn_hash bytea not null,
    -- The turn before, and the salt that made the present one of it: see refresh-tokens.md in docs/decisions.
    previous_hash bytea,
    turn_salt bytea,
    turned_at timestamptz not null default now(),
    created_at timestamptz not null default now(),
    expires_at timestamptz not null
);

create index sessions_user on sessions (user_id, created_at);
create index sessions_expiry on sessions (expires_at);

-- What all replicas share and no source or configuration has to hold.
create table shared_secrets (
    name text primary key,
    value bytea not null
);
