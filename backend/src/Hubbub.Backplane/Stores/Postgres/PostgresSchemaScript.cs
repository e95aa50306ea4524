namespace Hubbub.Backplane.Stores.Postgres;

/// <summary>The SQL of the log. A name of a schema is put in by the caller, who has checked that it needs no quotes.</summary>
internal static class PostgresSchemaScript
{
    /// <remarks>
    /// <para>Offsets: the row of the stream is locked first, by every append, and holds the last offset given. So the order of offsets
    /// is the
    /// order of commits, a rolled back append leaves no hole, and a reader that sees offset n has all up to n.</para>
    /// <para>Epochs: a stream remembers which life of which server last wrote to it. A restart alone (another start time) changes
    /// nothing; a
    /// server that has come from a backup or a standby (another system, timeline or table) may lack records, and offsets may be given a
    /// second time: the stream gets a new epoch at the first touch.</para>
    /// <para>Sequential scans are switched off, because plans are kept from when the tables were still small.</para>
    /// </remarks>
    public static string Version1(string schema) => $"""
        do $do$ begin
          if to_regnamespace('{schema}') is null then
            create schema {schema};
          end if;
        end $do$;

        create table {schema}.version (version int not null, compatible_from int not null);
        insert into {schema}.version values (0, 0);

        -- A few rows, updated with every append: room on the page keeps updates there (no index is touched), and vacuum comes often.
        create table {schema}.streams (
          id int generated always as identity primary key,
          name text collate "C" not null unique,
          epoch text not null,
          first bigint not null,
          tail bigint not null,
          server_started timestamptz not null,
          server_life text not null
        ) with (fillfactor = 20, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_cost_delay = 0);

        create table {schema}.producers (
          stream int not null,
          producer text collate "C" not null,
          sequence bigint not null,
          seen timestamptz not null,
          primary key (stream, producer)
        ) with (fillfactor = 20, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_cost_delay = 0);

        create table {schema}.records (
          stream int not null,
          position bigint not null,
          key text collate "C",
          body bytea not null,
          primary key (stream, position)
        ) with (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.1, autovacuum_analyze_scale_factor = 0.05,
                autovacuum_vacuum_cost_delay = 0);
        create index on {schema}.records (stream, key) where key is not null;
        -- Bodies live minutes: compressing them costs more than it saves.
        alter table {schema}.records alter body set storage external;

        create function {schema}.server_life() returns text language plpgsql as $fn$
        begin
          return (select system_identifier from pg_control_system()) || '.' || left(pg_walfile_name(pg_current_wal_lsn()), 8)
            || '.' || '{schema}.streams'::regclass::oid;
        exception when others then
          -- Some hosted servers have none of these functions.
          return '{schema}.streams'::regclass::oid::text;
        end $fn$;

        create function {schema}.lock_stream(p_stream text, p_epoch text) returns {schema}.streams language plpgsql as $fn$
        declare
          s {schema}.streams;
          life text;
        begin
          select * into s from {schema}.streams where name = p_stream for no key update;
          if not found then
            insert into {schema}.streams (name, epoch, first, tail, server_started, server_life)
              values (p_stream, p_epoch, 1, 0, pg_postmaster_start_time(), {schema}.server_life())
              on conflict (name) do nothing;
            select * into strict s from {schema}.streams where name = p_stream for no key update;
          end if;
          if s.server_started <> pg_postmaster_start_time() then
            life := {schema}.server_life();
            update {schema}.streams
              set server_started = pg_postmaster_start_time(), server_life = life,
                  epoch = case when server_life = life then epoch else p_epoch end
              where id = s.id returning * into s;
          end if;
          return s;
        end $fn$;

        -- Every client that comes back asks this, so it takes the lock, and writes, only when there is something to settle.
        create function {schema}.open(p_stream text, p_epoch text, out log_epoch text, out log_first bigint, out log_tail bigint)
        language plpgsql as $fn$
        declare
          s {schema}.streams;
        begin
          select * into s from {schema}.streams where name = p_stream and server_started = pg_postmaster_start_time();
          if not found then
            s := {schema}.lock_stream(p_stream, p_epoch);
          end if;
          log_epoch := s.epoch; log_first := s.first; log_tail := s.tail;
        end $fn$;

        {AppendFunction(schema, notice: "p_stream")}

        -- The first row is the extent (tail, null, epoch, first), the others are records. No row: to be opened first.
        -- Stable, so that both queries see the same snapshot.
        create function {schema}.read(p_stream text, p_after bigint, p_max int, p_bytes bigint)
        returns table (out_position bigint, out_body bytea, out_epoch text, out_first bigint)
        language plpgsql stable set enable_seqscan = off as $fn$
        declare
          s {schema}.streams;
        begin
          select * into s from {schema}.streams where name = p_stream and server_started = pg_postmaster_start_time();
          if not found then
            return;
          end if;
          return query select s.tail, null::bytea, s.epoch, s.first;
          return query
            select t.position, t.body, null::text, null::bigint
            from (select r.position, r.body, sum(octet_length(r.body)) over (order by r.position) as bytes
                  from (select x.position, x.body from {schema}.records x
                        where x.stream = s.id and x.position > greatest(p_after, s.first - 1)
                        order by x.position limit p_max) r) t
            where t.bytes <= p_bytes or t.bytes = octet_length(t.body)
            order by t.position;
        end $fn$;

        -- Moves "first" only, so that appends wait for one small update; sweep deletes what lies below, out of their way.
        create function {schema}.trim(p_stream text, p_epoch text, p_up_to bigint, p_producer_lifetime interval) returns void
        language plpgsql as $fn$
        declare
          s {schema}.streams := {schema}.lock_stream(p_stream, p_epoch);
          new_first bigint := least(p_up_to, s.tail - 1) + 1;
        begin
          if new_first > s.first then
            update {schema}.streams set first = new_first where id = s.id;
          end if;
          delete from {schema}.producers where stream = s.id and seen < now() - p_producer_lifetime;
        end $fn$;

        -- Returns 1 when there is more to delete.
        create function {schema}.sweep(p_stream text, p_limit int) returns int
        language plpgsql set enable_seqscan = off as $fn$
        declare
          s {schema}.streams;
          oldest bigint;
        begin
          select * into s from {schema}.streams where name = p_stream;
          select position into oldest from {schema}.records where stream = s.id order by position limit 1;
          delete from {schema}.records
            where stream = s.id and position >= oldest and position < least(s.first, oldest + p_limit);
          return case when oldest + p_limit < s.first then 1 else 0 end;
        end $fn$;

        create function {schema}.replace_epoch(p_stream text, p_epoch text, p_expected text,
          out log_epoch text, out log_first bigint, out log_tail bigint)
        language plpgsql as $fn$
        declare
          s {schema}.streams := {schema}.lock_stream(p_stream, p_epoch);
        begin
          if s.epoch = p_expected then
            update {schema}.streams set epoch = p_epoch where id = s.id returning * into s;
          end if;
          log_epoch := s.epoch; log_first := s.first; log_tail := s.tail;
        end $fn$;
        """;

