-- Chat: rooms, who is in them, what was said, and what still has to be told to the replicas.

create table rooms (
    id uuid primary key,
    name text not null check (char_length(name) between 1 and 60),
    -- The name as it is compared: upper case, compatibility forms folded, invisible characters removed.
    name_key text not null,
    is_private boolean not null,
    created_at timestamptz not null default now(),
    created_by uuid references users on delete set null,
    -- The creator's own id for it, so that a repeated request finds the room that the first one made.
    client_room_id text,
    -- Both are kept by triggers and functions below, so that a list of rooms costs the same however much was said in them.
    member_count bigint not null default 0,
    last_seq bigint not null default 0,
    last_message_at timestamptz,
    unique (created_by, client_room_id)
) with (fillfactor = 60);

create unique index rooms_public_name on rooms (name_key) where not is_private;

create table room_members (
    room_id uuid not null references rooms on delete cascade,
    user_id uuid not null references users on delete cascade,
    joined_at timestamptz not null default now(),
    -- The seq of the last message read, and how many messages after it are the member's own. With them the number of unread
    -- messages is a subtraction: rooms.last_seq - read_seq - own_after_read.
    read_seq bigint not null,
    own_after_read bigint not null default 0,
    primary key (room_id, user_id)
) with (fillfactor = 60);

create index room_members_user on room_members (user_id);

create table messages (
    room_id uuid not null references rooms on delete cascade,
    seq bigint not null,
    id uuid not null unique,
    user_id uuid not null references users on delete cascade,
    text text not null,
    sent_at timestamptz not null,
    client_message_id text not null,
    replica text not null,
    primary key (room_id, seq),
    unique (user_id, client_message_id)
);

-- A row waits here from the moment its message is stored until the backplane has it.
create table message_outbox (
    room_id uuid not null,
    seq bigint not null,
    retry_at timestamptz not null default now() + interval '2 seconds',
    primary key (room_id, seq),
    foreign key (room_id, seq) references messages on delete cascade
);

create index message_outbox_retry on message_outbox (retry_at);

-- The same for memberships: a row says that this person's membership changed and that connections and people have to hear of it.
create table membership_outbox (
    id bigint generated always as identity primary key,
    room_id uuid not null references rooms on delete cascade,
    user_id uuid not null references users on delete cascade,
    is_new_room boolean not null default false,
    retry_at timestamptz not null default now() + interval '2 seconds'
);

create index membership_outbox_whose on membership_outbox (room_id, user_id);
create index membership_outbox_retry on membership_outbox (retry_at);

-- What people were last told about somebody. Whether it is still so is decided by the live connections.
create table presence (
    user_id uuid primary key references users on delete cascade,
    is_online boolean not null,
    version bigint not null
);

create index presence_online on presence (user_id) where is_online;

-- Who is in the chat right now, on any living replica.
create view chat_connections as
select connection_id, user_id from live_connections where hub = 'chatHub';

create view message_view as
select m.id, m.room_id, m.seq, m.user_id, u.user_name, m.text, m.sent_at, m.client_message_id, m.replica
from messages m
join users u on u.id = m.user_id;

create function count_members() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        update rooms set member_count = member_count + 1 where id = new.room_id;
    else
        update rooms set member_count = member_count - 1 where id = old.room_id;
    end if;
    return null;
end $$;

create trigger room_members_count after insert or delete on room_members for each row execute function count_members();

-- Stores a message, or finds the one that the same client message id made before.
-- outcome: 'stored', 'repeated', 'not_a_member' or 'room_not_found'. is_waiting: the message is still to be published.
-- has_earlier: so is one before it in the room, which has to be published first.
create function send_message(p_id uuid, p_room_id uuid, p_user_id uuid, p_text text, p_client_message_id text, p_replica text)
returns table (
    outcome text, is_waiting boolean, has_earlier boolean,
    id uuid, room_id uuid, seq bigint, user_id uuid, user_name text, text text, sent_at timestamptz, client_message_id text, replica text)
language plpgsql as $$
#variable_conflict use_column
declare
    v_is_member boolean;
    v_outcome text := 'repeated';
    v_id uuid;
    v_seq bigint;
    v_sent_at timestamptz;
