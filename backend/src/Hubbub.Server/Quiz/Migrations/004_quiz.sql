-- Quiz: questions, what was answered, the counters that make the statistics, and who tells them.

create table quiz_questions (
    id uuid primary key,
    title text not null check (char_length(title) between 1 and 300),
    -- The title as it is compared and searched: upper case, invisible characters removed, white space folded.
    title_key text not null,
    category text not null check (char_length(category) between 1 and 40),
    explanation text not null check (char_length(explanation) <= 600),
    -- Of whoever wrote it, if that was said: it goes out again with an export.
    license text not null default '',
    attribution text not null default '',
    revision integer not null default 1,
    -- A retired question is not asked any more. Its answers stay, and so does it.
    retired_at timestamptz
);

-- By digest, because a long title is more than an index takes.
create unique index quiz_questions_title on quiz_questions (md5(title_key)) where retired_at is null;
create index quiz_questions_order on quiz_questions (category collate "C", (left(title_key, 100)) collate "C", id) where retired_at is null;

create table quiz_options (
    -- Random, not by time: the right option is often the first one that was made.
    id uuid primary key,
    question_id uuid not null references quiz_questions on delete cascade,
    title text not null check (char_length(title) between 1 and 120),
    is_correct boolean not null,
    -- As administrators see them; null for an option that is not offered any more, but may have been chosen.
    position smallint
);

create index quiz_options_question on quiz_options (question_id);
create unique index quiz_options_right on quiz_options (question_id) where is_correct and position is not null;

-- The questions of shipped packs that this database has had: each comes once, and what became of it afterwards is the administrators' affair.
create table quiz_shipped_questions (
    content_key text primary key
);

create table quiz_answers (
    id bigint generated always as identity primary key,
    user_id uuid not null references users,
    question_id uuid not null references quiz_questions,
    option_id uuid not null references quiz_options,
    -- As things were at that moment: questions are edited later, what was counted is not.
    is_correct boolean not null,
    correct_option_id uuid not null,
    category text not null,
    answered_at timestamptz not null,
    client_answer_id text,
    unique (user_id, client_answer_id)
);

-- The counters. Each is changed in the transaction that stores the answers, and never counted again.
-- One row. Its version rises with every answer. Whoever takes answers locks it first, so that batches of the whole cluster go one after
-- the other, no order of locks has to be kept among all the rows below, and the order of versions is the order of commits.
create table quiz_totals (
    is_only boolean primary key default true check (is_only),
    version bigint not null default 0,
    correct bigint not null default 0,
    incorrect bigint not null default 0,
    users bigint not null default 0
) with (fillfactor = 20);

create table quiz_category_totals (
    category text primary key,
    correct bigint not null,
    incorrect bigint not null,
    users bigint not null
) with (fillfactor = 50);

create table quiz_question_totals (
    question_id uuid primary key references quiz_questions,
    correct bigint not null,
    incorrect bigint not null,
    -- The version of its latest answer. No two questions have the same.
    moved_version bigint not null
) with (fillfactor = 50);

create index quiz_question_totals_moved on quiz_question_totals (moved_version);

create table quiz_minutes (
    minute timestamptz not null,
    category text not null,
    correct bigint not null,
    incorrect bigint not null,
    primary key (minute, category)
) with (fillfactor = 50);

-- How often each person has answered each question: what "seen least" goes by.
create table quiz_user_questions (
    user_id uuid not null references users,
    question_id uuid not null references quiz_questions,
    answers bigint not null,
    primary key (user_id, question_id)
);

-- Who has answered at all, and in which category: what the averages divide by.
create table quiz_players (
    user_id uuid primary key references users
);

create table quiz_category_players (
    category text not null,
    user_id uuid not null references users,
    primary key (category, user_id)
);

-- One row: what everybody has been told, and who is about to tell more.
create table quiz_publication (
    is_only boolean primary key default true check (is_only),
    -- Everything up to this version has been told.
    version bigint not null default 0,
    -- The highest version that stood in an update. Higher than the one above while questions that did not fit are still to be told.
    shown_version bigint not null default 0,
    claim uuid,
    claimed_until timestamptz,
    next_at timestamptz not null default '-infinity'
) with (fillfactor = 20);

insert into quiz_totals default values;
insert into quiz_publication default values;

-- Takes answers. No two of them may have the same user and client answer id.
-- outcome: 'taken', 'repeated' (that id has been used for the same answer: this is its result), 'answer_id_used' (for another one),
-- 'question_not_found' or 'option_not_found'.
create function take_answers(p_users uuid[], p_questions uuid[], p_options uuid[], p_client_ids text[])
returns table (place bigint, outcome text, is_correct boolean, correct_option_id uuid, explanation text)
language plpgsql as $$
#variable_conflict use_column
declare
    v_version bigint;
    v_now timestamptz;