    /// <remarks>A notice tells the tail too, so that a reader that is there already need not ask.</remarks>
    public static string Version2(string schema) => AppendFunction(schema, notice: "log_tail || ' ' || p_stream");

    /// <remarks>An append may be for one epoch only. Replicas of the version before call the function as it was, for any.</remarks>
    public static string Version3(string schema) => $"""
        {AppendFunction(schema, notice: "log_tail || ' ' || p_stream", parameters: "p_keys text[], p_expected text", isRefused: "p_expected <> '' and p_expected <> s.epoch")}

        create or replace function {schema}.append(p_stream text, p_epoch text, p_producer text, p_sequence bigint, p_bodies bytea[], p_keys text[],
          out log_epoch text, out log_first bigint, out log_tail bigint)
        language plpgsql as $fn$
        begin
          select a.log_epoch, a.log_first, a.log_tail into log_epoch, log_first, log_tail
            from {schema}.append(p_stream, p_epoch, p_producer, p_sequence, p_bodies, p_keys, '') a;
        end $fn$;
        """;

    private static string AppendFunction(string schema, string notice, string parameters = "p_keys text[]", string isRefused = "false") => $"""
        create or replace function {schema}.append(p_stream text, p_epoch text, p_producer text, p_sequence bigint, p_bodies bytea[], {parameters},
          out log_epoch text, out log_first bigint, out log_tail bigint)
        language plpgsql set enable_seqscan = off set enable_hashjoin = off as $fn$
        declare
          s {schema}.streams := {schema}.lock_stream(p_stream, p_epoch);
          last_sequence bigint;
          added bigint;
        begin
          log_epoch := s.epoch; log_first := s.first; log_tail := s.tail;
          select p.sequence into last_sequence from {schema}.producers p where p.stream = s.id and p.producer = p_producer;
          if last_sequence >= p_sequence or {isRefused} then
            return;
          end if;

          if p_keys is null then
            insert into {schema}.records (stream, position, body)
              select s.id, s.tail + b.nr, b.body from unnest(p_bodies) with ordinality b (body, nr);
          else
            -- Records below "first" are trimmed, whether or not they are deleted yet.
            insert into {schema}.records (stream, position, key, body)
              select s.id, s.tail + row_number() over (order by b.nr), b.key, b.body
              from (select u.*, row_number() over (partition by u.key order by u.nr) as time_in_batch
                    from unnest(p_bodies, p_keys) with ordinality u (body, key, nr)) b
              where b.key is null
                or (b.time_in_batch = 1
                    and (select r.position from {schema}.records r
                         where r.stream = s.id and r.key = b.key and r.position >= s.first limit 1) is null);
          end if;
          get diagnostics added = row_count;

          insert into {schema}.producers as p (stream, producer, sequence, seen) values (s.id, p_producer, p_sequence, now())
            on conflict (stream, producer) do update set sequence = excluded.sequence, seen = excluded.seen;
          if added > 0 then
            log_tail := s.tail + added;
            update {schema}.streams set tail = log_tail where id = s.id;
            perform pg_notify('{schema}', {notice});
          end if;
        end $fn$;
        """;
}