begin
    -- The lock makes sends of one person into one room wait for each other, so that of two equal ones the second finds the first,
    -- and it keeps the membership from ending in the middle.
    perform from room_members m where m.room_id = p_room_id and m.user_id = p_user_id for no key update;
    v_is_member := found;

    select m.id into v_id from messages m where m.user_id = p_user_id and m.client_message_id = p_client_message_id;
    if not found then
        if not v_is_member then
            outcome := case when exists (select from rooms r where r.id = p_room_id and not r.is_private)
                then 'not_a_member' else 'room_not_found' end;
            return next;
            return;
        end if;

        -- Updating the counter row inside the transaction makes the order of seq the order of commits: no reader ever sees a number
        -- before the numbers below it. Times of a room rise with it, whatever the clocks do.
        update rooms r set last_seq = r.last_seq + 1, last_message_at = greatest(clock_timestamp(), r.last_message_at)
        where r.id = p_room_id returning r.last_seq, r.last_message_at into v_seq, v_sent_at;

        insert into messages (room_id, seq, id, user_id, text, sent_at, client_message_id, replica)
        values (p_room_id, v_seq, p_id, p_user_id, p_text, v_sent_at, p_client_message_id, p_replica);
        insert into message_outbox (room_id, seq) values (p_room_id, v_seq);
        update room_members m set own_after_read = m.own_after_read + 1 where m.room_id = p_room_id and m.user_id = p_user_id;
        v_outcome := 'stored';
        v_id := p_id;
    end if;

    return query
    select v_outcome,
        exists (select from message_outbox o where o.room_id = v.room_id and o.seq = v.seq),
        exists (select from message_outbox o where o.room_id = v.room_id and o.seq < v.seq),
        v.id, v.room_id, v.seq, v.user_id, v.user_name, v.text, v.sent_at, v.client_message_id, v.replica
    from message_view v
    where v.id = v_id;
end $$;

-- Forgets the waiting messages of a room up to a seq. Losing this commit in a crash is harmless, the backplane drops the second
-- publication, so it does not wait for the disk.
create function messages_published(p_room_id uuid, p_up_to bigint) returns void language plpgsql as $$
begin
    perform set_config('synchronous_commit', 'off', true);
    delete from message_outbox where room_id = p_room_id and seq <= p_up_to;
end $$;

-- Makes somebody a member and notes that it has to be told: 'joined', 'already_member' or 'too_many_rooms'.
create function add_member(p_room_id uuid, p_user_id uuid, p_is_new_room boolean) returns text language plpgsql as $$
begin
    -- Each of somebody's rooms costs something with each of their connections. Two at once may exceed the limit by one.
    if (select count(*) from room_members where user_id = p_user_id) >= 1000
        and not exists (select from room_members where room_id = p_room_id and user_id = p_user_id) then
        return 'too_many_rooms';
    end if;

    insert into room_members (room_id, user_id, read_seq)
    select id, p_user_id, last_seq from rooms where id = p_room_id
    on conflict do nothing;
    if not found then
        return 'already_member';
    end if;

    insert into membership_outbox (room_id, user_id, is_new_room) values (p_room_id, p_user_id, p_is_new_room);
    return 'joined';
end $$;

-- Makes a room with its creator in it. outcome: 'joined', 'already_member' (the creator has used the client room id before: this is the
-- room that it made), 'name_taken' or 'too_many_rooms'.
create function create_room(p_id uuid, p_name text, p_name_key text, p_is_private boolean, p_user_id uuid, p_client_room_id text)
returns table (outcome text, id uuid) language plpgsql as $$
#variable_conflict use_column
begin
    select r.id into id from rooms r where r.created_by = p_user_id and r.client_room_id = p_client_room_id;
    if found then
        outcome := 'already_member';
        return next;
        return;
    end if;

    insert into rooms (id, name, name_key, is_private, created_by, client_room_id)
    values (p_id, p_name, normalize(p_name_key, nfkc), p_is_private, p_user_id, p_client_room_id)
    on conflict do nothing;
    if found then
        outcome := add_member(p_id, p_user_id, true);
        id := p_id;
        if outcome = 'too_many_rooms' then
            delete from rooms r where r.id = p_id;
        end if;

        return next;
        return;
    end if;

    -- Lost against the same request at the same moment, or against another room of that name.
    select r.id into id from rooms r where r.created_by = p_user_id and r.client_room_id = p_client_room_id;
    outcome := case when found then 'already_member' else 'name_taken' end;
    return next;
end $$;