begin
    select t.version into v_version from quiz_totals t for no key update;
    v_now := clock_timestamp();

    -- A statement of its own, so that it sees all that was committed before the lock was ours.
    return query
    with asked as (
        select * from unnest(p_users, p_questions, p_options, p_client_ids)
            with ordinality as a (user_id, question_id, option_id, client_answer_id, place)),
    judged as (
        select a.place, a.user_id, a.question_id, a.option_id, a.client_answer_id, q.category,
            case
                when e.question_id = a.question_id and e.option_id = a.option_id then 'repeated'
                when e.question_id is not null then 'answer_id_used'
                when q.id is null then 'question_not_found'
                when o.id is null then 'option_not_found'
                else 'taken'
            end as outcome,
            coalesce(e.is_correct, o.is_correct) as is_correct,
            coalesce(e.correct_option_id, r.id) as correct_option_id,
            k.explanation
        from asked a
        left join quiz_questions k on k.id = a.question_id
        left join quiz_questions q on q.id = k.id and q.retired_at is null
        left join quiz_options o on o.id = a.option_id and o.question_id = q.id and o.position is not null
        left join quiz_options r on r.question_id = q.id and r.is_correct and r.position is not null
        left join quiz_answers e on e.user_id = a.user_id and e.client_answer_id = a.client_answer_id),
    taken as (
        select j.*, v_version + row_number() over (order by j.place) as version from judged j where j.outcome = 'taken'),
    stored as (
        insert into quiz_answers (user_id, question_id, option_id, is_correct, correct_option_id, category, answered_at, client_answer_id)
        select t.user_id, t.question_id, t.option_id, t.is_correct, t.correct_option_id, t.category, v_now, t.client_answer_id
        from taken t order by t.version),
    seen as (
        insert into quiz_user_questions as s (user_id, question_id, answers)
        select t.user_id, t.question_id, count(*) from taken t group by t.user_id, t.question_id
        on conflict (user_id, question_id) do update set answers = s.answers + excluded.answers),
    new_players as (
        insert into quiz_players (user_id) select distinct t.user_id from taken t
        on conflict do nothing
        returning user_id),
    new_category_players as (
        insert into quiz_category_players (category, user_id) select distinct t.category, t.user_id from taken t
        on conflict do nothing
        returning category),
    by_question as (
        insert into quiz_question_totals as s (question_id, correct, incorrect, moved_version)
        select t.question_id, count(*) filter (where t.is_correct), count(*) filter (where not t.is_correct), max(t.version)
        from taken t group by t.question_id
        on conflict (question_id) do update
        set correct = s.correct + excluded.correct, incorrect = s.incorrect + excluded.incorrect, moved_version = excluded.moved_version),
    by_category as (
        insert into quiz_category_totals as s (category, correct, incorrect, users)
        select t.category, count(*) filter (where t.is_correct), count(*) filter (where not t.is_correct),
            (select count(*) from new_category_players n where n.category = t.category)
        from taken t group by t.category
        on conflict (category) do update
        set correct = s.correct + excluded.correct, incorrect = s.incorrect + excluded.incorrect, users = s.users + excluded.users),
    by_minute as (
        insert into quiz_minutes as s (minute, category, correct, incorrect)
        select date_trunc('minute', v_now, 'UTC'), t.category,
            count(*) filter (where t.is_correct), count(*) filter (where not t.is_correct)
        from taken t group by t.category
        on conflict (minute, category) do update
        set correct = s.correct + excluded.correct, incorrect = s.incorrect + excluded.incorrect),
    total as (
        update quiz_totals s
        set version = s.version + n.answers, correct = s.correct + n.correct, incorrect = s.incorrect + n.answers - n.correct,
            users = s.users + n.users
        from (
            select count(*) as answers, count(*) filter (where t.is_correct) as correct, (select count(*) from new_players) as users
            from taken t) n
        where n.answers > 0)
    select j.place, j.outcome, j.is_correct, j.correct_option_id, j.explanation from judged j;
end $$;

-- Asks for the right to tell everybody the newest statistics. outcome: 'claimed' (for p_hold; what moved after version "after" is to be
-- told), 'wait' (for so long: somebody else tells, or has told just now) or 'nothing' (is left to tell).
create function claim_statistics(p_claim uuid, p_hold interval)
returns table (outcome text, wait interval, after bigint)
language plpgsql as $$
#variable_conflict use_column
declare
    v_publication quiz_publication;
    v_now timestamptz;
begin
    -- Most calls end here, and take no lock for it.
    if not exists (select from quiz_publication p, quiz_totals t where p.version < t.version) then
        return query select 'nothing', interval '0', null::bigint;
        return;
    end if;

    select * into v_publication from quiz_publication p for no key update;
    v_now := clock_timestamp();
    if not exists (select from quiz_totals t where v_publication.version < t.version) then
        return query select 'nothing', interval '0', null::bigint;
    elsif v_publication.claimed_until > v_now or v_publication.next_at > v_now then
        return query select 'wait', greatest(v_publication.claimed_until, v_publication.next_at) - v_now, null::bigint;
    else
        update quiz_publication p set claim = p_claim, claimed_until = v_now + p_hold;
        return query select 'claimed', interval '0', v_publication.version;
    end if;
end $$;

-- Notes that everybody has been told: an update that showed version p_shown, and all that moved up to p_up_to.
create function statistics_told(p_claim uuid, p_after bigint, p_up_to bigint, p_shown bigint, p_pause interval) returns void
language plpgsql as $$
begin
    -- The pause begins when the update is in the log, so that two are never closer to each other than this.
    update quiz_publication
    set version = p_up_to, shown_version = greatest(shown_version, p_shown), claim = null, claimed_until = null,
        next_at = clock_timestamp() + p_pause
    where claim = p_claim;
    if not found then
        -- The claim ran out under a replica that was slow. Somebody else may have told newer numbers before these old ones, or be about to;
        -- so whatever is under way does not count, and the present state is told once more, behind both.
        update quiz_publication
        set version = least(version, p_after), claim = null, claimed_until = null, next_at = clock_timestamp() + p_pause;
    end if;
end $$;
