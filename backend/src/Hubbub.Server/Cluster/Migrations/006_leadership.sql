-- Leadership: who of the replicas does what only one of them may do. All times are the database's.

create table leaderships (
    office text primary key,
    -- Rises with each taking of office: the number that fences what a leader writes.
    term bigint not null default 0,
    replica text not null default '',
    -- The server process of the leader's connection, for people who look into the database.
    pid integer not null default 0,
    renewed_at timestamptz not null default '-infinity'
) with (fillfactor = 50);

-- Whether a term is still the latest. Until the end of the transaction nobody can take office: what the transaction writes is written in that
-- term. Renewing does not conflict with the lock, taking office does.
create function holds_office(p_office text, p_term bigint) returns boolean language plpgsql as $$
begin
    perform from leaderships where office = p_office and term = p_term for key share;
    return found;
end $$;

-- One attempt to take an office: the new term, or null. The advisory lock belongs to the caller's session, so an office is free as soon as the
-- leader's connection ends. A leader that is frozen, or cut off without a word, keeps its connection: once its lease has run out the
-- connection is ended here. All this is one statement, so a candidate that freezes in the middle holds nobody up.
create function take_office(p_office text, p_replica text, p_lease interval) returns bigint language plpgsql as $$
declare
    v_key bigint := hashtextextended('office:' || p_office, 0);
    v_has_lock boolean := pg_try_advisory_lock(v_key);
    v_term bigint;
begin
    -- The usual case, without a lock on the row: somebody else leads and lives.
    if not v_has_lock and exists (
        select from leaderships where office = p_office and renewed_at > clock_timestamp() - p_lease) then
        return null;
    end if;

    insert into leaderships (office) values (p_office) on conflict do nothing;
    perform from leaderships where office = p_office for update skip locked;
    if not found then
        -- Another candidate is at it, or the last leader's last write.
        if v_has_lock then
            perform pg_advisory_unlock(v_key);
        end if;
        return null;
    end if;

    if not v_has_lock then
        -- Another candidate may have taken office before the row was ours.
        if exists (select from leaderships where office = p_office and renewed_at > clock_timestamp() - p_lease) then
            return null;
        end if;

        perform pg_terminate_backend(l.pid)
        from pg_locks l
        where l.locktype = 'advisory' and l.granted and l.objsubid = 1 and l.pid <> pg_backend_pid()
            and l.database = (select d.oid from pg_database d where d.datname = current_database())
            and ((l.classid::bigint << 32) | l.objid::bigint) = v_key;
        for i in 1..50 loop
            v_has_lock := pg_try_advisory_lock(v_key);
            exit when v_has_lock;
            perform pg_sleep(0.01);
        end loop;
        if not v_has_lock then
            return null;
        end if;
    end if;

    update leaderships set term = term + 1, replica = p_replica, pid = pg_backend_pid(), renewed_at = clock_timestamp()
    where office = p_office
    returning term into v_term;
    return v_term;
end $$;