-- Whether a membership has changed and not been told yet.
create function is_unsettled(p_room_id uuid, p_user_id uuid) returns boolean language sql stable as $$
    select exists (select from membership_outbox where room_id = p_room_id and user_id = p_user_id)
$$;

-- 'joined' (now, or before and it is still to be told), 'already_member', 'too_many_rooms' or 'room_not_found'
create function join_room(p_room_id uuid, p_user_id uuid) returns text language plpgsql as $$
begin
    if exists (select from room_members where room_id = p_room_id and user_id = p_user_id) then
        return case when is_unsettled(p_room_id, p_user_id) then 'joined' else 'already_member' end;
    end if;
    if not exists (select from rooms where id = p_room_id and not is_private) then
        return 'room_not_found';
    end if;

    return add_member(p_room_id, p_user_id, false);
end $$;

-- 'left' (now, or before and it is still to be told), 'not_a_member' or 'room_not_found'
create function leave_room(p_room_id uuid, p_user_id uuid) returns text language plpgsql as $$
begin
    delete from room_members where room_id = p_room_id and user_id = p_user_id;
    if found then
        insert into membership_outbox (room_id, user_id) values (p_room_id, p_user_id);
        return 'left';
    end if;
    if is_unsettled(p_room_id, p_user_id) then
        return 'left';
    end if;

    return case when exists (select from rooms where id = p_room_id and not is_private) then 'not_a_member' else 'room_not_found' end;
end $$;

-- Lets somebody into a private room: 'joined', 'already_member', 'too_many_rooms', 'room_not_found', 'not_private' or 'user_not_found'.
create function let_in(p_room_id uuid, p_by uuid, p_user_id uuid) returns text language plpgsql as $$
declare
    v_is_private boolean;
begin
    select r.is_private into v_is_private from rooms r where r.id = p_room_id;
    if not found or (v_is_private and not exists (select from room_members where room_id = p_room_id and user_id = p_by)) then
        return 'room_not_found';
    elsif not v_is_private then
        return 'not_private';
    elsif p_user_id is null then
        return 'user_not_found';
    end if;

    return add_member(p_room_id, p_user_id, false);
end $$;

-- Moves a read mark forward. outcome: 'moved', 'unmoved', 'message_not_found', 'not_a_member' or 'room_not_found'.
create function mark_read(p_room_id uuid, p_user_id uuid, p_message_id uuid)
returns table (outcome text, seq bigint, unread bigint)
language plpgsql as $$
#variable_conflict use_column
declare
    v_member room_members;
    v_seq bigint;
    v_last_seq bigint;
    v_own bigint;
begin
    -- No message of the member's own can come in while this lock is held, so what is counted below stays true.
    select * into v_member from room_members m where m.room_id = p_room_id and m.user_id = p_user_id for no key update;
    if not found then
        outcome := case when exists (select from rooms r where r.id = p_room_id and not r.is_private)
            then 'not_a_member' else 'room_not_found' end;
        return next;
        return;
    end if;

    select m.seq into v_seq from messages m where m.id = p_message_id and m.room_id = p_room_id;
    if not found then
        outcome := 'message_not_found';
        return next;
        return;
    end if;

    select r.last_seq into v_last_seq from rooms r where r.id = p_room_id;
    if v_seq <= v_member.read_seq then
        return query select 'unmoved', v_member.read_seq, v_last_seq - v_member.read_seq - v_member.own_after_read;
        return;
    end if;

    -- Each message is counted over at most once in the life of a mark; a jump to the end counts nothing.
    if v_seq = v_last_seq then
        v_own := 0;
    else
        v_own := v_member.own_after_read - (
            select count(*) from messages m
            where m.room_id = p_room_id and m.seq > v_member.read_seq and m.seq <= v_seq and m.user_id = p_user_id);
    end if;

    update room_members m set read_seq = v_seq, own_after_read = v_own where m.room_id = p_room_id and m.user_id = p_user_id;
    return query select 'moved', v_seq, v_last_seq - v_seq - v_own;
end $$;

-- The room that everybody starts in. An account enters it when it is made, and is told to others when it first comes online.
insert into rooms (id, name, name_key, is_private) values ('00000000-0000-7000-8000-00000000b0b0', 'lobby', 'LOBBY', false);
insert into room_members (room_id, user_id, read_seq) select '00000000-0000-7000-8000-00000000b0b0', id, 0 from users;
